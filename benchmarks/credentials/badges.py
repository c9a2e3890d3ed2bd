"""The two badges that everybody in the comparison signs and verifies."""

from __future__ import annotations

from typing import Any

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
WORKS = "https://norvale.example"


def small(number: int, issuer: str) -> dict[str, Any]:
    """A full badge of about 2.3 kB and 60 statements; `number` makes it one of many."""
    return _badge(number, issuer, evidence=1, alignments=1, levels=0, narrative=1)


def large(number: int, issuer: str) -> dict[str, Any]:
    """A full badge of about 3.7 kB, 100 statements and 9 unnamed nodes."""
    return _badge(number, issuer, evidence=2, alignments=3, levels=3, narrative=2)


def _badge(
    number: int, issuer: str, *, evidence: int, alignments: int, levels: int, narrative: int
) -> dict[str, Any]:
    achievement = f"{WORKS}/achievements/robot-cell-restart/versions/3"
    described: list[dict[str, Any]] = [
        {
            "id": f"{achievement}#test",
            "type": ["ResultDescription"],
            "name": "Online test",
            "resultType": "Percent",
            "valueMin": "0",
            "valueMax": "100",
            "requiredValue": "80",
        }
    ]
    results: list[dict[str, Any]] = [
        {
            "type": ["Result"],
            "resultDescription": f"{achievement}#test",
            "value": str(80 + number % 20),
        }
    ]
    if levels:
        described.append(
            {
                "id": f"{achievement}#practical",
                "type": ["ResultDescription"],
                "name": "Observed restart",
                "resultType": "RubricCriterionLevel",
                "requiredLevel": f"{achievement}#level-2",
                "rubricCriterionLevel": [
                    {
                        "id": f"{achievement}#level-{level}",
                        "type": ["RubricCriterionLevel"],
                        "name": ("with help", "alone", "teaches others")[level - 1],
                        "level": str(level),
                        "points": str(5 * level),
                    }
                    for level in range(1, levels + 1)
                ],
            }
        )
        results.append(
            {
                "type": ["Result"],
                "resultDescription": f"{achievement}#practical",
                "achievedLevel": f"{achievement}#level-{1 + number % levels}",
            }
        )
    return {
        "@context": CONTEXT,
        "id": f"{WORKS}/credentials/{number:08d}-6d3a-4a7e-9b52-1f0a5c1d2e3f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Robot cell: enter, clear and restart",
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": "Norvale Works",
            "url": WORKS,
            "email": "training@norvale.example",
        },
        "validFrom": "2026-05-04T08:00:00Z",
        "validUntil": "2029-05-04T08:00:00Z",
        "credentialSubject": {
            "id": f"urn:uuid:{number:08d}-1d2e-4f3a-8b4c-5d6e7f8a9b0c",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256${number:064x}",
                    "identityType": "emailAddress",
                    "salt": f"{number:032x}",
                }
            ],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "name": "Robot cell: enter, clear and restart",
                "description": "Enters a secured cell, clears a jam and restarts the line alone.",
                "achievementType": "MicroCredential",
                "criteria": {
                    "narrative": "Passes the online test and clears a jam in a secured cell, "
                    "observed by an assessor. " * narrative
                },
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": f"Robotics skill {place}",
                        "targetUrl": f"{WORKS}/frameworks/automation/skills/{place}",
                        "targetCode": f"AUT-{place:02d}",
                        "targetFramework": "Automation starter framework",
                        "targetType": "ceasn:Competency",
                    }
                    for place in range(1, alignments + 1)
                ],
                "resultDescription": described,
            },
            "result": results,
        },
        "evidence": [
            {
                "id": f"{WORKS}/evidence/{number:08d}/{place}",
                "type": ["Evidence"],
                "name": f"Assessor's notes {place}",
                "narrative": f"Cell R7, order {number}: locked out, cleared, restarted in 4 min.",
                "genre": "Observation",
            }
            for place in range(1, evidence + 1)
        ],
        "credentialStatus": {
            "id": f"{WORKS}/status/1#{number}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(number),
            "statusListCredential": f"{WORKS}/status/1",
        },
    }
