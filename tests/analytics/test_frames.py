"""Gaps of data frames: any library's, by names, with every mistake told."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from guildmark.analytics.gaps import NamedGaps, TableError, gaps_of_frame
from tests.analytics.companies import Small, companies

PEOPLE: dict[str, list[Any]] = {
    "person": ["Ann", "Ann", "Bob", "Ann"],
    "role": ["Welder", "Welder", "Welder", "Fitter"],
    "skill": ["TIG", "MIG", None, None],
    "level": [3, 1.5, None, math.nan],
}
REQUIREMENTS: dict[str, list[Any]] = {
    "role": ["Welder", "Welder", "Fitter", "Guard"],
    "skill": ["TIG", "MIG", "TIG", None],
    "level": [4, 2.5, 3, None],
    "weight": [2, None, 1, None],
    "critical": [True, False, None, None],
}


class Column:
    """As pandas and Polars (`to_list`) have it."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def to_list(self) -> list[Any]:
        return self._values


class Frame:
    """As pandas and Polars have it: `columns`, and a column by its name."""

    def __init__(self, values: dict[str, list[Any]]) -> None:
        self.columns = list(values)
        self._values = values

    def __getitem__(self, name: str) -> Column:
        return Column(self._values[name])


class Arrow(Frame):
    """As Arrow has it: `columns` are the columns themselves, `column_names` their names."""

    def __init__(self, values: dict[str, list[Any]]) -> None:
        super().__init__(values)
        self.column_names, self.columns = list(values), []


@pytest.mark.parametrize("kind", [dict, Frame, Arrow])
def test_whatever_the_frame_the_columns_are_plain(kind: Any) -> None:
    found = gaps_of_frame(kind(PEOPLE), kind(REQUIREMENTS))
    assert found.gaps == {
        "person": ["Ann", "Ann", "Bob", "Bob"],
        "role": ["Welder"] * 4,
        "skill": ["TIG", "MIG", "TIG", "MIG"],
        "required": [4, 2.5, 4, 2.5],
        "held": [3, 1.5, 0, 0],
        "gap": [1, 1, 4, 2.5],
        "weight": [2, 1, 2, 1],
        "critical": [True, False, True, False],
    }
    assert found.people["person"] == ["Ann", "Bob", "Ann"]
    assert found.people["role"] == ["Welder", "Welder", "Fitter"]
    assert found.people["fit"] == [pytest.approx(7.5 / 10.5), 0, 1]
    assert found.people["gaps"] == [2, 2, 0]
    assert found.people["critical_gaps"] == [1, 1, 0]


def test_arrays_of_numbers_are_columns_too() -> None:
    found = gaps_of_frame(
        {"person": np.array([7]), "role": ["A"], "skill": np.array([1.0]), "level": np.array([2])},
        {"role": iter(["A"]), "skill": ("1",), "level": np.array([3], dtype=np.float32)},
    )
    assert found.gaps["person"] == ["7"]
    assert found.gaps["gap"] == [1]
    assert found.people["fit"] == [pytest.approx(2 / 3)]


@given(small=companies())
def test_names_instead_of_numbers_find_the_same(small: Small) -> None:
    found = by_name(small)
    rows = list(rows_of(found.gaps, "person", "role", "skill", "required", "held"))
    expected = [
        (f"p{person}", f"r{role}", f"s{skill}", level, small.best(person, skill))
        for person, role in enumerate(small.own)
        for (of, skill), (level, _, _) in small.required.items()
        if of == role and small.best(person, skill) < level
    ]
    assert sorted(rows) == sorted(expected)
    for name, role, fit in rows_of(found.people, "person", "role", "fit"):
        expected_fit = small.fit(int(name[1:]), int(role[1:]))
        assert fit == pytest.approx(1 if math.isnan(expected_fit) else expected_fit)
    assert len(found.people["person"]) == small.people


def by_name(small: Small) -> NamedGaps:
    best = {(p, s): small.best(p, s) for p, s, _ in small.records}
    held = [(p, s, level) for (p, s), level in best.items()]
    held += [(p, None, None) for p in range(small.people) if p not in {one[0] for one in held}]
    required = [(r, s, *row) for (r, s), row in small.required.items()]
    required += [(role, None, None, None, None) for role in range(-1, small.roles)]
    return gaps_of_frame(
        {
            "person": [f"p{p}" for p, _, _ in held],
            "role": [f"r{small.own[p]}" for p, _, _ in held],
            "skill": [None if s is None else f"s{s}" for _, s, _ in held],
            "level": [level for _, _, level in held],
        },
        {
            "role": [f"r{row[0]}" for row in required],
            "skill": [None if row[1] is None else f"s{row[1]}" for row in required],
            "level": [row[2] for row in required],
            "weight": [row[3] for row in required],
            "critical": [row[4] for row in required],
        },
    )


