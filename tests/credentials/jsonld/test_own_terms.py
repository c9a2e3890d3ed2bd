"""Contexts that a document writes out itself: terms of its own, and nothing else."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guildmark.credentials import JsonLdError, canonicalize
from guildmark.credentials.jsonld import contexts, shapes
from guildmark.credentials.jsonld.own_terms import MAX_TERMS
from tests.credentials.builders import badge

NS = "https://www.w3.org/ns/credentials"
V2 = f"{NS}/v2"
CRED = "https://www.w3.org/2018/credentials#"
SAILING = "https://sailing.example/terms#"


def credential(*own: Any, subject: Any = None) -> dict[str, Any]:
    return {
        "@context": [V2, *own],
        "id": "urn:x:1",
        "type": ["VerifiableCredential"],
        "issuer": "did:example:1",
        "credentialSubject": {"id": "did:example:2", **(subject or {})},
    }


def test_a_document_may_name_terms_of_its_own() -> None:
    own = {
        "@version": 1.1,
        "@protected": True,
        "boat": f"{SAILING}boat",
        "harbour": {"@id": f"{SAILING}harbour", "@type": "@id"},
        "crew": {"@id": f"{SAILING}crew", "@container": "@list"},
        "launched": {"@id": f"{SAILING}launched", "@type": "http://www.w3.org/2001/XMLSchema#date"},
        "rig": {
            "@id": f"{SAILING}rig",
            "@context": {"id": "@id", "type": "@type", "sails": f"{SAILING}sails"},
        },
    }
    subject = {
        "boat": "Earth",
        "harbour": "https://harbour.example/",
        "crew": ["Ada", "Bo"],
        "launched": "2026-01-01",
        "rig": {"id": "urn:x:rig", "sails": 3},
    }
    lines = canonicalize(credential(own, subject=subject))
    two = "<did:example:2>"
    for line in (
        f'{two} <{SAILING}boat> "Earth" .',
        f"{two} <{SAILING}harbour> <https://harbour.example/> .",
        f'{two} <{SAILING}launched> "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
        f'<urn:x:rig> <{SAILING}sails> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ):
        assert line in lines.splitlines()


def test_a_document_may_open_the_whole_vocabulary() -> None:
    for own, base in (
        ({"@vocab": SAILING}, SAILING),
        (f"{NS}/examples/v2", f"{NS}/examples#"),
        (f"{NS}/undefined-terms/v2", f"{NS}/undefined-term#"),
    ):
        lines = canonicalize(credential(own, subject={"boat": "Earth"}))
        assert f'<did:example:2> <{base}boat> "Earth" .' in lines.splitlines()


def test_what_one_document_defines_holds_for_no_other() -> None:
    for address in ("https://one.example/boat", "https://two.example/boat"):
        document = credential({"boat": address}, subject={"boat": "Earth"})
        assert f"<{address}>" in canonicalize(document)
        before = shapes.counts["filled"]
        assert f"<{address}>" in canonicalize(document)
        assert shapes.counts["filled"] == before
    with pytest.raises(JsonLdError, match="boat"):
        canonicalize(credential(subject={"boat": "Earth"}))


@pytest.mark.parametrize(
    "own",
    [
        # A known member under a second name, or a known name for something else.
        {"state": f"{CRED}credentialStatus"},
        {"state": "cred:credentialStatus"},
        {"state": {"@id": f"{CRED}credentialStatus", "@type": "@id"}},
        {"credentialStatus": f"{SAILING}status"},
        {"achievement": f"{SAILING}achievement"},
        {"name": None},
        {"@vocab": CRED},
        {"@vocab": "https://www.w3.org/"},
        {"@vocab": ""},
        {"@vocab": None},
        # Keywords under other names, and what is not signed.
        {"key": "@id"},
        {"kind": "@type"},
        {"part": "@nest"},
        {"key": {"@id": "@id"}},
        {"back": {"@reverse": f"{SAILING}back"}},
        {"part": {"@id": f"{SAILING}part", "@nest": "group"}},
        {"part": {"@id": f"{SAILING}part", "@container": "@index"}},
        {"part": {"@id": f"{SAILING}part", "@container": ["@graph", "@id"]}},
        {"part": {"@id": f"{SAILING}part", "@type": "@vocab"}},
        {"part": {"@id": f"{SAILING}part", "@type": ["@id"]}},
        {"part": {"@id": f"{SAILING}part", "@protected": 1}},
        {"part": {"@type": "@id"}},
        # Identifiers that are not what they look like.
        {"did": "https://evil.example/"},
        {"wallet": "https://evil.example/"},
        {"wallet": {"@id": "https://evil.example/", "@prefix": True}},
        {"a:b": f"{SAILING}b"},
        {"@base": "https://evil.example/"},
        {"@language": "en"},
        {"@propagate": False},
        {"@import": V2},
        {"@version": 1.0},
        # Names that look like known ones, and addresses that are none.
        {"n\u0430me": f"{SAILING}name"},
        {"": f"{SAILING}x"},
        {"boat": "https ://no-address"},
        {"boat": "boat"},
        {"boat": 1},
        {"boat": f"{SAILING}{'x' * 600}"},
        # The same a level down.
        {"rig": {"@id": f"{SAILING}rig", "@context": {"name": f"{SAILING}name"}}},
        {"rig": {"@id": f"{SAILING}rig", "@context": None}},
        {"rig": {"@id": f"{SAILING}rig", "@context": "https://evil.example/context"}},
        [{"boat": f"{SAILING}boat"}],
        None,
        7,
        {f"t{n}": f"{SAILING}{n}" for n in range(MAX_TERMS + 1)},
    ],
    ids=str,
)
def test_nothing_else_is_for_a_document_to_say(own: Any) -> None:
    with pytest.raises(JsonLdError):
        canonicalize(credential(own))
    inside = credential()
    inside["credentialSubject"]["@context"] = own
    if not isinstance(own, list):
        with pytest.raises(JsonLdError):
            canonicalize(inside)


def test_a_term_is_given_two_meanings_by_no_protected_context() -> None:
    first = {"@protected": True, "Sailor": f"{SAILING}Sailor"}
    with pytest.raises(JsonLdError, match="protected term redefinition"):
        canonicalize(credential(first, {"Sailor": f"{SAILING}Other"}))


def test_a_known_term_may_be_repeated_with_its_own_address() -> None:
    own = {"Ed25519Signature2020": "https://w3id.org/security#Ed25519Signature2020"}
    assert canonicalize(credential(own)) == canonicalize(credential())


def test_many_contexts_cost_bounded_time() -> None:
    subject = {
        "boats": [{"@context": {f"t{n}": f"{SAILING}{n}"}, "id": f"urn:x:{n}"} for n in range(500)]
    }
    with pytest.raises(JsonLdError, match="written out"):
        canonicalize(credential({"boats": f"{SAILING}boats"}, subject=subject))
    wide = badge()
    wide["@context"] = [*wide["@context"], {f"t{n}": f"{SAILING}{n}" for n in range(MAX_TERMS)}]
    achievement = wide["credentialSubject"]["achievement"]
    wide["credentialSubject"]["@context"] = {"more": f"{SAILING}more"}
    wide["credentialSubject"]["more"] = [dict(achievement, id=f"urn:x:{n}") for n in range(300)]
    started = time.process_time()
    canonicalize(wide)
    assert time.process_time() - started < 60


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ({"@value": "Segeln", "@language": "de-AT", "@direction": "ltr"}, "de-at_ltr"),
        ({"@value": "שיט", "@direction": "rtl"}, "_rtl"),
    ],
)
def test_the_direction_of_a_text_is_signed(value: dict[str, str], literal: str) -> None:
    # JSON-LD 1.1 Processing Algorithms, section 8.2.2, with rdfDirection i18n-datatype, as in
    # npm's jsonld-signatures.
    expected = f'"{value["@value"]}"^^<https://www.w3.org/ns/i18n#{literal}> .'
    for _ in range(2):  # the second time from the kept shape
        lines = canonicalize({**credential(), "name": value}).splitlines()
        assert any(line.endswith(expected) for line in lines)


def _mostly(own: list[str], others: list[str]) -> st.SearchStrategy[str]:
    """One of the document's own in five of six draws."""
    return st.integers(0, 5).flatmap(lambda draw: st.sampled_from(own if draw else others))


