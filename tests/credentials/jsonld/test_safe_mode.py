"""What is not protected by a signature is refused, not dropped."""

from __future__ import annotations

from typing import Any

import pytest

from guildmark.credentials import JsonLdError, canonicalize
from guildmark.credentials.errors import UnknownContextError
from tests.credentials.builders import badge

CRED = "https://www.w3.org/2018/credentials#"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("bonus", "1000 EUR"),
        ("@bonus", "1000 EUR"),
        ("@index", "1000 EUR"),
        ("@included", [{"id": "urn:x:1", "name": "n"}]),
        ("@graph", ["floating"]),
        ("@reverse", {"name": {"id": "urn:x:1"}}),
        (f"{CRED}validUntil", "2030-01-01T00:00:00Z"),
        ("cred:validUntil", "2030-01-01T00:00:00Z"),
        ("name", {"@value": "n", "@direction": "up"}),
        ("name", {"@value": 1, "@direction": "rtl"}),
        ("name", {"@value": "n", "@index": "i"}),
        ("name", {"@value": "n", "@language": "not a tag"}),
        ("evidence", "relative/path"),
        ("evidence", {"id": "@bonus", "type": "Evidence"}),
        ("type", ["VerifiableCredential", "NoSuchType"]),
        ("type", ["VerifiableCredential", "@bonus"]),
        ("name", 2**53),
        ("name", float("nan")),
        ("name", "\ud800"),
    ],
)
def test_unsigned_members_are_refused(member: str, value: Any) -> None:
    with pytest.raises(JsonLdError):
        canonicalize(badge(**{member: value}))


@pytest.mark.parametrize(
    "extra",
    [
        "https://evil.example/context",
        {"status": {"@id": f"{CRED}credentialStatus", "@type": "@id"}},
        {"name": None},
        None,
    ],
)
def test_no_other_context_gives_known_members_a_meaning(extra: Any) -> None:
    document = badge()
    document["@context"] = [*document["@context"], extra]
    with pytest.raises(UnknownContextError if isinstance(extra, str) else JsonLdError):
        canonicalize(document)
    nested = badge()
    nested["credentialSubject"]["@context"] = extra
    with pytest.raises(JsonLdError):
        canonicalize(nested)


def test_contexts_are_few() -> None:
    document = badge()
    document["@context"] = document["@context"] * 5
    with pytest.raises(JsonLdError, match="10 contexts"):
        canonicalize(document)
