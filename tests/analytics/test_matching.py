"""Matching on a small framework: what is found, what speaks for it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildmark.analytics.matching import (
    By,
    Index,
    MatchingError,
    Relation,
    Skill,
    build_index,
    crosswalk,
)
from guildmark.analytics.matching._words import stem

SKILLS = [
    Skill(id="weld", label="weld pipes", alternatives=("join pipes by welding",)),
    Skill(id="draw", label="read engineering drawings", description="Read technical drawings."),
    Skill(id="team", label="work in teams", alternatives=("collaborate with colleagues",)),
    Skill(id="python", label="Python (computer programming)"),
    Skill(id="scratch", label="Scratch (computer programming)"),
    Skill(id="cpp", label="C++"),
    Skill(id="lift", label="operate forklift", description="Move pallets with a fork-lift truck."),
    Skill(id="cook", label="prepare salads"),
    Skill(id="care", label="assist patients", alternatives=("help the sick",)),
    Skill(id="sell", label="sell furniture"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index(SKILLS)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("You weld pipes.", "weld"),
        ("Welding of pipes and vessels", "weld"),
        ("You collaborate with colleagues every day.", "team"),
        ("Able to interprete enginering drawngs", "draw"),
        ("Moving pallets with a fork lift truck", "lift"),
        ("Solid knowledge of Python", "python"),
        ("Experience with C ++ or Rust", "cpp"),
        ("Nursing experience in a hospital ward", "care"),
    ],
)
def test_the_best_is_first(index: Index, text: str, best: str) -> None:
    assert index.match([text])[0][0].id == best


def test_several_skills_in_one_sentence(index: Index) -> None:
    text = "You sell furniture, prepare salads and operate a forklift."
    assert {match.id for match in index.match([text], top=3)[0]} == {"sell", "cook", "lift"}


def test_a_name_that_is_a_common_word_needs_its_capital(index: Index) -> None:
    common, proper = index.match(["We start from scratch.", "We program in Scratch."], top=10)
    scores = [{match.id: match.score for match in found}["scratch"] for found in (common, proper)]
    assert scores[0] < scores[1]


def test_words_of_the_text_speak_for_a_match(index: Index) -> None:
    text = "In the hall you are welding steel and  pipes!"
    match = index.match([text])[0][0]
    assert [reason.text for reason in match.reasons] == ["welding", "pipes"]
    for reason in match.reasons:
        assert text[reason.start : reason.end] == reason.text
        assert reason.by is By.WORDS
        assert reason.name in ("weld pipes", "join pipes by welding")


def test_meaning_speaks_where_no_word_is_shared(index: Index) -> None:
    text = "Nursing in a hospital"
    match = index.match([text])[0][0]
    assert match.id == "care"
    assert {reason.by for reason in match.reasons} <= {By.MEANING}
    assert all(text[reason.start : reason.end] == reason.text for reason in match.reasons)


def test_nothing_to_hear(index: Index) -> None:
    assert index.match(["", " \n", "?!", "\x00", "\u200b"]) == [[]] * 5
    assert index.match([]) == []
    assert build_index([]).match(["weld pipes"]) == [[]]


@pytest.mark.parametrize("text", ["weld " * 100_000, "x" * 1_000_000, "🙂" * 10_000, "工" * 9_000])
def test_huge_texts_are_bounded(index: Index, text: str) -> None:
    assert len(index.match([text], top=3)[0]) in (0, 3)


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(max_size=80), max_size=4), top=st.integers(1, 12))
def test_scores_fall_and_stay_in_bounds(index: Index, texts: list[str], top: int) -> None:
    for text, matches in zip(texts, index.match(texts, top=top), strict=True):
        scores = [match.score for match in matches]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert len(matches) in (0, min(top, len(SKILLS)))
        for match in matches:
            for reason in match.reasons:
                assert text[reason.start : reason.end] == reason.text
                assert 0 <= reason.likeness <= 1


def test_the_same_whatever_is_asked_with_it(index: Index) -> None:
    alone = index.match(["You weld pipes in teams."])[0]
    among = index.match(["Other", "You weld pipes in teams.", "A third and longer text"])[1]
    assert [match.id for match in alone] == [match.id for match in among]
    np.testing.assert_allclose(
        [match.score for match in alone], [match.score for match in among], atol=1e-4
    )


def test_an_index_is_kept_and_a_damaged_one_made_anew(tmp_path: Path) -> None:
    first = build_index(SKILLS, folder=tmp_path).match(["weld"])
    (kept,) = tmp_path.iterdir()
    seen: list[str] = []
    again = build_index(SKILLS, folder=tmp_path, progress=lambda what, *_: seen.append(what))
    assert again.match(["weld"]) == first
    assert seen == []
    kept.write_bytes(kept.read_bytes()[:5000])
    mended = build_index(SKILLS, folder=tmp_path, progress=lambda what, *_: seen.append(what))
    assert mended.match(["weld"]) == first
    assert set(seen) == {"names", "descriptions"}


def test_what_is_refused(index: Index) -> None:
    with pytest.raises(MatchingError, match="no label"):
        build_index([Skill(id="1", label=" - ")])
    with pytest.raises(MatchingError, match="Two skills have the id '1'"):
        build_index([Skill(id="1", label="a"), Skill(id="1", label="b")])
    with pytest.raises(MatchingError, match="1 to 100"):
        index.match(["weld"], top=0)


@pytest.mark.parametrize(
    ("label", "id_", "relation"),
    [
        ("Welding pipes", "weld", Relation.EXACT),
        ("Help the sick", "care", Relation.CLOSE),
        ("weld stainless pipes", "weld", Relation.BROAD),
        ("drawings", "draw", Relation.NARROW),
    ],
)
def test_crosswalk(index: Index, label: str, id_: str, relation: Relation) -> None:
    best = crosswalk(index, [Skill(id="other", label=label)])[0][0]
    assert (best.source, best.id, best.relation) == ("other", id_, relation)
    assert best.reason


def test_inflected_words_agree() -> None:
    assert len({stem(word) for word in ("manage", "managing", "manages", "management")}) == 1
    assert stem("C++".lower()) == "c++"
