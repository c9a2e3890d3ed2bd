"""The matrix of a unit as its template writes it: everything for a cell is reckoned beforehand.

A page has thousands of cells, so the drawing for a pair of levels stands once on it, as a symbol
that the cells use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guildmark.skills.gaps import Cell, PersonGaps
from guildmark.skills.models import Skill
from guildmark.web.templatetags.guildmark import level_mark


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """A required skill of a person; `words` says all that shape and colour say."""

    url: str
    style: str
    mark: str
    code: str
    words: str
    is_urgent: bool


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A person; a cell is None where their role does not ask for the skill."""

    gaps: PersonGaps
    url: str
    cells: tuple[MatrixCell | None, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The rows, and the drawings that their cells use by name."""

    rows: tuple[MatrixRow, ...]
    symbols: tuple[SafeString, ...]


def matrix_of(
    people: Iterable[PersonGaps],
    columns: Sequence[Skill],
    *,
    query: str,
    counts: Callable[[Cell], bool],
) -> Matrix:
    """The rows for these people with the cells that count; `query` is kept on the way on."""
    names = {skill.id: skill.name for skill in columns}
    words = _words_maker()
    symbols: dict[str, SafeString] = {}

    def cell_of(cell: Cell | None, url: str) -> MatrixCell | None:
        if cell is None or not counts(cell):
            return None
        mark = f"mark-{cell.held.rank}-{cell.required.rank}"
        if mark not in symbols:
            symbols[mark] = _symbol(mark, cell)
        return MatrixCell(
            url=f"{url}#skill-{cell.skill.id}",
            style="" if not cell.gap else "gap critical" if cell.is_critical else "gap",
            mark=mark,
            code=cell.held.code,
            words=f"{names[cell.skill.id]}: {words(cell)}",
            is_urgent=bool(cell.gap) and cell.is_critical,
        )

    rows = []
    for person in people:
        url = reverse("person_gaps", args=[person.person.id]) + query
        cells = tuple(cell_of(person.cell(skill.id), url) for skill in columns)
        rows.append(MatrixRow(gaps=person, url=url, cells=cells))
    return Matrix(rows=tuple(rows), symbols=tuple(symbols.values()))


def _symbol(name: str, cell: Cell) -> SafeString:
    drawn = level_mark(cell.held.rank, cell.required.rank)
    inside = mark_safe(drawn[drawn.index(">") + 1 : drawn.rindex("<")])  # noqa: S308 - its own
    # The class stands inside, because a symbol in use knows no ancestors but its own.
    return format_html(
        '<symbol id="{}" viewBox="0 0 24 24"><g class="ilu">{}</g></symbol>', name, inside
    )


def _words_maker() -> Callable[[Cell], str]:
    known: dict[tuple[int, int, bool], str] = {}

    def words(cell: Cell) -> str:
        key = (cell.held.rank, cell.required.rank, cell.is_critical)
        if key not in known:
            known[key] = _words_of(cell)
        return known[key]

    return words


def _words_of(cell: Cell) -> str:
    values = {"held": cell.held, "required": cell.required}
    if not cell.gap:
        return _("has %(held)s, needs %(required)s") % values
    if not cell.held.rank:
        if cell.is_critical:
            return _("critical gap: needs %(required)s, has nothing yet") % values
        return _("gap: needs %(required)s, has nothing yet") % values
    if cell.is_critical:
        return _("critical gap: has %(held)s, needs %(required)s") % values
    return _("gap: has %(held)s, needs %(required)s") % values
