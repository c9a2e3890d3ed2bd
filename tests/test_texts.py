"""Characters that cannot be seen are found and named; what people are really called is taken."""

from __future__ import annotations

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from guildmark.errors import InvalidError
from guildmark.texts import character_problem, require_readable, shown

BIDIRECTIONAL = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
OTHERS = list(
    "\0\x07\x1b\x7f\x85\xad\u061c\u115f\u180e\u200b\u200e\u200f\u2028\u2060\u2063\u3164\ufeff"
    "\ufff9\ufffe\U000e0041\U0001ffff"
)
HIDDEN = BIDIRECTIONAL + OTHERS
GOOD = [
    "Zoë O’Brien-Łukasz",
    "Nguyễn Thị Ánh",
    "王小明",
    "محمد عبد الله",
    "שרה כהן",
    "می\u200cخواهم",  # Persian needs the joiner
    "क्\u200dष",  # so does Hindi
    "Lötstation 👩\u200d🔧 ❤️",
    "5 µm · ½ – “quoted”",
    "\u202f1\u00a0000\u2009€",
]
BAD = "Ada\u202eecnarG"


@pytest.mark.parametrize("text", GOOD)
def test_what_people_are_called_is_taken(text: str) -> None:
    assert character_problem(text) is None
    assert shown(text) == text


@pytest.mark.parametrize("char", HIDDEN, ids=lambda char: f"U+{ord(char):04X}")
def test_what_cannot_be_seen_is_told_with_its_place(char: str) -> None:
    problem = character_problem(f"Ada{char}n")
    assert problem is not None
    assert f"Character 4 is U+{ord(char):04X} (" in problem
    assert "Delete it" in problem
    assert character_problem(f"Ada{char}n", breaks=True) is not None
    assert shown(f"Ada{char}n") == f"Ada<U+{ord(char):04X}>n"


def test_the_character_is_named_in_both_languages() -> None:
    assert "RIGHT-TO-LEFT OVERRIDE" in str(character_problem(BAD))
    with translation.override("de"):
        assert "Zeichen 4 ist U+202E (RIGHT-TO-LEFT OVERRIDE)" in str(character_problem(BAD))
        assert "Steuerzeichen" in str(character_problem("\x07"))


@pytest.mark.parametrize("text", ["\u200d", "a\u200cb", "Ada\u200d", "م\u200c\u200cم", "م\u200c م"])
def test_joiners_that_join_nothing_are_refused(text: str) -> None:
    assert character_problem(text) is not None


def test_several_lines_only_where_they_may_be() -> None:
    assert character_problem("one\ntwo") is not None
    assert character_problem("one\r\n\ttwo", breaks=True) is None
    with pytest.raises(InvalidError) as error:
        require_readable(lines={"name": BAD, "area": "ok"}, paragraphs={"note": f"a\n{BAD}"})
    assert list(error.value.by_field()) == ["name", "note"]


@given(st.text(max_size=30), st.sampled_from(HIDDEN), st.text(max_size=30))
def test_hidden_anywhere_is_found(before: str, char: str, after: str) -> None:
    assert character_problem(before + char + after, breaks=True) is not None


@given(st.text(st.characters(categories=["L", "N", "P", "S"], max_codepoint=0x10FF), max_size=40))
def test_what_is_drawn_is_taken(text: str) -> None:
    assert character_problem(text) is None


@given(st.text(max_size=60))
def test_what_is_told_can_be_seen(text: str) -> None:
    told = shown(text)
    assert character_problem(told) is None
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in told)
