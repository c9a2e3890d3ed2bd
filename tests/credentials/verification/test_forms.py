"""What is kept of shapes against finding it each time: the same report on any document."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import JsonLdError, Report, add_proof, verify
from guildmark.credentials.jsonld import shapes
from tests.credentials import strategies
from tests.credentials.builders import DID, NOW, Documents, badge, signer

ODD = st.sampled_from(
    [
        "relative",
        "",
        "urn:x:1",
        "urn:x:\u2028",
        "https://works.example/with space",
        "_:b0",
        DID,
        "OpenBadgeCredential",
        "endorsement",
        0,
        1.5,
        None,
        True,
        [],
        {},
        ["a"],
        {"id": "urn:x:1"},
    ]
)
NAMES = st.sampled_from(
    ["id", "type", "issuer", "endorsement", "endorsementJwt", "relatedResource", "proof", "name"]
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every object or list within, with each of its keys or places."""
    children = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    found = [(value, key) for key, _ in children]
    for _, child in children:
        if isinstance(child, dict | list):
            found += places(child)
    return found


def report(document: Any, *, anew: bool = False) -> Report:
    """The report on the document's text, with all shapes forgotten before where it is anew."""
    if anew:
        shapes._forget()
    return verify(json.dumps(document).encode(), resolver=Documents(), now=NOW)


@strategies.whole
@given(strategies.documents(), st.data())
def test_what_follows_from_a_shape_is_what_is_found_each_time(
    document: dict[str, Any], data: st.DataObject
) -> None:
    signed = document
    with contextlib.suppress(JsonLdError):  # version 1.1 without a context for proofs
        signed = add_proof(document, signer=signer(), created=NOW)
    found = report(signed, anew=True)
    assert report(signed) == report(signed) == found
    for _ in range(4):
        changed = copy.deepcopy(signed)
        part, key = data.draw(st.sampled_from(places(changed)))
        how = data.draw(st.sampled_from(["other", "gone", "more"]))
        if how == "gone":
            del part[key]
        elif how == "more" and isinstance(part, dict):
            part[data.draw(NAMES)] = data.draw(ODD)
        else:
            part[key] = data.draw(ODD)
        kept = [report(changed) for _ in range(3)]
        anew = report(changed, anew=True)
        assert kept == [anew] * 3
        assert report(signed) == found


@pytest.mark.parametrize("place", [("id",), ("credentialSubject", "achievement", "id")])
@pytest.mark.parametrize("identifier", ["urn:x:\u2028", "urn:", "relative", "a b:c", ""])
def test_an_identifier_that_is_none_is_told_after_good_ones(
    place: tuple[str, ...], identifier: str
) -> None:
    for _ in range(3):
        assert report(add_proof(badge(), signer=signer(), created=NOW)).verified
    document = add_proof(badge(), signer=signer(), created=NOW)
    part: Any = document
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = identifier
    assert report(document).verified is False


def test_an_endorsement_within_the_proof_is_looked_at() -> None:
    document = add_proof(badge(), signer=signer(), created=NOW)
    assert report(document).verified
    document["proof"]["endorsementJwt"] = "a.b.c"
    assert report(document).verified is False


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (("schema",), {"schema"}),
        (("status", "endorsements", "refresh"), {"status", "endorsements", "refresh"}),
    ],
)
def test_what_the_caller_leaves_out_is_not_in_the_report(
    left_out: tuple[str, ...], missing: set[str]
) -> None:
    document = add_proof(badge(), signer=signer(), created=NOW)
    for tried in (document, {"broken": True}):
        whole = verify(tried, resolver=Documents(), now=NOW)
        part = verify(tried, resolver=Documents(), now=NOW, leave_out=left_out)
        names = [check.check for check in whole.checks]
        assert [check.check for check in part.checks] == [
            name for name in names if name not in missing
        ]
        assert part.verified == whole.verified


def test_the_proof_cannot_be_left_out() -> None:
    with pytest.raises(
        ValueError, match=r"\['proof'\].*give some of endorsements, refresh, schema"
    ):
        verify({}, resolver=Documents(), now=NOW, leave_out=["proof", "schema"])
