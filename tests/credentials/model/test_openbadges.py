"""Badges that write themselves: in the specification's terms, and only what others can read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from guildmark.credentials import ModelError, add_proof, canonicalize, read_json, verify
from guildmark.credentials.model import clr
from guildmark.credentials.model import credential as vc
from guildmark.credentials.model import openbadges as ob
from guildmark.credentials.status import bitstring
from tests.credentials import strategies
from tests.credentials.builders import DID, LIST_URL, NOW, Documents, signer

URL = "https://works.example/a/1"
SRI = "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"
RUBRIC = ob.ResultDescription(
    id=f"{URL}#skill",
    name="Robot cell entry",
    result_type="RubricCriterionLevel",
    required_level=f"{URL}#level-2",
    rubric_criterion_level=[
        ob.RubricCriterionLevel(id=f"{URL}#level-1", name="Helped", level="1"),
        ob.RubricCriterionLevel(id=f"{URL}#level-2", name="Alone", level="2", points="10"),
    ],
)
STATUS = ob.ResultDescription(id=f"{URL}#test", name="Online test", result_type="Status")
ISSUER = ob.Profile(id=DID, name="Works", url="https://works.example", email="b@works.example")


def achievement(**changes: Any) -> ob.Achievement:
    """An achievement with every kind of part."""
    return ob.Achievement(
        **{
            "id": URL,
            "name": "Robot cell entry and restart",
            "description": "Enter safely, clear a jam, restart.",
            "criteria": ob.Criteria(narrative="Clears a jam in a secured cell."),
            "achievement_type": "MicroCredential",
            "creator": ISSUER,
            "alignment": [
                ob.Alignment(
                    target_name="operate robots",
                    target_url="http://data.europa.eu/esco/skill/1",
                    target_framework="ESCO",
                    target_type="CFItem",
                )
            ],
            "tags": ["robotics", "safety"],
            "credits_available": 1.5,
            "in_language": "de-AT",
            "version": "2",
            "image": ob.Image(id="data:image/svg+xml;base64,PHN2Zy8+", caption="Badge"),
            "result_description": [RUBRIC, STATUS],
            **changes,
        }
    )


def subject(**changes: Any) -> ob.AchievementSubject:
    """A subject with both kinds of identity and of result."""
    return ob.AchievementSubject(
        **{
            "achievement": achievement(),
            "identifier": [
                ob.IdentityObject.plain(identity_type="name", value="Łukasz Öztürk"),
                ob.IdentityObject.hidden(identity_type="emailAddress", value="l@works.example"),
            ],
            "result": [
                ob.Result(result_description=RUBRIC.id, achieved_level=f"{URL}#level-2"),
                ob.Result(result_description=STATUS.id, status="Completed"),
            ],
            "activity_start_date": NOW,
            **changes,
        }
    )


def credential(**changes: Any) -> ob.OpenBadgeCredential:
    """A whole badge."""
    return ob.OpenBadgeCredential(
        **{
            "id": "urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f",
            "name": "Robot cell entry and restart",
            "issuer": ISSUER,
            "subject": subject(),
            "valid_from": NOW - dt.timedelta(days=1),
            "valid_until": NOW + dt.timedelta(days=700),
            "awarded_date": NOW - dt.timedelta(days=1),
            "evidence": [ob.Evidence(name="Notes", narrative="Seen in cell R7.", genre="Note")],
            "credential_status": [
                bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=7)
            ],
            **changes,
        }
    )


def test_a_full_badge_is_signed_and_verified() -> None:
    document = credential().to_document()
    assert list(document)[:4] == ["@context", "id", "type", "issuer"]
    assert document["validFrom"] == "2026-05-31T12:00:00Z"
    made = document["credentialSubject"]["achievement"]
    assert made["type"] == ["Achievement"]
    assert made["tag"] == ["robotics", "safety"]
    assert made["resultDescription"][0]["rubricCriterionLevel"][1]["points"] == "10"
    assert document["credentialSubject"]["identifier"][0]["type"] == "IdentityObject"
    signed = add_proof(document, signer=signer(), created=NOW)
    assert verify(signed, resolver=Documents(), now=NOW).verified is True


def test_what_is_not_set_is_not_written() -> None:
    document = credential(evidence=(), valid_until=None, credential_status=()).to_document()
    assert not document.keys() & {"evidence", "validUntil", "credentialStatus", "description"}
    assert "contexts" not in document
    assert "types" not in document


def test_extra_members_are_kept() -> None:
    extra = {"humanName": "x"}
    assert ob.Evidence(name="n", extra=extra).to_document()["humanName"] == "x"
    schema = {"id": "https://x.example/s.json", "type": "1EdTechJsonSchemaValidator2019"}
    document = credential(
        extra={"credentialSchema": [schema]},
        contexts=["https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
    ).to_document()
    assert "x.example/s.json" in canonicalize(document)
    with pytest.raises(ModelError, match="set the field"):
        ob.Evidence(name="n", extra={"name": "other"}).to_document()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: achievement(id="relative/path"), "id"),
        (lambda: achievement(name="  "), "name"),
        (lambda: achievement(achievement_type="Medal"), "achievement_type"),
        (lambda: achievement(in_language="German"), "in_language"),
        (lambda: achievement(credits_available=-1), "credits_available"),
        (lambda: achievement(credits_available=1e-7), "credits_available"),
        (lambda: achievement(credits_available=float("nan")), "credits_available"),
        (ob.Criteria, "narrative"),
        (lambda: ob.Alignment(target_name="n", target_url="works"), "target_url"),
        (lambda: ob.Alignment(target_name="n", target_url=URL, target_type="X"), "target_type"),
        (lambda: ob.ResultDescription(id=URL, name="n", result_type="X"), "result_type"),
        (
            lambda: ob.ResultDescription(
                id=URL, name="n", result_type="RubricCriterion", required_level=URL
            ),
            "required_level",
        ),
        (
            lambda: ob.ResultDescription(
                id=URL, name="n", result_type="Result", allowed_value=["A"], required_value="B"
            ),
            "required_value",
        ),
        (lambda: ob.Result(status="ext:Done"), "status"),
        (lambda: ob.IdentityObject.plain(identity_type="shoeSize", value="42"), "identity_type"),
        (lambda: subject(identifier=()), "identifier"),
        (
            lambda: subject(result=[ob.Result(result_description="urn:x:1")]),
            "result.result_description",
        ),
        (
            lambda: subject(
                result=[ob.Result(result_description=RUBRIC.id, achieved_level="urn:x:1")]
            ),
            "result.achieved_level",
        ),
        (lambda: subject(result=[ob.Result(result_description=STATUS.id)]), "result.status"),
        (lambda: credential(valid_until=NOW - dt.timedelta(days=2)), "valid_until"),
        (lambda: credential(valid_from=NOW.replace(tzinfo=None)), "valid_from"),
        (lambda: credential(valid_from=None), "valid_from"),
    ],
)
def test_wrong_values_are_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.field == field
    assert caught.value.mend in str(caught.value)


def test_own_terms_begin_with_ext() -> None:
    assert achievement(achievement_type="ext:Authorization").achievement_type


def test_the_specifications_example_of_an_identity_hash() -> None:
    # Open Badges 3.0, IdentityHash: 'a@example.com' salted with 'Kosher'.
    expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert ob.identity_hash("a@example.com", "Kosher") == expected


def test_identities_match_only_their_value() -> None:
    hidden = ob.IdentityObject.hidden(identity_type="emailAddress", value="a@b.example")
    plain = ob.IdentityObject.plain(identity_type="name", value="Ann")
    assert ob.identity_matches(hidden.to_document(), "a@b.example")
    assert not ob.identity_matches(hidden.to_document(), "c@b.example")
    assert not ob.identity_matches(hidden.to_document(), hidden.identity_hash)
    assert ob.identity_matches(plain.to_document(), "Ann")
    for odd in ({}, {"identityHash": 4}, {"hashed": True, "identityHash": "x", "salt": 4}):
        assert not ob.identity_matches(odd, "x")


@strategies.whole
@given(strategies.documents())
def test_everything_built_has_a_meaning_and_is_its_own_reading(document: dict[str, Any]) -> None:
    assert canonicalize(document)
    assert read_json(json.dumps(document)) == document


def test_endorsements_are_embedded_as_they_were_signed() -> None:
    endorsement = ob.EndorsementCredential(
        id="urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e30",
        name="A good badge",
        issuer=ISSUER,
        valid_from=NOW - dt.timedelta(days=1),
        subject=ob.EndorsementSubject(id=URL, endorsement_comment="We ask for it ourselves."),
    )
    signed = add_proof(endorsement.to_document(), signer=signer(), created=NOW)
    badge = credential(subject=subject(achievement=achievement(endorsement=[signed])))
    document = badge.to_document()
    assert document["credentialSubject"]["achievement"]["endorsement"] == [signed]
    assert verify(signed, resolver=Documents(), now=NOW).verified is True
    made = add_proof(document, signer=signer(), created=NOW)
    assert verify(made, resolver=Documents(), now=NOW).verified is True


def test_a_badge_of_3_0_1_is_written_after_version_1_1() -> None:
    badge = credential(
        version="3.0.1",
        subject=subject(achievement=achievement(in_language=None)),
        credential_status=(),
    )
    document = badge.to_document()
    assert document["@context"][0] == "https://www.w3.org/2018/credentials/v1"
    assert document["issuanceDate"] == "2026-05-31T12:00:00Z"
    assert not document.keys() & {"validFrom", "validUntil", "version"}
    assert canonicalize(document)


def test_a_learner_record_is_signed_and_verified() -> None:
    badge = add_proof(credential().to_document(), signer=signer(), created=NOW)
    record = clr.ClrCredential(
        id="urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e31",
        name="Record of Ann",
        issuer=ISSUER,
        valid_from=NOW - dt.timedelta(days=1),
        partial=True,
        subject=clr.ClrSubject(
            id="did:example:ann",
            verifiable_credential=[badge],
            achievement=[achievement()],
            association=[
                clr.Association(association_type="isPartOf", source_id=badge["id"], target_id=URL)
            ],
        ),
    )
    made = add_proof(record.to_document(), signer=signer(), created=NOW)
    assert made["credentialSubject"]["verifiableCredential"] == [badge]
    assert verify(made, resolver=Documents(), now=NOW).verified is True


def test_a_presentation_holds_credentials_as_they_are() -> None:
    badge = add_proof(credential().to_document(), signer=signer(), created=NOW)
    document = vc.VerifiablePresentation(
        holder="did:example:ann", verifiable_credential=[badge]
    ).to_document()
    assert document["type"] == ["VerifiablePresentation"]
    assert document["verifiableCredential"] == [badge]
    assert canonicalize(document)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ob.GeoCoordinates(latitude=91, longitude=0), "latitude"),
        (lambda: ob.Address(address_country_code="Austria"), "address_country_code"),
        (lambda: ob.IdentifierEntry(identifier="x", identifier_type="shoe"), "identifier_type"),
        (lambda: ob.Profile(id=DID, email="nobody"), "email"),
        (lambda: ob.Profile(id=DID, endorsement_jwt=["a.b"]), "endorsement_jwt"),
        (lambda: ob.Related(id=URL, in_language="German"), "in_language"),
        (lambda: achievement(achievement_type="ext:a b"), "achievement_type"),
        (lambda: credential(version="3.0.4"), "version"),
        (lambda: credential(version="3.0.1", name=None), "name"),
        (lambda: credential(version="3.0.2"), "awarded_date"),
        (lambda: credential(version="3.0.2", awarded_date=None), "in_language"),
        (lambda: credential(name=vc.LanguageValue(value="n", language="en")), "name"),
        (lambda: vc.LanguageValue(value="n", direction="up"), "direction"),
        (lambda: vc.RelatedResource(id=URL), "digest_sri"),
        (
            lambda: vc.VerifiableCredential(
                issuer=DID,
                subject={"id": DID},
                related_resource=[{"id": URL}, vc.RelatedResource(id=URL, digest_sri=SRI)],
            ),
            "related_resource",
        ),
        (lambda: vc.VerifiableCredential(issuer="works", subject={"id": DID}), "issuer"),
        (lambda: vc.VerifiableCredential(issuer=DID, subject=[]), "subject"),
        (lambda: clr.ClrSubject(id=DID, verifiable_credential=[]), "verifiable_credential"),
        (
            lambda: clr.Association(association_type="likes", source_id=URL, target_id=URL),
            "association_type",
        ),
    ],
)
def test_wrong_values_of_other_parts_are_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(ModelError) as caught:
        make()
    assert caught.value.field == field
