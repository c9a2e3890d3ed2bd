"""The schemas: what is built meets them, and every deviation is told with its place."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import UnreadableError, read_json
from guildmark.credentials.model import openbadges as ob
from guildmark.credentials.schemas.validation import MAX_PROBLEMS, bundled, class_of, validate
from tests.credentials import strategies
from tests.credentials.builders import badge

OLD = "https://www.w3.org/2018/credentials/v1"


@strategies.whole
@given(strategies.open_badges(jwt=True, endorsed=True, versions=tuple(ob.VERSIONS)))
def test_every_badge_built_meets_the_schema(value: ob.OpenBadgeCredential) -> None:
    document = value.to_document()
    # What it embeds follows version 2.0, which a schema of version 1.1 does not expect.
    if value.version != "3.0.1":
        assert validate(document) == []


@strategies.whole
@given(strategies.open_badges(versions=("3.0.1",)))
def test_every_badge_of_version_1_1_meets_its_schema(value: ob.OpenBadgeCredential) -> None:
    document = value.to_document()
    assert document["@context"][0] == OLD
    assert "issuanceDate" in document
    assert "validFrom" not in document
    assert validate(document) == []


@strategies.whole
@given(st.one_of(strategies.endorsements(), strategies.learner_records(jwt=True)))
def test_every_endorsement_and_record_built_meets_the_schema(value: Any) -> None:
    assert validate(value.to_document()) == []


@pytest.mark.parametrize(
    ("changes", "pointer", "rule", "message"),
    [
        ({"validFrom": "2026-01-01"}, "/validFrom", "format", "time with its zone"),
        ({"validFrom": 5}, "/validFrom", "type", "not text"),
        ({"id": "one"}, "/id", "format", "full address"),
        ({"issuer": {"type": ["Profile"]}}, "/issuer", "required", "id is missing"),
        ({"issuer": "works"}, "/issuer", "format", "full address"),
        ({"evidence": {}}, "/evidence", "type", "not a list"),
        ({"evidence": [{"type": ["X"]}]}, "/evidence/0/type", "contains", "include Evidence"),
        ({"image": {"id": "urn:x:1", "type": "Photo"}}, "/image/type", "const", "must be Image"),
        (
            {"image": {"id": "urn:x:1", "type": "Image", "alt": ""}},
            "/image",
            "additionalProperties",
            "alt may not",
        ),
        ({"endorsementJwt": ["x"]}, "/endorsementJwt/0", "pattern", "form"),
        ({"credentialStatus": []}, "/credentialStatus", "type", "not an object"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "/@context", "minItems", "2"),
        (
            {"type": ["VerifiableCredential", "OpenBadgeCredential"], "a/b~": 1, "proof": [{}]},
            "/proof/0",
            "required",
            "type is missing",
        ),
    ],
)
def test_deviations_are_told(
    changes: dict[str, Any], pointer: str, rule: str, message: str
) -> None:
    (problem,) = validate(badge(**changes))
    assert (problem.pointer, problem.rule) == (pointer, rule)
    assert message in problem.message


def test_a_badge_may_have_several_status_entries() -> None:
    entry = badge()["credentialStatus"]
    assert validate(badge(credentialStatus=[entry, {**entry, "statusPurpose": "suspension"}])) == []
    (problem,) = validate(badge(credentialStatus=[entry, {"id": "urn:x:1"}]))
    assert (problem.pointer, problem.rule) == ("/credentialStatus", "required")


def test_terms_outside_a_vocabulary_are_told() -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["achievementType"] = "Medal"
    (problem,) = validate(document)
    assert problem.pointer == "/credentialSubject/achievement/achievementType"
    assert problem.value == "Medal"
    document["credentialSubject"]["achievement"]["achievementType"] = "ext:Medal"
    assert validate(document) == []


def test_credentials_in_a_record_are_checked_each_by_its_own_class() -> None:
    part = badge(validFrom="soon")
    record = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:x:1",
        "name": "Record",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": "did:example:1",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:2",
            "type": ["ClrSubject"],
            "verifiableCredential": [badge(), part],
        },
    }
    (problem,) = validate(record)
    assert problem.pointer == "/credentialSubject/verifiableCredential/1/validFrom"


def test_a_document_of_another_type_has_no_schema_here() -> None:
    document = badge(type=["VerifiableCredential"], validFrom="soon")
    assert class_of(document) is None
    assert validate(document) == []
    url = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
    document["credentialSchema"] = {"id": f"{url}ob_v3p0_achievementcredential_schema.json"}
    assert class_of(document) == "OpenBadgeCredential"
    assert validate(document)


def test_problems_and_their_values_are_bounded() -> None:
    document = badge(evidence=[{"type": 5}] * 1000, name=["x" * 10_000])
    found = validate(document)
    assert len(found) == MAX_PROBLEMS
    assert all(len(problem.value) <= 80 for problem in found)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "type",
                        "id",
                        "credentialSubject",
                        "verifiableCredential",
                        "issuer",
                        "@context",
                    ]
                ),
                x,
                max_size=4,
            )
        ),
        max_leaves=20,
    ),
    st.sampled_from(["ClrCredential", "OpenBadgeCredential"]),
)
def test_anything_can_be_checked(value: Any, kind: str) -> None:
    assert validate({**badge(), "type": kind, "credentialSubject": value, "issuer": value})


def test_numbers_beyond_every_machine_are_checked() -> None:
    document = read_json(json.dumps(badge()).replace('"Works"', "9" * 29).encode())
    assert [problem.pointer for problem in validate(document)] == ["/issuer/name"]
    with pytest.raises(UnreadableError):
        read_json(json.dumps(badge()).replace('"Works"', "9" * 31).encode())


def test_the_bundled_schemas_are_the_recorded_ones() -> None:
    folder = files("guildmark.credentials.schemas") / "data"
    sources = json.loads((folder / "sources.json").read_text("utf-8"))
    assert {path.name for path in folder.iterdir()} == {*sources, "sources.json"}
    assert set(bundled()) == set(sources)
    for name, source in sources.items():
        assert source.keys() == {"source", "licence", "sha256"}
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == source["sha256"]


def test_a_status_entry_needs_no_id_of_its_own() -> None:
    entry = badge()["credentialStatus"]
    del entry["id"]
    assert validate(badge(credentialStatus=entry)) == []
