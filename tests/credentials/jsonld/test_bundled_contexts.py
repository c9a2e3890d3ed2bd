"""The bundled contexts: which go together, and that none gives a member two names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from guildmark.credentials import JsonLdError, canonicalize
from guildmark.credentials.jsonld import contexts

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0"
EXTENSIONS = f"{OPEN_BADGES}/extensions.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
SUITES = "https://w3id.org/security/suites"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
DATA_INTEGRITY_1 = "https://w3id.org/security/data-integrity/v1"
DATA_INTEGRITY_2 = "https://w3id.org/security/data-integrity/v2"
STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"


def credential(*named: str) -> dict[str, Any]:
    """A small badge under these contexts."""
    return {
        "@context": list(named),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:example:1", "type": ["Profile"], "name": "Works"},
        "credentialSubject": {
            "id": "did:example:2",
            "type": ["AchievementSubject"],
            "achievement": {"id": "urn:x:1", "type": ["Achievement"], "name": "Robots"},
        },
    }


@pytest.mark.parametrize(
    "named",
    [
        *((V1, f"{OPEN_BADGES}/context{v}.json") for v in ("", "-3.0.1", "-3.0.2", "-3.0.3")),
        *((V2, f"{OPEN_BADGES}/context-{v}.json") for v in ("3.0.2", "3.0.3")),
        (V1, f"{OPEN_BADGES}/context-3.0.1.json", EXTENSIONS, ED25519_2020, STATUS_LIST_2021),
        (V1, f"{OPEN_BADGES}/context-3.0.1.json", EXTENSIONS, DATA_INTEGRITY_1),
        (V2, CLR, f"{OPEN_BADGES}/context-3.0.3.json", EXTENSIONS, DATA_INTEGRITY_2),
        (V2, f"{OPEN_BADGES}/context-3.0.3.json", ED25519_2020, STATUS_LIST_2021),
        (V2, f"{OPEN_BADGES}/context-3.0.3.json", "https://www.w3.org/ns/credentials/status/v1"),
        (V2, f"{OPEN_BADGES}/context-3.0.3.json", f"{SUITES}/ed25519-2018/v1"),
        (V1, f"{OPEN_BADGES}/context-3.0.1.json", f"{SUITES}/x25519-2020/v1"),
        (V1, f"{OPEN_BADGES}/context-3.0.1.json", "https://w3id.org/vc-revocation-list-2020/v1"),
    ],
    ids=lambda named: " ".join("/".join(url.split("/")[-2:]) for url in named),
)
def test_contexts_that_go_together(named: tuple[str, ...]) -> None:
    assert canonicalize(credential(*named))


@pytest.mark.parametrize(
    "other",
    [
        V1,
        f"{OPEN_BADGES}/context.json",
        f"{OPEN_BADGES}/context-3.0.1.json",
        DATA_INTEGRITY_1,
        "https://w3id.org/openbadges/v2",
    ],
)
def test_contexts_that_contradict_version_2_are_refused(other: str) -> None:
    # Each gives a term another meaning that version 2.0 of the data model protects.
    with pytest.raises(JsonLdError, match="protected term redefinition"):
        canonicalize(credential(V2, other))


def test_no_context_gives_a_member_of_a_credential_a_second_name() -> None:
    # Whoever could write credentialStatus under another name would hide it from every reader.
    base = "https://www.w3.org/2018/credentials#"
    own = {"issuer", "credentialStatus", "credentialSubject", "validFrom", "validUntil"}
    own |= {"issuanceDate", "expirationDate", "credentialSchema", "evidence", "refreshService"}
    own |= {"termsOfUse", "holder"}
    named: dict[str, set[str]] = {}
    for document in contexts.bundled().values():
        for term, address in _terms(document["@context"], {}):
            named.setdefault(address, set()).add(term)
    for member in own:
        assert named[base + member] == {member}
    assert named["https://w3id.org/security#proof"] == {"proof"}


def test_both_versions_of_learner_records_speak_of_the_same() -> None:
    # A draft of the first had other addresses; what was signed under it holds under no other.
    first = dict(_terms(contexts.bundled()[CLR.replace("-2.0.1", "")]["@context"], {}))
    later = dict(_terms(contexts.bundled()[CLR]["@context"], {}))
    for term in ("ClrCredential", "ClrSubject", "Association", "association"):
        assert (
            first[term]
            == later[term]
            == f"https://purl.imsglobal.org/spec/vc/clr/vocab.html#{term}"
        )


def _terms(context: Any, prefixes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every term of a context and of those inside it, with its full address."""
    if isinstance(context, list):
        for part in context:
            yield from _terms(part, prefixes)
        return
    if not isinstance(context, dict):
        return
    known = {**prefixes, **{k: v for k, v in context.items() if isinstance(v, str)}}
    for term, definition in context.items():
        if term.startswith("@"):
            continue
        address = definition if isinstance(definition, str) else (definition or {}).get("@id", "")
        prefix, colon, rest = address.partition(":")
        if colon and prefix in known and not rest.startswith("//"):
            address = known[prefix] + rest
        yield term, address
        if isinstance(definition, dict):
            yield from _terms(definition.get("@context"), known)
