"""The tags that pages share."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template import Context, Template, TemplateSyntaxError


def rendered(source: str, **values: object) -> str:
    """A line of template with these values."""
    return Template("{% load guildmark %}" + source).render(Context(values))


def test_level_mark_has_words_and_a_piece_for_each_rank() -> None:
    """Held ranks are filled, missing ones dashed, and both are said."""
    mark = rendered("{% level_mark 1 3 %}")
    assert mark.count('class="held"') == 1
    assert mark.count('class="missing"') == 2
    assert 'aria-label="level 1, 3 required"' in mark


def test_level_mark_of_nothing_held_and_of_another_scale() -> None:
    """A template hands over an empty text where nothing is held."""
    assert rendered("{% level_mark none.rank 2 %}").count('class="missing"') == 2
    assert rendered("{% level_mark 6 highest=6 %}").count('class="held"') == 6
    assert 'aria-label="&lt;U&gt;"' in rendered("{% level_mark 2 words=w %}", w="<U>")


def test_gap_bar_shows_what_is_missing() -> None:
    """From what is held to the requirement; nothing where it is met."""
    assert 'x="50" y="1" width="100"' in rendered("{% gap_bar 1 3 %}")
    assert "short" not in rendered("{% gap_bar 3 3 %}")
    assert 'width="200" height="16"/><path' in rendered("{% gap_bar 100 80 100 %}")


def test_status_badge_prefers_the_words_of_the_state() -> None:
    """An icon and a word for every state, also for one nobody thought of."""
    badge = rendered("{% status_badge 'revoked' %}")
    assert "status-bad" in badge
    assert "#ban" in badge
    assert "revoked" in badge
    assert "my words" in rendered("{% status_badge 'active' 'my words' %}")
    assert "odd&lt;" in rendered("{% status_badge s %}", s="odd<")


def test_an_icon_that_is_not_there_is_told_at_once() -> None:
    """A slip in a name does not become an empty square."""
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        rendered("{% icon 'nothing-of-the-kind' %}")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nordwerk Antriebe", "NA"), ("Kranwerk", "KR"), ("王小明", "王小"), ("", "–")],
)
def test_initials(name: str, letters: str) -> None:
    """Two letters fit a punch."""
    assert rendered("{{ n|initials }}", n=name) == letters


def test_a_card_that_no_longer_counts_is_struck() -> None:
    """The state is on the card in words and as a cancelled mark."""
    card = '{% include "guildmark/components/credential_card.html" %}'
    values = {"name": "Press", "issuer": "Nordwerk", "awarded": dt.date(2026, 3, 1), "rank": 3}
    assert "is-void" in rendered(card, state="revoked", **values)
    assert "is-void" not in rendered(card, state="active", **values)
