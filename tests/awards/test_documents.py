"""The document of a credential, member by member."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.conf import settings

from guildmark.achievements.models import AssessmentType
from guildmark.awards.documents import build_credential
from guildmark.awards.models import Award, IssuerProfile
from guildmark.credentials.model.openbadges import identity_hash
from guildmark.organizations.models import Role
from guildmark.skills.models import SkillAlignment
from tests.support import awards, factories

pytestmark = pytest.mark.django_db
PASSED = dt.datetime(2026, 11, 24, 9, 30, 15, 700, tzinfo=dt.UTC)


def award_with_everything() -> tuple[Award, IssuerProfile]:
    owner = factories.organization(name="Norvale Works")
    profile = awards.issuer(owner)
    profile.url, profile.description = "https://works.example/about", "Makes pumps."
    profile.save()
    version = awards.version(owner, name="Cell restart", area="Automation", language="de-AT")
    attested = version.skills.get()
    skill, level = attested.skill, attested.level
    skill.label, skill.code = "Restarting cells", "SK-7"
    skill.identifier = "https://works.example/skills/7"
    skill.save()
    level.descriptor = "Works alone and helps others."
    level.save()
    skill.alignments.all().delete()
    SkillAlignment.objects.create(
        skill=skill,
        match="exact",
        target_identifier="https://frameworks.example/other",
        target_label="Restart robot cells",
        target_framework="Other framework",
    )
    person = factories.person(
        owner, given_name="Asha", family_name="Nowak", email=" Asha@Works.example"
    )
    awards.passed(version, person, at=PASSED)
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    world = awards.World(organization=owner, lead=lead, worker=lead, version=version)
    award = world.decide(person=person).award
    assert award is not None
    return award, profile


def expected(award: Award, profile: IssuerProfile, identifier: uuid.UUID, salt: str) -> Any:
    url = f"{settings.PUBLIC_URL}/a/{award.version_id}"
    skill = award.version.skills.get().skill
    skill_result = f"{url}#skill-{skill.id}"
    issuer = {
        "id": profile.did,
        "type": ["Profile"],
        "name": "Norvale Works",
        "url": "https://works.example/about",
        "description": "Makes pumps.",
    }
    assert award.valid_until is not None
    revocation, suspension = award.status_entries.select_related("status_list").order_by(
        "status_list__purpose"
    )
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:uuid:{identifier}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Cell restart",
        "issuer": issuer,
        "validFrom": f"{award.awarded_at:%Y-%m-%dT%H:%M:%SZ}",
        "awardedDate": f"{award.awarded_at:%Y-%m-%dT%H:%M:%SZ}",
        "validUntil": f"{award.valid_until:%Y-%m-%dT%H:%M:%SZ}",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Asha Nowak",
                    "identityType": "name",
                },
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": identity_hash("asha@works.example", salt),
                    "identityType": "emailAddress",
                    "salt": salt,
                },
            ],
            "achievement": {
                "id": url,
                "type": ["Achievement"],
                "name": "Cell restart",
                "description": "Enters and restarts a robot cell safely.",
                "criteria": {"narrative": "Locks out, checks, restarts without help."},
                "creator": issuer,
                "humanCode": award.version.achievement.code,
                "version": "1",
                "inLanguage": "de-AT",
                "fieldOfStudy": "Automation",
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "Restarting cells",
                        "targetUrl": "https://works.example/skills/7",
                        "targetFramework": "Own skills",
                        "targetDescription": "U · expert",
                        "targetCode": "SK-7",
                    },
                    {
                        "type": ["Alignment"],
                        "targetName": "Restart robot cells",
                        "targetUrl": "https://frameworks.example/other",
                        "targetFramework": "Other framework",
                    },
                ],
                "resultDescription": [
                    {
                        "id": skill_result,
                        "type": ["ResultDescription"],
                        "name": "Restarting cells",
                        "resultType": "RubricCriterionLevel",
                        "requiredLevel": f"{skill_result}-level-3",
                        "rubricCriterionLevel": [
                            {
                                "id": f"{skill_result}-level-3",
                                "type": ["RubricCriterionLevel"],
                                "name": "U · expert",
                                "level": "3",
                                "description": "Works alone and helps others.",
                            }
                        ],
                    },
                    {
                        "id": f"{url}#test",
                        "type": ["ResultDescription"],
                        "name": "Online test",
                        "resultType": "Status",
                        "requiredValue": "Completed",
                    },
                    {
                        "id": f"{url}#practical",
                        "type": ["ResultDescription"],
                        "name": "Observed practical assessment",
                        "resultType": "Status",
                        "requiredValue": "Completed",
                    },
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": skill_result,
                    "achievedLevel": f"{skill_result}-level-3",
                },
                {
                    "type": ["Result"],
                    "resultDescription": f"{url}#test",
                    "status": "Completed",
                },
                {
                    "type": ["Result"],
                    "resultDescription": f"{url}#practical",
                    "status": "Completed",
                },
            ],
        },
        "evidence": [
            {
                "type": ["Evidence"],
                "name": "Online test",
                "narrative": "Passed on 2026-11-24 with a pass mark of 70 %.",
            },
            {
                "type": ["Evidence"],
                "name": "Observed practical assessment",
                "narrative": "Passed on 2026-11-24 before an authorized assessor.",
                "description": "Restart the cell.",
            },
        ],
        "credentialStatus": [
            {
                "id": f"{entry.status_list.url}#{entry.index}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": entry.status_list.purpose,
                "statusListIndex": str(entry.index),
                "statusListCredential": entry.status_list.url,
            }
            for entry in (revocation, suspension)
        ],
    }


def test_a_credential_with_every_member() -> None:
    award, profile = award_with_everything()
    identifier = uuid.uuid4()
    document = build_credential(award, profile=profile, credential_id=identifier)
    salt = document["credentialSubject"]["identifier"][1]["salt"]
    assert len(salt) == 32
    assert document == expected(award, profile, identifier, salt)


def test_what_is_not_known_is_left_out() -> None:
    award, profile = award_with_everything()
    profile.url = profile.description = ""
    award.valid_until, award.person.email = None, ""
    award.version.area = ""
    skill = award.version.skills.get().skill
    skill.code = ""
    skill.save()
    level = award.version.skills.get().level
    level.descriptor = ""
    level.save()
    document = build_credential(award, profile=profile, credential_id=uuid.uuid4())
    assert set(document["issuer"]) == {"id", "type", "name"}
    assert "validUntil" not in document
    subject = document["credentialSubject"]
    assert [one["identityType"] for one in subject["identifier"]] == ["name"]
    assert "fieldOfStudy" not in subject["achievement"]
    assert "targetCode" not in subject["achievement"]["alignment"][0]
    described = subject["achievement"]["resultDescription"][0]
    assert "description" not in described["rubricCriterionLevel"][0]


def test_a_practical_that_the_version_does_not_ask_for_is_no_result() -> None:
    owner = factories.organization()
    profile = awards.issuer(owner)
    version = awards.version(owner, assessment_type=AssessmentType.TEST)
    person = factories.person(owner)
    awards.passed(version, person)
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    world = awards.World(organization=owner, lead=lead, worker=lead, version=version)
    award = world.decide(person=person).award
    assert award is not None
    document = build_credential(award, profile=profile, credential_id=uuid.uuid4())
    results = document["credentialSubject"]["result"]
    assert [one.get("status") for one in results] == [None, "Completed"]
