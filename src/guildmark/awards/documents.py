"""What the organization says in public: credentials, achievements and its DID document.

A credential names its holder in plain words, because a certificate without a name is of no use
to the person who keeps it; it is given to the holder alone, who decides who sees it. The email
address is only there as a salted hash: whoever knows the address can check it, nobody can read
it. Personnel number, scores, answers, notes and evidence files never enter the document.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from guildmark import credentials
from guildmark.achievements.models import AchievementVersion, AttestedSkill
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.awards import addresses
from guildmark.awards.models import Award, IssuerProfile
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from guildmark.credentials.model import openbadges
from guildmark.credentials.model.reading import Json
from guildmark.credentials.status.bitstring import status_entry
from guildmark.organizations.models import Organization

TEST = "Online test"
PRACTICAL = "Observed practical assessment"
# `reading` takes these sentences apart again, to say them in the reader's language.
TEST_PASSED = "Passed on {day} with a pass mark of {mark} %."
PRACTICAL_PASSED = "Passed on {day} before an authorized assessor."


def build_credential(award: Award, *, profile: IssuerProfile, credential_id: uuid.UUID) -> Json:
    """The Open Badges 3.0 credential of an award, not yet signed.

    Raises the library's ModelError for what the standard does not allow.
    """
    version = award.version
    prefetch_related_objects(
        [version], "skills__skill__framework", "skills__skill__alignments", "skills__level"
    )
    return openbadges.OpenBadgeCredential(
        id=addresses.credential_urn(credential_id),
        name=version.name,
        issuer=_issuer(profile),
        valid_from=award.awarded_at,
        valid_until=award.valid_until,
        awarded_date=award.awarded_at,
        subject=openbadges.AchievementSubject(
            identifier=list(_identities(award)),
            achievement=_achievement(version, profile),
            result=list(_results(award)),
        ),
        evidence=list(_evidence(award)),
        credential_status=[
            status_entry(
                list_url=entry.status_list.url,
                purpose=entry.status_list.purpose,
                index=entry.index,
            )
            for entry in award.status_entries.select_related("status_list").order_by(
                "status_list__purpose"
            )
        ],
    ).to_document()


def achievement_document(version: AchievementVersion, profile: IssuerProfile) -> Json:
    """An achievement version on its own, in the terms of Open Badges 3.0.

    Reads `version.skills` with skill, framework, alignments and level: prefetch them for many.
    """
    described = _achievement(version, profile).to_document()
    return {"@context": [CREDENTIALS_V2, OPEN_BADGES_3], **described}


def did_document(profile: IssuerProfile) -> Json:
    """The DID document with every key the issuer has had.

    Retired keys stay under `assertionMethod` as well: verifiers accept a proof only by a key
    that is listed for its purpose, and what was signed before the rotation must stay provable.
    """
    return credentials.did_document(
        profile.did,
        [
            credentials.VerificationMethod(
                id=key.verification_method,
                controller=profile.did,
                public_key=credentials.PublicKey.from_multikey(key.public_key_multibase),
            )
            for key in profile.keys.order_by("-valid_from")
        ],
    )


def _issuer(profile: IssuerProfile) -> openbadges.Profile:
    return openbadges.Profile(
        id=profile.did,
        name=profile.name,
        url=profile.url or None,
        description=profile.description or None,
    )


def _achievement(version: AchievementVersion, profile: IssuerProfile) -> openbadges.Achievement:
    url = addresses.achievement_url(version.id)
    attested = list(version.skills.all())
    return openbadges.Achievement(
        id=url,
        name=version.name,
        description=version.description,
        criteria=openbadges.Criteria(narrative=version.criteria),
        creator=_issuer(profile),
        human_code=version.achievement.code,
        version=str(version.number),
        in_language=version.language,
        field_of_study=version.area or None,
        alignment=[part for skill in attested for part in _alignments(skill)],
        result_description=[
            *(_skill_result_description(url, skill) for skill in attested),
            *_assessment_result_descriptions(url, version),
        ],
    )


def _identities(award: Award) -> Iterable[openbadges.IdentityObject]:
    person = award.person
    yield openbadges.IdentityObject.plain(identity_type="name", value=person.name)
    if person.email:
        yield openbadges.IdentityObject.hidden(
            identity_type="emailAddress", value=person.email.strip().lower()
        )


def _alignments(attested: AttestedSkill) -> Iterable[openbadges.Alignment]:
    skill = attested.skill
    yield openbadges.Alignment(
        target_name=skill.label,
        target_url=skill.identifier,
        target_framework=skill.framework.title,
        target_description=_level_name(attested),
        target_code=skill.code or None,
    )
    for other in skill.alignments.all():
        yield openbadges.Alignment(
            target_name=other.target_label,
            target_url=other.target_identifier,
            target_framework=other.target_framework,
        )


def _skill_result_id(achievement_id: str, attested: AttestedSkill) -> str:
    return f"{achievement_id}#skill-{attested.skill_id}"


def _level_id(achievement_id: str, attested: AttestedSkill) -> str:
    return f"{_skill_result_id(achievement_id, attested)}-level-{attested.level.rank}"


def _level_name(attested: AttestedSkill) -> str:
    return f"{attested.level.code} · {attested.level.label}"


def _skill_result_description(
    achievement_id: str, attested: AttestedSkill
) -> openbadges.ResultDescription:
    level = attested.level
    return openbadges.ResultDescription(
        id=_skill_result_id(achievement_id, attested),
        name=attested.skill.label,
        result_type="RubricCriterionLevel",
        required_level=_level_id(achievement_id, attested),
        rubric_criterion_level=[
            openbadges.RubricCriterionLevel(
                id=_level_id(achievement_id, attested),
                name=_level_name(attested),
                level=str(level.rank),
                description=level.descriptor or None,
            )
        ],
    )


def _assessment_result_descriptions(
    achievement_id: str, version: AchievementVersion
) -> Iterable[openbadges.ResultDescription]:
    if version.needs_test:
        yield _status_description(f"{achievement_id}#test", TEST)
    if version.needs_practical:
        yield _status_description(f"{achievement_id}#practical", PRACTICAL)


def _status_description(identifier: str, name: str) -> openbadges.ResultDescription:
    return openbadges.ResultDescription(
        id=identifier, name=name, result_type="Status", required_value="Completed"
    )


def _results(award: Award) -> Iterable[openbadges.Result]:
    # That it was passed, not with how many points: the score stays with those it concerns.
    url = addresses.achievement_url(award.version_id)
    for attested in award.version.skills.all():
        yield openbadges.Result(
            result_description=_skill_result_id(url, attested),
            achieved_level=_level_id(url, attested),
        )
    if award.decision.attempt_id and award.version.needs_test:
        yield openbadges.Result(result_description=f"{url}#test", status="Completed")
    if award.decision.practical_id and award.version.needs_practical:
        yield openbadges.Result(result_description=f"{url}#practical", status="Completed")


def _evidence(award: Award) -> Iterable[openbadges.Evidence]:
    decision = award.decision
    if decision.attempt is not None:
        yield _test_evidence(award.organization, decision.attempt)
    if decision.practical is not None:
        yield _practical_evidence(award.organization, decision.practical)


def _test_evidence(owner: Organization, attempt: Attempt) -> openbadges.Evidence:
    day = owner.day_of(attempt.submitted_at).isoformat() if attempt.submitted_at else ""
    return openbadges.Evidence(
        name=TEST,
        narrative=TEST_PASSED.format(day=day, mark=attempt.test.cut_score_percent),
    )


def _practical_evidence(owner: Organization, practical: PracticalAssessment) -> openbadges.Evidence:
    day = owner.day_of(practical.submitted_at).isoformat() if practical.submitted_at else ""
    return openbadges.Evidence(
        name=PRACTICAL,
        narrative=PRACTICAL_PASSED.format(day=day),
        description=practical.rubric.task,
    )
