"""The matrix of a unit as its template writes it: everything for a cell is reckoned beforehand.

A page has thousands of cells, so the drawing for a pair of levels is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guildmark.skills.gaps import Cell, PersonGaps
from guildmark.skills.models import Skill
from guildmark.web.templatetags.guildmark import level_mark


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """A required skill of a person; `words` says all that shape and colour say."""

    url: str
    skill: str
    style: str
    mark: SafeString
    code: str
    words: str
    is_urgent: bool


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A person; a cell is None where their role does not ask for the skill."""

    gaps: PersonGaps
    url: str
    cells: tuple[MatrixCell | None, ...]


def matrix_rows(
    people: Iterable[PersonGaps], columns: Sequence[Skill], *, query: str, only_gaps: bool
) -> list[MatrixRow]:
    """The rows for these people; `query` is kept on the way to a person."""
    names = {skill.id: skill.name for skill in columns}
    words = _words_maker()
    marks: dict[tuple[int, int], SafeString] = {}

    def cell_of(cell: Cell | None, url: str) -> MatrixCell | None:
        if cell is None or (only_gaps and not cell.gap):
            return None
        pair = (cell.held.rank, cell.required.rank)
        if pair not in marks:
            marks[pair] = level_mark(*pair)
        name = names[cell.skill.id]
        return MatrixCell(
            url=f"{url}#skill-{cell.skill.id}",
            skill=name,
            style="" if not cell.gap else "gap critical" if cell.is_critical else "gap",
            mark=marks[pair],
            code=cell.held.code,
            words=f"{name}: {words(cell)}",
            is_urgent=bool(cell.gap) and cell.is_critical,
        )

    rows = []
    for person in people:
        url = reverse("person_gaps", args=[person.person.id]) + query
        cells = tuple(cell_of(person.cell(skill.id), url) for skill in columns)
        rows.append(MatrixRow(gaps=person, url=url, cells=cells))
    return rows


def _words_maker() -> Callable[[Cell], str]:
    known: dict[tuple[int, int, bool], str] = {}

    def words(cell: Cell) -> str:
        key = (cell.held.rank, cell.required.rank, cell.is_critical)
        if key not in known:
            values = {"held": cell.held, "required": cell.required}
            if not cell.gap:
                known[key] = _("has %(held)s, needs %(required)s") % values
            elif cell.is_critical:
                known[key] = _("critical gap: has %(held)s, needs %(required)s") % values
            else:
                known[key] = _("gap: has %(held)s, needs %(required)s") % values
        return known[key]

    return words
