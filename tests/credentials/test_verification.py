"""Verifying: the right credential passes, and each wrong one fails for its own reason."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest

from guildmark.credentials import (
    CheckCode,
    Expected,
    LocalSigner,
    Outcome,
    PrivateKey,
    VerificationMethod,
    add_proof,
    did_document,
    verify,
)
from guildmark.credentials.identifiers.did import did_key_method
from guildmark.credentials.status import bitstring
from tests.credentials.builders import (
    DID,
    LIST_URL,
    NOW,
    SEED,
    Documents,
    badge,
    signed,
    signer,
    status_list,
)


def codes(
    document: Any, resolver: Documents | None = None, now: dt.datetime = NOW
) -> dict[str, CheckCode]:
    """Each check's code by the check's name."""
    report = verify(document, resolver=resolver or Documents(), now=now)
    return {check.check: check.code for check in report.checks}


def test_a_good_credential_passes_every_check() -> None:
    report = verify(json.dumps(signed()), resolver=Documents(), now=NOW)
    assert report.verified is True
    applies = [check for check in report.checks if check.outcome is not Outcome.NOT_APPLICABLE]
    assert {check.outcome for check in applies} == {Outcome.PASSED}
    assert [check.check for check in report.checks] == [
        *("structure", "context", "schema", "proof", "issuer"),
        *("dates", "status", "refresh", "endorsements"),
    ]
    assert (report.format, report.secured_by) == ("open-badges-3.0", "data-integrity")
    assert report.issuer == DID
    assert report.name == "Robot cell entry and restart"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "Another name"),
        (("validUntil",), "2030-01-01T00:00:00Z"),
        (("credentialSubject", "identifier", 0, "identityHash"), "Somebody else"),
        (("credentialSubject", "achievement", "criteria", "narrative"), "Nothing."),
        (("credentialStatus", "statusListIndex"), "5"),
        (("proof", "created"), "2026-06-01T12:00:01Z"),
    ],
)
def test_any_change_after_signing_is_found(path: tuple[Any, ...], value: str) -> None:
    document = signed()
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    report = verify(document, resolver=Documents(), now=NOW)
    assert report.verified is False
    assert report.check("proof").code is CheckCode.PROOF_INVALID
    assert report.check("issuer").outcome is Outcome.FAILED


def test_a_member_that_no_context_defines_is_refused() -> None:
    document = signed()
    document["credentialSubject"]["bonus"] = "1000 EUR"
    assert codes(document)["context"] is CheckCode.CONTEXT_NOT_PROTECTED


def test_terms_of_its_own_are_told_with_their_addresses() -> None:
    address = "https://works.example/terms#shift"
    document = badge()
    document["@context"] = [*document["@context"], {"shift": address}]
    document["credentialSubject"]["shift"] = "night"
    made = add_proof(document, signer=signer(), created=NOW)
    report = verify(made, resolver=Documents(), now=NOW)
    assert report.verified is True
    context = report.check("context")
    assert (context.code, context.data["terms"]) == (
        CheckCode.CONTEXT_OWN_TERMS,
        {"shift": address},
    )
    # The statement is signed, and its name is not; so the name is nobody's word.
    made["@context"][-1] = {"turn": address}
    made["credentialSubject"]["turn"] = made["credentialSubject"].pop("shift")
    assert verify(made, resolver=Documents(), now=NOW).check("context").data["terms"] == {
        "turn": address
    }
    made["credentialSubject"]["turn"] = "day"
    assert verify(made, resolver=Documents(), now=NOW).verified is False


def test_a_foreign_context_is_not_fetched() -> None:
    document = signed()
    document["@context"] = [*document["@context"], "https://evil.example/context"]
    report = verify(document, resolver=Documents(), now=NOW)
    assert report.verified is None
    assert report.check("context").outcome is Outcome.COULD_NOT_BE_CHECKED
    assert report.check("context").code == "context.unknown_context"
    assert report.check("proof").code is CheckCode.PROOF_UNSUPPORTED


STATUS = "https://www.w3.org/2018/credentials#credentialStatus"


def test_a_revoked_credential_cannot_hide_its_status() -> None:
    resolver = Documents(revoked=frozenset({94567}))
    by_address = signed()
    by_address[STATUS] = by_address.pop("credentialStatus")
    by_alias = signed()
    by_alias["@context"] = [*by_alias["@context"], {"s": {"@id": STATUS, "@type": "@id"}}]
    by_alias["s"] = by_alias.pop("credentialStatus")
    inside = badge(evidence=[{"id": badge()["id"], "type": ["Evidence"]}])
    inside = add_proof(inside, signer=signer(), created=NOW)
    inside["evidence"][0]["credentialStatus"] = inside.pop("credentialStatus")
    for hidden in (by_address, by_alias, inside):
        report = verify(hidden, resolver=resolver, now=NOW)
        assert report.verified is not True
        assert report.check("context").outcome is not Outcome.PASSED


def test_an_expired_credential_cannot_hide_its_end() -> None:
    document = signed()
    end = {
        "@value": document.pop("validUntil"),
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
    }
    document["https://www.w3.org/2018/credentials#validUntil"] = end
    report = verify(document, resolver=Documents(), now=NOW.replace(year=2035))
    assert report.verified is False


def test_a_relative_type_is_refused() -> None:
    document = badge()
    document["type"] = ["VerifiableCredential", "NoSuchType"]
    assert codes(document)["context"] is CheckCode.CONTEXT_NOT_PROTECTED


def test_another_signer_is_not_the_issuer() -> None:
    other = bytes(range(1, 33))
    key = PrivateKey.from_seed(other).public.to_multikey()
    forged = add_proof(
        badge(),
        signer=LocalSigner(PrivateKey.from_seed(other), verification_method=f"did:key:{key}#{key}"),
        created=NOW,
    )
    report = verify(forged, resolver=Documents(), now=NOW)
    assert report.check("proof").outcome is Outcome.PASSED
    assert report.check("issuer").code is CheckCode.ISSUER_NOT_BOUND
    assert report.verified is False


def test_a_key_in_another_document_cannot_claim_the_issuer_as_its_controller() -> None:
    other, evil = bytes(range(1, 33)), "did:web:evil.example"
    method = VerificationMethod(
        id=f"{evil}#key", controller=DID, public_key=PrivateKey.from_seed(other).public
    )
    resolver = Documents()
    resolver.known[evil] = did_document(evil, [method])
    forged = add_proof(badge(), signer=signer(other, evil), created=NOW)
    report = verify(forged, resolver=resolver, now=NOW)
    assert report.verified is False
    assert report.check("proof").code is CheckCode.PROOF_WRONG_KEY
    assert report.check("issuer").code is CheckCode.ISSUER_NOT_BOUND


def test_a_key_under_another_name_is_the_issuers_where_the_issuer_lists_it() -> None:
    key = PrivateKey.from_seed(bytes(32))
    foreign = did_key_method(f"did:key:{key.public.to_multikey()}")
    document = add_proof(
        badge(), signer=LocalSigner(key, verification_method=foreign.id), created=NOW
    )
    resolver = Documents()
    for listed, code in (
        (key, CheckCode.ISSUER_BOUND),
        (PrivateKey.from_seed(SEED), CheckCode.ISSUER_NOT_BOUND),
    ):
        own = VerificationMethod(id=f"{DID}#other", controller=DID, public_key=listed.public)
        resolver.known[DID] = did_document(DID, [own])
        assert verify(document, resolver=resolver, now=NOW).check("issuer").code is code
    # Without that document nobody can tell, and nobody is told that it is the issuer's.
    del resolver.known[DID]
    report = verify(document, resolver=resolver, now=NOW)
    assert report.check("issuer").code is CheckCode.ISSUER_KEY_UNCONFIRMED
    assert report.verified is None


def test_a_did_key_issuer_needs_no_resolver() -> None:
    method = did_key_method(f"did:key:{PrivateKey.from_seed(SEED).public.to_multikey()}")
    document = badge(issuer=method.controller)
    del document["credentialStatus"]
    made = add_proof(
        document,
        signer=LocalSigner(PrivateKey.from_seed(SEED), verification_method=method.id),
        created=NOW,
    )
    report = verify(made, resolver=Documents(), now=NOW)
    assert report.verified is True
    assert report.check("status").outcome is Outcome.NOT_APPLICABLE


def test_a_key_that_the_issuer_does_not_list_is_refused() -> None:
    resolver = Documents()
    resolver.known[DID]["assertionMethod"] = []
    assert codes(signed(), resolver)["proof"] is CheckCode.PROOF_WRONG_KEY


def test_without_the_issuers_document_the_result_is_open() -> None:
    resolver = Documents()
    del resolver.known[DID]
    report = verify(signed(), resolver=resolver, now=NOW)
    assert report.verified is None
    assert report.check("proof").code is CheckCode.PROOF_KEY_UNAVAILABLE


def test_dates() -> None:
    assert codes(signed(), now=dt.datetime(2029, 1, 1, tzinfo=dt.UTC))["dates"] is (
        CheckCode.DATES_EXPIRED
    )
    assert codes(signed(), now=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))["dates"] is (
        CheckCode.DATES_NOT_YET
    )
    assert codes(signed(validFrom="2026-01-01"))["dates"] is CheckCode.DATES_INVALID


def test_a_revoked_credential_fails() -> None:
    report = verify(signed(), resolver=Documents(revoked=frozenset({94567})), now=NOW)
    assert report.verified is False
    assert report.check("status").code is CheckCode.STATUS_REVOKED


def test_a_status_list_by_somebody_else_is_refused() -> None:
    resolver = Documents()
    other = bytes(range(1, 33))
    did = f"did:key:{PrivateKey.from_seed(other).public.to_multikey()}"
    resolver.known[LIST_URL] = status_list(seed=other, did=did)
    assert codes(signed(), resolver)["status"] is CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER


def test_a_changed_status_list_is_refused() -> None:
    resolver = Documents(revoked=frozenset({94567}))
    changed = copy.deepcopy(resolver.known[LIST_URL])
    changed["credentialSubject"]["encodedList"] = bitstring.encode([])
    resolver.known[LIST_URL] = changed
    assert codes(signed(), resolver)["status"] is CheckCode.STATUS_INVALID


def test_a_status_index_out_of_range_is_refused() -> None:
    entry = bitstring.status_entry(list_url=LIST_URL, purpose="revocation", index=99_999_999)
    assert codes(signed(credentialStatus=entry))["status"] is CheckCode.STATUS_OUT_OF_RANGE


def test_a_missing_status_list_leaves_the_result_open() -> None:
    resolver = Documents()
    del resolver.known[LIST_URL]
    report = verify(signed(), resolver=resolver, now=NOW)
    assert report.verified is None
    assert report.check("status").code is CheckCode.STATUS_UNAVAILABLE


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (None, CheckCode.PROOF_MISSING),
        ([], CheckCode.PROOF_UNSUPPORTED),
        ({"type": "none"}, CheckCode.PROOF_UNSUPPORTED),
    ],
)
def test_proofs_that_are_none(proof: Any, code: CheckCode) -> None:
    document = signed()
    document["proof"] = proof
    report = verify(document, resolver=Documents(), now=NOW)
    assert report.verified is not True
    assert report.check("proof").code is code


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("proofPurpose", "authentication", CheckCode.PROOF_WRONG_PURPOSE),
        ("proofValue", "zzz", CheckCode.PROOF_INVALID),
        ("verificationMethod", 4, CheckCode.PROOF_INVALID),
        ("expires", "2026-05-01T00:00:00Z", CheckCode.PROOF_EXPIRED),
    ],
)
def test_proof_members_are_checked(member: str, value: Any, code: CheckCode) -> None:
    document = signed()
    document["proof"][member] = value
    assert codes(document)["proof"] is code


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}",
        b'"' + b"x" * 1_100_000 + b'"',
        b"{}",
        b'{"@context": "https://www.w3.org/ns/credentials/v2", "type": 4}',
    ],
)
def test_hostile_text_ends_in_a_report(text: bytes) -> None:
    report = verify(text, resolver=Documents(), now=NOW)
    assert report.verified is False
    assert report.check("structure").outcome is Outcome.FAILED


def test_a_poison_graph_is_refused_in_bounded_time() -> None:
    def clique(size: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"_:n{a}",
                "type": ["Profile"],
                "otherIdentifier": [],
                "endorsement": [],
                "parentOrg": [
                    {"id": f"_:n{b}", "type": ["Profile"]} for b in range(size) if b != a
                ],
            }
            for a in range(size)
        ]

    document = badge()
    document["credentialSubject"]["achievement"]["creator"] = clique(9)
    document["credentialSubject"]["achievement"]["otherIdentifier"] = []
    report = verify(document, resolver=Documents(), now=NOW)
    assert report.check("context").outcome is Outcome.FAILED


def test_several_proofs() -> None:
    document = signed()
    foreign = {"type": "DataIntegrityProof", "cryptosuite": "other-2030"}
    document["proof"] = [foreign, document["proof"]]
    assert verify(document, resolver=Documents(), now=NOW).verified is True
    document["proof"] = [signed()["proof"], signed(name="Another")["proof"]]
    assert codes(document)["proof"] is CheckCode.PROOF_INVALID
    document["proof"] = [signed()["proof"]] * 9
    assert codes(document)["proof"] is CheckCode.PROOF_UNSUPPORTED


def test_a_proof_can_end_before_the_credential() -> None:
    end = NOW + dt.timedelta(days=1)
    document = add_proof(badge(), signer=signer(), created=NOW, expires=end)
    assert verify(document, resolver=Documents(), now=NOW).verified is True
    assert codes(document, now=end)["proof"] is CheckCode.PROOF_EXPIRED
    with pytest.raises(Exception, match="after created"):
        add_proof(badge(), signer=signer(), created=NOW, expires=NOW)


def test_a_status_list_that_has_run_out_leaves_the_result_open() -> None:
    resolver = Documents()
    listed = dict(resolver.known[LIST_URL], validUntil="2026-05-01T00:00:00Z")
    del listed["proof"]
    resolver.known[LIST_URL] = add_proof(listed, signer=signer(), created=NOW)
    report = verify(signed(), resolver=resolver, now=NOW)
    assert report.verified is None
    assert report.check("status").code is CheckCode.STATUS_UNAVAILABLE


def test_a_list_may_serve_several_purposes() -> None:
    resolver = Documents(revoked=frozenset({94567}))
    listed = copy.deepcopy(resolver.known[LIST_URL])
    del listed["proof"]
    listed["credentialSubject"]["statusPurpose"] = ["suspension", "revocation"]
    resolver.known[LIST_URL] = add_proof(listed, signer=signer(), created=NOW)
    assert codes(signed(), resolver)["status"] is CheckCode.STATUS_REVOKED
    both = [
        bitstring.status_entry(list_url=LIST_URL, purpose=purpose, index=94567)
        for purpose in ("suspension", "revocation")
    ]
    for number, entry in enumerate(both):
        entry["id"] = f"urn:x:{number}"
    assert codes(signed(credentialStatus=both), resolver)["status"] is CheckCode.STATUS_REVOKED


class Register:
    """Trusts what it was told."""

    def __init__(self, answer: bool | None) -> None:
        self.answer = answer

    def is_trusted(self, issuer: str, document: dict[str, Any]) -> bool | None:
        """The answer, for the one issuer."""
        return self.answer if issuer == document["issuer"]["id"] else None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (True, CheckCode.TRUST_TRUSTED),
        (False, CheckCode.TRUST_NOT_TRUSTED),
        (None, CheckCode.TRUST_UNKNOWN),
    ],
)
def test_trust_is_the_callers(answer: bool | None, code: CheckCode) -> None:
    report = verify(signed(), resolver=Documents(), now=NOW, trust=Register(answer))
    assert report.check("trust").code is code
    assert report.verified is answer
    silent = verify(signed(), resolver=Documents(), now=NOW)
    with pytest.raises(KeyError):
        silent.check("trust")
    assert verify(b"", resolver=Documents(), now=NOW, trust=Register(answer)).verified is False


@pytest.mark.parametrize(
    ("expected", "different"),
    [
        (Expected(), []),
        (Expected(issuer=DID, recipient=("name", "Łukasz Öztürk")), []),
        (Expected(achievement="https://works.example/a/1"), []),
        (Expected(issuer="did:web:other.example"), ["issuer"]),
        (
            Expected(achievement="https://works.example/a/2", recipient=("name", "Eve")),
            ["achievement", "recipient"],
        ),
    ],
)
def test_what_was_expected(expected: Expected, different: list[str]) -> None:
    report = verify(signed(), resolver=Documents(), now=NOW, expected=expected)
    assert report.check("expected").data.get("different", []) == different
    assert report.verified is (not different)


def test_now_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        verify(signed(), resolver=Documents(), now=NOW.replace(tzinfo=None))


def test_signing_needs_a_time_zone() -> None:
    with pytest.raises(Exception, match="time zone"):
        add_proof(badge(), signer=signer(), created=NOW.replace(tzinfo=None))


def old_badge(**dates: str) -> dict[str, Any]:
    """A signed badge after version 1.1 of the data model."""
    document = badge(
        **{
            "@context": [
                "https://www.w3.org/2018/credentials/v1",
                "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
                "https://w3id.org/security/data-integrity/v2",
            ],
            "issuanceDate": "2026-01-01T00:00:00Z",
            **dates,
        }
    )
    for name in ("validFrom", "validUntil", "credentialStatus"):
        if name not in dates:
            del document[name]
    return add_proof(document, signer=signer(), created=NOW)


def test_a_credential_of_version_1_1_is_verified() -> None:
    report = verify(old_badge(), resolver=Documents(), now=NOW)
    assert report.verified is True
    assert report.valid_from == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"expirationDate": "2026-05-31T00:00:00Z"}, CheckCode.DATES_EXPIRED),
        ({"validUntil": "2026-05-31T00:00:00Z"}, CheckCode.DATES_EXPIRED),
        ({"issuanceDate": "2027-01-01T00:00:00Z"}, CheckCode.DATES_NOT_YET),
        ({"issuanceDate": "2026-01-01"}, CheckCode.DATES_INVALID),
        ({"expirationDate": "2025-01-01T00:00:00Z"}, CheckCode.DATES_INVALID),
    ],
)
def test_the_dates_of_version_1_1_are_heeded(dates: dict[str, str], code: CheckCode) -> None:
    assert codes(old_badge(**dates))["dates"] is code


def test_a_credential_that_would_end_before_it_begins_is_refused() -> None:
    document = signed(validUntil="2025-12-31T00:00:00Z")
    assert codes(document)["dates"] is CheckCode.DATES_INVALID
