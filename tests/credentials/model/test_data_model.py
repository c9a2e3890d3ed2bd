"""The W3C's data models, rule by rule: what must be there, in both versions.

The table follows the normative statements of Verifiable Credentials Data Model 2.0
(https://www.w3.org/TR/vc-data-model-2.0/), sections 4 and 5, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials.model import credential as vc
from guildmark.credentials.model.data_model import (
    MAX_PROBLEMS,
    credential_problems,
    presentation_problems,
    self_asserted_problems,
)
from tests.credentials import strategies

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OUT = object()
SRI = "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"


def credential(**changes: Any) -> dict[str, Any]:
    """The least credential of version 2.0, with changes; OUT takes a member away."""
    document: dict[str, Any] = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject"},
        **changes,
    }
    return {name: value for name, value in document.items() if value is not OUT}


def old(**changes: Any) -> dict[str, Any]:
    """The least credential of version 1.1."""
    return credential(**{"@context": [V1], "issuanceDate": "2020-01-01T00:00:00Z", **changes})


def presentation(**changes: Any) -> dict[str, Any]:
    """The least presentation of version 2.0."""
    document = {"@context": [V2], "type": ["VerifiablePresentation"], **changes}
    return {name: value for name, value in document.items() if value is not OUT}


TYPED = ("credentialStatus", "refreshService", "termsOfUse", "evidence", "proof")
LANGUAGES = [{"@value": "a", "@language": "en"}, {"@value": "b", "@language": "zh-Hant"}]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"@context": [V2, "https://works.example/c", {"Term": "https://works.example/#t"}]},
        {"id": "https://works.example/1"},
        {"id": "urn:uuid:6f1c2f0e-6d3a-4a7e-9b52-1f0a5c1d2e3f"},
        {"id": "did:example:1"},
        {"type": "VerifiableCredential"},
        {"type": ["https://works.example/#T", "VerifiableCredential", "Other"]},
        {"issuer": {"id": "did:example:1", "name": "Works", "description": LANGUAGES}},
        {"credentialSubject": [{"id": "did:example:1"}, {"name": "Ann"}]},
        {"name": "A", "description": {"@value": "A", "@language": "en", "@direction": "ltr"}},
        {"name": LANGUAGES},
        *({name: {"type": "T"}} for name in TYPED),
        *({name: [{"type": ["T"], "id": "urn:x:1"}, {"type": "U"}]} for name in TYPED),
        {"credentialSchema": {"type": "JsonSchema", "id": "https://works.example/s"}},
        {"relatedResource": {"id": "https://works.example/r", "digestSRI": SRI}},
        {
            "relatedResource": [
                {"id": "urn:x:1", "digestMultibase": "zQm"},
                {"id": "urn:x:2", "digestSRI": SRI},
            ]
        },
    ],
)
def test_what_version_2_allows(changes: dict[str, Any]) -> None:
    assert credential_problems(credential(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"@context": OUT}, "@context does not begin"),
        ({"@context": []}, "@context does not begin"),
        ({"@context": ["https://works.example/c", V2]}, "@context does not begin"),
        ({"@context": [V2, "not an address"]}, "@context holds"),
        ({"@context": [V2, 5]}, "@context holds"),
        ({"id": None}, "id is not one full address"),
        ({"id": "one"}, "id is not one full address"),
        ({"id": ["urn:x:1", "urn:x:2"]}, "id is not one full address"),
        ({"type": OUT}, "type is missing"),
        ({"type": []}, "type is missing"),
        ({"type": ["VerifiableCredential", 5]}, "type is missing"),
        ({"type": ["Credential"]}, "type does not include VerifiableCredential"),
        ({"type": "xVerifiableCredential"}, "type does not include VerifiableCredential"),
        ({"name": {"@value": "a", "url": "b"}}, "name is neither"),
        ({"name": {"@value": 5}}, "name is neither"),
        ({"name": 5}, "name is neither"),
        ({"name": None}, "name is neither"),
        ({"name": []}, "name is neither"),
        ({"description": {"@value": "a", "@language": "no tag"}}, "description is neither"),
        ({"description": {"@value": "a", "@direction": "up"}}, "description is neither"),
        ({"issuer": OUT}, "issuer is missing"),
        ({"issuer": None}, "issuer is missing"),
        ({"issuer": "works"}, "issuer is missing"),
        ({"issuer": {"name": "Works"}}, "issuer.id is missing"),
        ({"issuer": {"id": None}}, "issuer.id is missing"),
        ({"issuer": {"id": "works"}}, "issuer.id is missing"),
        ({"issuer": {"id": "did:x:1", "name": {"@value": "a", "x": 1}}}, "issuer.name is"),
        ({"credentialSubject": OUT}, "credentialSubject is missing"),
        ({"credentialSubject": []}, "credentialSubject is missing"),
        ({"credentialSubject": {}}, "credentialSubject is not an object"),
        ({"credentialSubject": "did:example:1"}, "credentialSubject is not an object"),
        ({"credentialSubject": [{"id": "did:x:1"}, {}]}, "credentialSubject is not an object"),
        ({"credentialSubject": {"id": ["did:x:1", "did:x:2"]}}, "credentialSubject.id is"),
        *(({name: {"id": "urn:x:1"}}, f"{name}.type is missing") for name in TYPED),
        *(({name: [{"type": 2}]}, f"{name}.type is missing") for name in TYPED),
        *(({name: [{"type": "T", "id": "one"}]}, f"{name}.id is not") for name in TYPED),
        *(({name: ["urn:x:1"]}, f"{name} is not an object") for name in TYPED),
        ({"credentialStatus": []}, "credentialStatus is empty"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "credentialSchema.id is missing"),
        ({"credentialSchema": {"id": "urn:x:1"}}, "credentialSchema.type is missing"),
        ({"credentialSchema": {"type": "JsonSchema", "id": 5}}, "credentialSchema.id is not"),
        ({"relatedResource": ["urn:x:1"]}, "relatedResource is not an object"),
        ({"relatedResource": {"digestSRI": SRI}}, "relatedResource.id is missing"),
        ({"relatedResource": {"id": "urn:x:1"}}, "neither digestSRI nor digestMultibase"),
        ({"relatedResource": {"id": "urn:x:1", "digestSRI": "md5-x"}}, "digestSRI is not"),
        ({"relatedResource": {"id": "urn:x:1", "digestMultibase": "!"}}, "digestMultibase is not"),
        ({"relatedResource": [{"id": "urn:x:1", "digestSRI": SRI}] * 2}, "stands there twice"),
    ],
)
def test_what_version_2_refuses(changes: dict[str, Any], problem: str) -> None:
    (found,) = credential_problems(credential(**changes))
    assert problem in found


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"name": {"any": "thing"}}, None),
        ({"credentialStatus": {"id": "urn:x:1", "type": "T"}}, None),
        ({"issuanceDate": OUT}, "issuanceDate is missing"),
        ({"issuer": {"name": "Works"}}, "issuer.id is missing"),
        ({"credentialSubject": OUT}, "credentialSubject is missing"),
        ({"credentialStatus": {"type": "T"}}, "credentialStatus.id is missing"),
        ({"credentialSchema": {"type": "T"}}, "credentialSchema.id is missing"),
        ({"refreshService": {"type": "T"}}, "refreshService.id is missing"),
        ({"evidence": {"id": "urn:x:1"}}, "evidence.type is missing"),
    ],
)
def test_what_version_1_1_asks(changes: dict[str, Any], problem: str | None) -> None:
    found = credential_problems(old(**changes))
    assert (not found) if problem is None else (len(found) == 1 and problem in found[0])


ENVELOPED = {
    "@context": V2,
    "type": "EnvelopedVerifiableCredential",
    "id": "data:application/vc+jwt,eyJ.eyJ.sig",
}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"id": "urn:x:1", "holder": "did:example:1"}, None),
        ({"holder": {"id": "did:example:1", "name": "Ann"}}, None),
        ({"verifiableCredential": credential()}, None),
        ({"verifiableCredential": [credential(), old(), ENVELOPED]}, None),
        ({"type": OUT}, "type is missing"),
        ({"type": ["VerifiableCredential"]}, "type does not include VerifiablePresentation"),
        ({"@context": OUT}, "@context does not begin"),
        ({"@context": [{}, V2]}, "@context does not begin"),
        ({"id": 5}, "id is not"),
        ({"holder": "Ann"}, "holder is missing"),
        ({"holder": {"name": "Ann"}}, "holder.id is missing"),
        ({"termsOfUse": {"id": "urn:x:1"}}, "termsOfUse.type is missing"),
        ({"verifiableCredential": ["eyJ.eyJ.sig"]}, "not an object"),
        ({"verifiableCredential": [credential(type=["X"])]}, "of a verifiableCredential: type"),
        ({"verifiableCredential": [{**ENVELOPED, "type": "X"}]}, "of a verifiableCredential"),
        ({"verifiableCredential": [{**ENVELOPED, "id": "urn:x:1"}]}, "not a data: address"),
        ({"verifiableCredential": [{**ENVELOPED, "@context": V1}]}, "@context does not begin"),
    ],
)
def test_presentations(changes: dict[str, Any], problem: str | None) -> None:
    found = presentation_problems(presentation(**changes))
    assert (not found) if problem is None else problem in found[0]


def test_credentials_as_jwt_stand_as_text_in_version_1_1() -> None:
    document = presentation(verifiableCredential=["eyJ.eyJ.sig"])
    assert presentation_problems({**document, "@context": [V1]}) == []


@pytest.mark.parametrize(
    ("holder", "part", "allowed"),
    [
        ("did:example:issuer", credential(), True),
        ({"id": "did:example:issuer"}, credential(issuer={"id": "did:example:issuer"}), True),
        ("did:example:other", credential(), False),
        (OUT, credential(), False),
        (OUT, credential(proof={"type": "DataIntegrityProof"}), True),
        (OUT, ENVELOPED, True),
    ],
)
def test_only_the_holder_may_leave_a_credential_unsigned(
    holder: Any, part: dict[str, Any], allowed: bool
) -> None:
    found = self_asserted_problems(presentation(holder=holder, verifiableCredential=[part]))
    assert (not found) is allowed


@strategies.whole
@given(strategies.documents())
def test_everything_built_is_a_credential(document: dict[str, Any]) -> None:
    assert credential_problems(document) == []


@strategies.whole
@given(strategies.presentations())
def test_every_presentation_built_is_one(value: vc.VerifiablePresentation) -> None:
    assert presentation_problems(value.to_document()) == []


def test_problems_are_bounded() -> None:
    assert len(credential_problems(credential(evidence=["x"] * 1000))) == MAX_PROBLEMS


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from([V1, V2]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "type", "@value", "digestSRI"]), inner),
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *credential(),
                *TYPED,
                "id",
                "name",
                "holder",
                "relatedResource",
                "verifiableCredential",
            ]
        ),
        anything,
    ),
    st.sampled_from([credential_problems, presentation_problems, self_asserted_problems]),
    st.sampled_from([V1, V2]),
)
def test_anything_can_be_asked(
    document: dict[str, Any], ask: Callable[[dict[str, Any]], list[str]], version: str
) -> None:
    for part in (document, {**document, "@context": [version]}):
        assert all(isinstance(problem, str) for problem in ask(part))
