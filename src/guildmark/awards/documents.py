"""What the organization says in public: credentials, achievements and its DID document.

A credential names its holder in plain words, because a certificate without a name is of no use
to the person who keeps it; it is given to the holder alone, who decides who sees it. The email
address is only there as a salted hash: whoever knows the address can check it, nobody can read
it. Personnel number, scores, answers, notes and evidence files never enter the document.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from guildmark import credentials
from guildmark.achievements.models import AchievementVersion, AttestedSkill
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.awards import addresses
from guildmark.awards.models import Award, IssuerProfile
from guildmark.awards.signing import timestamp
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from guildmark.credentials.model.reading import Json
from guildmark.credentials.status.bitstring import status_entry
from guildmark.organizations.models import Organization

CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES_3]


def build_credential(award: Award, *, profile: IssuerProfile, credential_id: uuid.UUID) -> Json:
    """The Open Badges 3.0 credential of an award, not yet signed."""
    version = award.version
    prefetch_related_objects(
        [version], "skills__skill__framework", "skills__skill__alignments", "skills__level"
    )
    document: Json = {
        "@context": CONTEXTS,
        "id": addresses.credential_urn(credential_id),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": version.name,
        "issuer": issuer(profile),
        "validFrom": timestamp(award.awarded_at),
        "awardedDate": timestamp(award.awarded_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identities(award),
            "achievement": achievement(version, profile),
            "result": list(_results(award)),
        },
        "evidence": list(_evidence(award)),
        "credentialStatus": [
            status_entry(
                list_url=entry.status_list.url,
                purpose=entry.status_list.purpose,
                index=entry.index,
            )
            for entry in award.status_entries.select_related("status_list").order_by(
                "status_list__purpose"
            )
        ],
    }
    if award.valid_until is not None:
        document["validUntil"] = timestamp(award.valid_until)
    return document


def issuer(profile: IssuerProfile) -> Json:
    """The issuer as credentials and achievements carry it."""
    described: Json = {"id": profile.did, "type": ["Profile"], "name": profile.name}
    if profile.url:
        described["url"] = profile.url
    if profile.description:
        described["description"] = profile.description
    return described


def achievement(version: AchievementVersion, profile: IssuerProfile) -> Json:
    """An achievement version in the terms of Open Badges 3.0.

    Reads `version.skills` with skill, framework, alignments and level: prefetch them for many.
    """
    url = addresses.achievement_url(version.id)
    attested = list(version.skills.all())
    described: Json = {
        "id": url,
        "type": ["Achievement"],
        "name": version.name,
        "description": version.description,
        "criteria": {"narrative": version.criteria},
        "creator": issuer(profile),
        "humanCode": version.achievement.code,
        "version": str(version.number),
        "inLanguage": version.language,
        "alignment": [part for skill in attested for part in _alignments(skill)],
        "resultDescription": [
            *(_skill_result_description(url, skill) for skill in attested),
            *_assessment_result_descriptions(url, version),
        ],
    }
    if version.area:
        described["fieldOfStudy"] = version.area
    return described


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
                public_key_multibase=key.public_key_multibase,
            )
            for key in profile.keys.order_by("-valid_from")
        ],
    )


def identity_hash(value: str, salt: str) -> str:
    """The hash of an identity as Open Badges 3.0 writes it: SHA-256 over the value and the salt."""
    return "sha256$" + hashlib.sha256((value + salt).encode()).hexdigest()


def _identities(award: Award) -> list[Json]:
    person = award.person
    named: list[Json] = [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": person.name,
            "identityType": "name",
        }
    ]
    if person.email:
        salt = secrets.token_hex(16)
        named.append(
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": identity_hash(person.email.strip().lower(), salt),
                "identityType": "emailAddress",
                "salt": salt,
            }
        )
    return named


def _alignments(attested: AttestedSkill) -> Iterable[Json]:
    skill, level = attested.skill, attested.level
    yield {
        "type": ["Alignment"],
        "targetName": skill.label,
        "targetUrl": skill.identifier,
        "targetFramework": skill.framework.title,
        "targetDescription": f"{level.code} · {level.label}",
        **({"targetCode": skill.code} if skill.code else {}),
    }
    for other in skill.alignments.all():
        yield {
            "type": ["Alignment"],
            "targetName": other.target_label,
            "targetUrl": other.target_identifier,
            "targetFramework": other.target_framework,
        }


def _skill_result_id(achievement_id: str, attested: AttestedSkill) -> str:
    return f"{achievement_id}#skill-{attested.skill_id}"


def _level_id(achievement_id: str, attested: AttestedSkill) -> str:
    return f"{_skill_result_id(achievement_id, attested)}-level-{attested.level.rank}"


def _skill_result_description(achievement_id: str, attested: AttestedSkill) -> Json:
    level = attested.level
    return {
        "id": _skill_result_id(achievement_id, attested),
        "type": ["ResultDescription"],
        "name": attested.skill.label,
        "resultType": "RubricCriterionLevel",
        "requiredLevel": _level_id(achievement_id, attested),
        "rubricCriterionLevel": [
            {
                "id": _level_id(achievement_id, attested),
                "type": ["RubricCriterionLevel"],
                "name": f"{level.code} · {level.label}",
                "level": str(level.rank),
                **({"description": level.descriptor} if level.descriptor else {}),
            }
        ],
    }


def _assessment_result_descriptions(
    achievement_id: str, version: AchievementVersion
) -> Iterable[Json]:
    if version.needs_test:
        yield _status_description(f"{achievement_id}#test", "Online test")
    if version.needs_practical:
        yield _status_description(f"{achievement_id}#practical", "Observed practical assessment")


def _status_description(identifier: str, name: str) -> Json:
    return {
        "id": identifier,
        "type": ["ResultDescription"],
        "name": name,
        "resultType": "Status",
        "requiredValue": "Completed",
    }


def _results(award: Award) -> Iterable[Json]:
    # That it was passed, not with how many points: the score stays with those it concerns.
    url = addresses.achievement_url(award.version_id)
    for attested in award.version.skills.all():
        yield {
            "type": ["Result"],
            "resultDescription": _skill_result_id(url, attested),
            "achievedLevel": _level_id(url, attested),
        }
    if award.decision.attempt_id:
        yield {"type": ["Result"], "resultDescription": f"{url}#test", "status": "Completed"}
    if award.decision.practical_id:
        yield {"type": ["Result"], "resultDescription": f"{url}#practical", "status": "Completed"}


def _evidence(award: Award) -> Iterable[Json]:
    decision = award.decision
    if decision.attempt is not None:
        yield _test_evidence(award.organization, decision.attempt)
    if decision.practical is not None:
        yield _practical_evidence(award.organization, decision.practical)


def _test_evidence(owner: Organization, attempt: Attempt) -> Json:
    day = owner.day_of(attempt.submitted_at).isoformat() if attempt.submitted_at else ""
    return {
        "type": ["Evidence"],
        "name": "Online test",
        "narrative": f"Passed on {day} with a pass mark of {attempt.test.cut_score_percent} %.",
    }


def _practical_evidence(owner: Organization, practical: PracticalAssessment) -> Json:
    day = owner.day_of(practical.submitted_at).isoformat() if practical.submitted_at else ""
    return {
        "type": ["Evidence"],
        "name": "Observed practical assessment",
        "narrative": f"Passed on {day} before an authorized assessor.",
        "description": practical.rubric.task,
    }
