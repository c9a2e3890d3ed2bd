"""What every reader of frameworks hands over and every writer takes: one shape for all formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_LABEL = 300
MAX_IDENTIFIER = 400
MAX_CODE = 60
MAX_TEXT = 50_000
ILUO = ("I", "L", "U", "O")
Texts = Mapping[str, str]


class FrameworkFileError(ValueError):
    """A file cannot be taken as it is; the message names file, place, value and the mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillRow:
    """A skill, or a group of skills, as a release states it.

    `translations` is {language: {field: text}}, `other_names` {language: {"alternative" or
    "hidden": [names]}} with the framework's own language among them; `details` is what the format
    says besides. `place` says where it stood.
    """

    identifier: str
    label: str
    kind: str = "skill"
    code: str = ""
    statement: str = ""
    scope_note: str = ""
    group: str = ""
    translations: Mapping[str, Texts] = field(default_factory=dict)
    other_names: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    is_withdrawn: bool = False
    place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class OccupationRow:
    """An occupation or a group of them; `broader` is the identifier of what it stands under."""

    identifier: str
    code: str
    title: str
    description: str = ""
    is_group: bool = False
    broader: str = ""
    other_titles: tuple[tuple[str, str], ...] = ()
    """Pairs of language and title."""
    translations: Mapping[str, Texts] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    is_withdrawn: bool = False
    place: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class AlignmentRow:
    """A skill beside one of another framework; `match` is exact, close, broad, narrow, related."""

    skill: str
    match: str
    target_identifier: str
    target_label: str = ""
    target_framework: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingRow:
    """An occupation needs a skill: importance 1 to 5, level 0 to 7, as O*NET has it."""

    occupation: str
    skill: str
    importance: float
    level: float


@dataclass(frozen=True, kw_only=True)
class FrameworkRows:
    """A release, checked. What the source says nothing about is None, and stays as it is.

    `broader` has (narrower, broader, position), `relations` (skill, kind, other skill),
    `occupation_skills` (occupation, skill, "essential" or "optional"), all by identifier;
    `anchors` (skill, O*NET level, text), `levels` (skill, letter of ILUO, text). `counts` has the
    rows read by file, `warnings` what was left out and why.
    """

    identifier: str
    title: str
    version: str
    source: str
    language: str = "en"
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    description: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    skills: tuple[SkillRow, ...] | None = None
    broader: tuple[tuple[str, str, int], ...] | None = None
    relations: tuple[tuple[str, str, str], ...] | None = None
    alignments: tuple[AlignmentRow, ...] | None = None
    occupations: tuple[OccupationRow, ...] | None = None
    occupation_skills: tuple[tuple[str, str, str], ...] | None = None
    ratings: tuple[RatingRow, ...] | None = None
    anchors: tuple[tuple[str, int, str], ...] | None = None
    levels: tuple[tuple[str, str, str], ...] | None = None
    counts: Mapping[str, int] = field(default_factory=dict, compare=False)
    warnings: tuple[str, ...] = field(default=(), compare=False)


def shortened(text: str, most: int = MAX_LABEL) -> str:
    """The text in one line, cut with an ellipsis where it is longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def cycle_in(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The identifiers of a circle in (narrower, broader), from one back to itself; or nothing."""
    above: dict[str, list[str]] = {}
    for narrower, broader in pairs:
        above.setdefault(narrower, []).append(broader)
    done: set[str] = set()
    for start in above:
        if start in done:
            continue
        path = [start]
        on_path = {start}
        waiting = [iter(above[start])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                last = path.pop()
                on_path.discard(last)
                done.add(last)
            elif following in on_path:
                return [*path[path.index(following) :], following]
            elif following not in done and following in above:
                path.append(following)
                on_path.add(following)
                waiting.append(iter(above[following]))
    return []


def check_rows(rows: FrameworkRows) -> FrameworkRows:
    """The rows, when they hold together. Raises FrameworkFileError.

    What a reader of one format could not name better is named here: an identifier twice, a
    relation to nothing, a circle in the hierarchy, a text that cannot be kept.
    """
    known: dict[str, str] = {}
    for name, most in (("version", 40), ("title", 300), ("identifier", MAX_IDENTIFIER)):
        _check_text(f"the framework's {name}", getattr(rows, name), most, required=True)
    for kind, each in (("skill", rows.skills or ()), ("occupation", rows.occupations or ())):
        for row in each:
            where = row.place or f"{kind} {row.identifier[:120]!r}"
            _check_text(f"{where}: identifier", row.identifier, MAX_IDENTIFIER, required=True)
            if row.identifier in known:
                raise FrameworkFileError(
                    f"{where}: the identifier {row.identifier[:120]!r} stands there a second time"
                    + (f", after {known[row.identifier]}" if known[row.identifier] else "")
                    + ": each stands once; remove or rename one."
                )
            known[row.identifier] = row.place
            name = row.label if isinstance(row, SkillRow) else row.title
            _check_text(f"{where}: name", name, MAX_LABEL, required=True)
            _check_text(f"{where}: code", row.code, MAX_CODE)
            text = row.statement if isinstance(row, SkillRow) else row.description
            _check_text(f"{where}: description", text, MAX_TEXT)
            _check_values(where, (row.translations, row.details))
            if isinstance(row, SkillRow):
                _check_values(where, (row.scope_note, row.group, row.other_names))
    _check_values("the framework", (rows.details, rows.description, rows.publisher))
    if rows.skills is not None:
        _check_hierarchy(rows, {row.identifier for row in rows.skills})
    return rows


def _check_hierarchy(rows: FrameworkRows, skills: set[str]) -> None:
    for narrower, broader, _ in rows.broader or ():
        for one in (narrower, broader):
            if one not in skills:
                raise FrameworkFileError(
                    f"the hierarchy names {one[:120]!r}, which is no skill of the framework: add "
                    "the skill or remove the link."
                )
    for skill, kind, other in rows.relations or ():
        for one in (skill, other):
            if one not in skills:
                raise FrameworkFileError(
                    f"a relation ({kind}) names {one[:120]!r}, which is no skill of the framework: "
                    "add the skill or remove the relation."
                )
    circle = cycle_in((narrower, broader) for narrower, broader, _ in rows.broader or ())
    if circle:
        raise FrameworkFileError(circle_words(circle))


def circle_words(circle: list[str]) -> str:
    """What is told of a circle in the hierarchy."""
    shown = " → ".join(one[:120] for one in circle[:8])
    return f"the hierarchy goes in a circle: {shown}. Remove one of these links."


def _check_text(where: str, text: str, most: int, *, required: bool = False) -> None:
    if required and not text.strip():
        raise FrameworkFileError(f"{where} is empty: fill it in.")
    if len(text) > most:
        raise FrameworkFileError(
            f"{where} has {len(text):,} characters ({text[:40]!r}…): at most {most:,} are kept."
        )
    _check_values(where, text)


def _check_values(where: str, value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise FrameworkFileError(
                f"{where}: {value[:60]!r} has a character that is none (NUL or half a pair): "
                "remove it."
            )
        if len(value) > MAX_TEXT:
            raise FrameworkFileError(
                f"{where}: a text has {len(value):,} characters ({value[:40]!r}…): at most "
                f"{MAX_TEXT:,} are kept."
            )
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _check_values(where, key)
            _check_values(where, one)
    elif isinstance(value, list | tuple):
        for one in value:
            _check_values(where, one)