def rows_of(columns: dict[str, list[Any]], *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(columns[name] for name in names), strict=True)


WRONG: list[tuple[dict[str, list[Any]], str]] = [
    ({"person": ["", "Ann", "Bob", "Ann"]}, "people, row 1, column person: is empty"),
    (
        {"role": ["Wedler", "Welder", "Welder", "Fitter"]},
        "people, row 1, column role: 'Wedler' is not in the requirements. "
        "Did you mean 'Welder'? A role that requires nothing has a row of its own",
    ),
    (
        {"role": ["Welder", "Chef", "Welder", "Fitter"]},
        "people, row 2, column role: 'Chef' is not in the requirements. "
        "There is: 'Welder', 'Fitter', 'Guard'.",
    ),
    ({"level": [3, "U", None, None]}, "people, row 2, column level: 'U' is not a number"),
    ({"level": [3, -1, None, None]}, "people, row 2, column level: '-1' is out of range"),
    ({"level": [3, 1e300, None, None]}, "people, row 2, column level: '1e+300' is out of range"),
    ({"level": [3, math.inf, None, None]}, "people, row 2, column level: 'inf' is out of range"),
    ({"level": [3, True, None, None]}, "people, row 2, column level: 'True' is not a number"),
    ({"level": [3, [1], None, None]}, "people, row 2, column level: '[1]' is not a number"),
    ({"level": [3, None, None, None]}, "people, row 2, column level: is empty beside the skill"),
    ({"skill": ["TIG", "", None, None]}, "people, row 2, column skill: is empty beside the level"),
    (
        {"skill": ["TIG", "TIG", None, None]},
        "people, row 2, column level: '1.5' is not what row 1 says of 'Ann' in 'TIG': 3.",
    ),
    ({"level": [3, 1.5, None]}, "people: has columns that differ in length: person 4, role 4"),
]
WRONG_REQUIREMENTS: list[tuple[dict[str, list[Any]], str]] = [
    ({"role": [None, "Welder", "Fitter", "Guard"]}, "requirements, row 1, column role: is empty"),
    ({"weight": [0, 1, 1, 1]}, "requirements, row 1, column weight: '0' does not count"),
    ({"weight": [-1, 1, 1, 1]}, "requirements, row 1, column weight: '-1' is out of range"),
    ({"critical": ["maybe", 1, 0, 1]}, "row 1, column critical: 'maybe' is neither yes nor no"),
    (
        {"skill": ["TIG", "TIG", "TIG", None]},
        "requirements, row 2, column skill: 'TIG' is required of 'Welder' in row 1 already",
    ),
]


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_what_is_wrong_with_people_is_named(changes: dict[str, list[Any]], words: str) -> None:
    with pytest.raises(TableError) as caught:
        gaps_of_frame(PEOPLE | changes, REQUIREMENTS)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(("changes", "words"), WRONG_REQUIREMENTS)
def test_what_is_wrong_with_requirements_is_named(
    changes: dict[str, list[Any]], words: str
) -> None:
    with pytest.raises(TableError) as caught:
        gaps_of_frame(PEOPLE, REQUIREMENTS | changes)
    assert words in str(caught.value)


def test_missing_columns_and_no_frames_are_named() -> None:
    with pytest.raises(TableError) as caught:
        gaps_of_frame({"person": [], "Role": []}, REQUIREMENTS)
    assert [problem.column for problem in caught.value.problems] == ["role", "skill", "level"]
    assert "There is: person, Role." in str(caught.value)
    with pytest.raises(TypeError, match="list is no data frame"):
        gaps_of_frame([], REQUIREMENTS)
    with pytest.raises(TypeError, match="str is no column"):
        gaps_of_frame(PEOPLE | {"person": "Ann"}, REQUIREMENTS)


def test_no_more_than_twenty_problems_are_told() -> None:
    many = {name: [""] * 50 for name in ("person", "role", "skill", "level")}
    with pytest.raises(TableError) as caught:
        gaps_of_frame(many, many)
    assert len(caught.value.problems) == 20
