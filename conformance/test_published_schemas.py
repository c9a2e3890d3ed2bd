"""What is built meets the JSON Schemas that 1EdTech itself publishes.

Their licence (https://www.imsglobal.org/speclicense.html, section 3) lets registered users alone
pass them on, so they are no part of this repository, and these tests none of its own. Whoever has
them in a folder names it in PUBLISHED_SCHEMAS; the very files whose digests stand here are judged.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials.model import clr
from guildmark.credentials.model import openbadges as ob
from guildmark.credentials.schemas.validation import class_of, validate
from tests.credentials import strategies
from tests.credentials.builders import badge

FOLDER = Path(os.environ["PUBLISHED_SCHEMAS"])
# From https://purl.imsglobal.org/spec/{ob/v3p0,clr/v2p0}/schema/json/, as of 2026.
DIGESTS = {
    "ob_v3p0_achievementcredential_schema.json": (
        "b7358e895f492e74055dc6bfc7ffc420d0e497f90c4579fb83d9519b86d393ea"
    ),
    "ob_v3p0_endorsementcredential_schema.json": (
        "786b1190ea97e7e339d8057f02414603c0e2b8b1cbe46fd72165c73f39a256c6"
    ),
    "ob_v3p0_profile_schema.json": (
        "6b268f2caa591bf657e2a290e195713c41dc2db4e1c797723cfd00a1a83f8f13"
    ),
    "clr_v2p0_clrcredential_schema.json": (
        "59d778659204b0bd593e9e2ab1683fb6f688e339885c44019f606ed6feb4caee"
    ),
}


@cache
def _published(name: str) -> Any:
    raw = (FOLDER / name).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == DIGESTS[name], f"{name} is another file"
    return jsonschema_rs.Draft201909Validator(json.loads(raw), validate_formats=True, offline=True)


def _deviations(name: str, document: dict[str, Any]) -> list[str]:
    found = _published(name).iter_errors(document)
    return [f"{list(error.instance_path)}: {error.message[:300]}" for error in found]


@strategies.whole
@given(strategies.open_badges(jwt=True, endorsed=True))
def test_badges(value: ob.OpenBadgeCredential) -> None:
    found = _deviations("ob_v3p0_achievementcredential_schema.json", value.to_document())
    assert found == []


@strategies.whole
@given(strategies.endorsements())
def test_endorsements(value: ob.EndorsementCredential) -> None:
    found = _deviations("ob_v3p0_endorsementcredential_schema.json", value.to_document())
    assert found == []


@strategies.whole
@given(strategies.learner_records(jwt=True))
def test_learner_records(value: clr.ClrCredential) -> None:
    found = _deviations("clr_v2p0_clrcredential_schema.json", value.to_document())
    assert found == []


@strategies.whole
@given(strategies.profiles(jwt=True, endorsed=True))
def test_profiles(value: ob.Profile) -> None:
    assert _deviations("ob_v3p0_profile_schema.json", value.to_document()) == []


@strategies.whole
@given(strategies.open_badges(jwt=True, versions=("3.0.3",)), st.data())
def test_what_our_schema_lets_pass_theirs_does_too(
    value: ob.OpenBadgeCredential, data: st.DataObject
) -> None:
    document = value.to_document()
    places = [(holder, key) for holder, key in _places(document) if key not in ("type", "proof")]
    for _ in range(40):
        holder, key = data.draw(st.sampled_from(places))
        kept = holder[key]
        holder[key] = data.draw(st.sampled_from([None, 5, "", "text", {}, [], [kept, kept], True]))
        # Several status entries are the W3C's rule, which 1EdTech's tables narrow to one.
        several = isinstance(document.get("credentialStatus"), list)
        if class_of(document) and not several and not validate(document):
            assert _deviations("ob_v3p0_achievementcredential_schema.json", document) == []
        holder[key] = kept


def test_theirs_takes_one_status_entry_and_ours_several() -> None:
    entry = badge()["credentialStatus"]
    two = badge(credentialStatus=[entry, {**entry, "statusPurpose": "suspension"}])
    assert validate(two) == []
    assert _deviations("ob_v3p0_achievementcredential_schema.json", two)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member of an object and every part of a list, with what holds it."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in list(parts):
        yield value, key
        if isinstance(part, dict | list):
            yield from _places(part)