_NAMES = _mostly(
    ["boat", "crew", "rig", "works.example"],
    [*sorted(contexts.terms()), "did", "https", "urn", "@id", "@type", "@nest", "@base", "@vocab"],
)
_ADDRESSES = _mostly(
    [f"{SAILING}a", f"{SAILING}b", "urn:x:c", "did:example:d"],
    [*sorted({address for _, address in contexts.meanings()}), SAILING, "did:web:", "urn:", "@id"],
)
_DEFINITIONS = _ADDRESSES | st.fixed_dictionaries(
    {"@id": _ADDRESSES},
    optional={
        "@type": st.sampled_from(["@id", "@json", f"{SAILING}type", "@vocab"]),
        "@container": st.sampled_from(["@set", "@list", "@index"]),
        "@protected": st.booleans(),
        "@context": st.dictionaries(_NAMES, _ADDRESSES, max_size=2),
    },
)


@given(
    st.lists(st.dictionaries(_NAMES, _DEFINITIONS, min_size=1, max_size=2), min_size=1, max_size=2)
)
def test_no_context_that_is_read_changes_what_a_document_says(own: list[dict[str, Any]]) -> None:
    plain = badge()
    injected = {**plain, "@context": [*plain["@context"], *own]}
    inside = {**plain, "credentialSubject": {**plain["credentialSubject"], "@context": own}}
    for document in (injected, inside):
        try:
            found = canonicalize(document)
        except JsonLdError:
            continue
        assert found == canonicalize(plain)


@given(_NAMES, _DEFINITIONS, st.sampled_from(["credentialStatus", "validUntil", "issuer", "name"]))
def test_no_member_hides_behind_a_name_that_a_context_gives_it(
    name: str, definition: Any, member: str
) -> None:
    assume(name != member)
    plain = badge()
    hidden = {key: value for key, value in plain.items() if key != member}
    hidden["@context"] = [*plain["@context"], {name: definition}]
    hidden.setdefault(name, plain[member])
    try:
        found = canonicalize(hidden)
    except JsonLdError:
        return
    assert found != canonicalize(plain)
