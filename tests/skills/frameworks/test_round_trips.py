"""Out as CSV, CASE and CTDL-ASN and in again is the same framework."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guildmark.skills.readers.case import read_case
from guildmark.skills.readers.ctdl_asn import read_ctdl_asn
from guildmark.skills.readers.shape import AlignmentRow, FrameworkRows, SkillRow, check_rows
from guildmark.skills.readers.template import read_template
from guildmark.skills.writers.case import write_case
from guildmark.skills.writers.ctdl_asn import write_ctdl_asn
from guildmark.skills.writers.template import write_template

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
MAYBE = st.just("") | WORDS
NAMES = st.lists(WORDS.filter(lambda w: " | " not in w), min_size=1, max_size=2, unique=True)
LANGUAGES = ("en", "de")


@st.composite
def frameworks(draw: st.DrawFn) -> FrameworkRows:
    count = draw(st.integers(1, 4))
    keys = [
        draw(
            st.sampled_from([f"https://example.org/skills/{n}", f"urn:uuid:{uuid.UUID(int=n + 1)}"])
        )
        for n in range(count)
    ]
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda p: p[0] > p[1]
    )
    pairs = st.lists(pair, max_size=3, unique=True) if count > 1 else st.just([])
    skills = []
    for n, key in enumerate(keys):
        german = draw(st.none() | st.fixed_dictionaries({"label": WORDS}, optional={
            "statement": WORDS, "scope_note": WORDS, "group": WORDS}))  # fmt: skip
        names = {
            lang: draw(
                st.fixed_dictionaries({}, optional={"alternative": NAMES, "hidden": NAMES}).filter(
                    bool
                )
            )
            for lang in draw(st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=2))
        }
        skills.append(
            SkillRow(
                identifier=key,
                label=draw(WORDS),
                kind=draw(st.sampled_from(["skill", "knowledge", "task", "tool", "group"])),
                code=draw(st.just("") | st.just(f"K{n}")),
                statement=draw(MAYBE),
                scope_note=draw(MAYBE),
                group=draw(MAYBE),
                translations={"de": german} if german else {},
                other_names=names,
                details=draw(st.just({}) | st.just({"reuseLevel": "transversal", "n": [1, {}]})),
                is_withdrawn=draw(st.booleans()),
            )
        )
    alignments = [
        AlignmentRow(
            skill=keys[0],
            match=draw(st.sampled_from(["exact", "close", "broad", "narrow", "related"])),
            target_identifier=f"https://elsewhere.example/{n}",
            target_label=draw(WORDS.filter(lambda w: " | " not in w and not w.endswith("|"))),
            target_framework=draw(st.just("") | st.just("ESCO v1.1.1")),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    kinds = st.sampled_from(["essential", "optional", "related", "precedes", "replaced_by"])
    levels = [(keys[0], letter, draw(WORDS)) for letter in draw(st.sampled_from(["", "I", "LU"]))]
    return check_rows(
        FrameworkRows(
            identifier="https://example.org/frameworks/ours",
            title=draw(WORDS),
            version=draw(st.sampled_from(["1", "2.0.1", "2026-03"])),
            source="own",
            language="en",
            publisher=draw(MAYBE),
            licence=draw(MAYBE),
            attribution=draw(MAYBE),
            description=draw(MAYBE),
            details=draw(st.just({}) | st.just({"note": "kept"})),
            skills=tuple(skills),
            broader=tuple((keys[a], keys[b], draw(st.integers(0, 3))) for a, b in draw(pairs)),
            relations=tuple(dict.fromkeys((keys[a], draw(kinds), keys[b]) for a, b in draw(pairs))),
            alignments=tuple(alignments),
            levels=tuple(levels) or None,
        )
    )


def in_order(rows: FrameworkRows) -> dict[str, Any]:
    """The rows where the order of ties says nothing."""
    values = {name: getattr(rows, name) for name in rows.__dataclass_fields__}
    for name in ("broader", "relations"):
        values[name] = sorted(values[name])
    values["alignments"] = sorted(values["alignments"], key=lambda one: one.target_identifier)
    return values | {"counts": None, "warnings": None}


@given(frameworks())
def test_as_case(rows: FrameworkRows) -> None:
    package = json.loads(json.dumps(write_case(rows, changed_at=AT)))
    assert in_order(read_case("x.json", package)) == in_order(rows)
    again = write_case(read_case("x.json", package), changed_at=AT)
    assert again == package


@given(frameworks())
def test_as_ctdl_asn(rows: FrameworkRows) -> None:
    graph = json.loads(json.dumps(write_ctdl_asn(rows)))
    assert in_order(read_ctdl_asn("x.json", graph)) == in_order(rows)


@given(frameworks())
def test_as_our_table(rows: FrameworkRows) -> None:
    table = write_template(rows).encode()
    assert in_order(read_template("x.csv", table)) == in_order(rows)
