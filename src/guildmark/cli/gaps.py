"""`guildmark gaps`: people beside what their roles require, from two CSV files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from guildmark.analytics.gaps.named import (
    MAX_PROBLEMS,
    NamedGaps,
    TableError,
    TableProblem,
    compare_tables,
)
from guildmark.cli.gap_files import read_people, read_requirements

SHOWN = 40
_GAP = ("person", "role", "skill", "required", "held", "gap")
_PERSON = ("person", "role", "fit")
_AT_ONCE = 5_000


class RefusedError(click.ClickException):
    """Something that the user can mend, line by line: exit status 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Each problem on a line of its own."""
        for line in self.message.splitlines():
            click.echo(f"guildmark: {line}", file=file, err=True)


@click.command(short_help="Compare people with what their roles require.")
@click.option("--people", required=True, metavar="FILE", help="CSV: person,role,skill,level.")
@click.option(
    "--requirements",
    required=True,
    metavar="FILE",
    help="CSV: role,skill,level,weight,critical.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for a program.")
def gaps(people: str, requirements: str, as_json: bool) -> None:
    """Say what people lack of what their roles require, from two CSV files (- is standard input).

    Of the people one line a held skill, and for who has none one line with skill and level empty.
    Levels are numbers; an empty weight is 1, an empty critical is no. Exit status: 0 compared, 2 a
    file cannot be read; the message names line, column and value.
    """
    if people == requirements == "-":
        raise click.UsageError("Only one of the two files can come from standard input.")
    found = _compare(people, requirements)
    for part in _json(found) if as_json else _tables(found):
        click.echo(part, nl=False)


def _compare(people: str, requirements: str) -> NamedGaps:
    try:
        tables: list[Any] = []
        problems: list[TableProblem] = []
        for read, name in ((read_people, people), (read_requirements, requirements)):
            try:
                tables.append(read(name))
                problems.extend(tables[-1].problems.found)
            except TableError as error:
                problems.extend(error.problems)
        if problems:
            raise TableError(problems[:MAX_PROBLEMS])
        return compare_tables(*tables)
    except TableError as error:
        raise RefusedError("\n".join(_printable(str(one)) for one in error.problems)) from error
    except OSError as error:
        raise RefusedError(f"{error.filename or 'A file'}: {error.strerror}.") from error


def _json(found: NamedGaps) -> Iterator[str]:
    yield '{"gaps": ['
    yield from _objects(found.gaps, _GAP)
    yield '], "people": ['
    yield from _objects(found.people, _PERSON)
    yield "]}\n"


def _objects(columns: dict[str, list[Any]], names: tuple[str, ...]) -> Iterator[str]:
    count = len(columns[names[0]])
    for start in range(0, count, _AT_ONCE):
        rows = zip(*(columns[name][start : start + _AT_ONCE] for name in names), strict=True)
        made = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows)
        yield (",\n" if start else "\n") + ",\n".join(made)


def _tables(found: NamedGaps) -> Iterator[str]:
    people, rows = found.people, found.gaps
    fits = people["fit"]
    mean = f", mean fit {100 * sum(fits) / len(fits):.0f} %" if fits else ""
    critical = sum(rows["critical"])
    count = len(set(people["person"]))
    yield f"{count:,} people, {len(rows['gap']):,} gaps, {critical:,} of them critical{mean}.\n"
    least = sorted(range(len(fits)), key=lambda n: (-people["critical_gaps"][n], fits[n]))[:SHOWN]
    if least:
        yield "\nThe greatest need first:\n" if len(fits) > SHOWN else "\n"
        yield _table(
            ("person", "role", "fit", "gaps", "critical"),
            [
                (
                    people["person"][n],
                    people["role"][n],
                    f"{100 * fits[n]:.0f} %",
                    people["gaps"][n],
                    people["critical_gaps"][n],
                )
                for n in least
            ],
        )
        yield _more(len(fits), "people")
    first = sorted(
        range(len(rows["gap"])), key=lambda n: (not rows["critical"][n], -rows["gap"][n])
    )[:SHOWN]
    if first:
        yield "\n"
        yield _table(
            (*_GAP, "critical"),
            [
                (*(rows[name][n] for name in _GAP), "yes" if rows["critical"][n] else "")
                for n in first
            ],
        )
        yield _more(len(rows["gap"]), "gaps")


def _table(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    cells = [names, *([_printable(f"{cell}") for cell in row] for row in rows)]
    numbers = [not isinstance(cell, str) or cell.endswith(" %") for cell in rows[0]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(names))]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _more(count: int, what: str) -> str:
    return f"… and {count - SHOWN:,} {what} more; --json has them all.\n" if count > SHOWN else ""


def _printable(text: str) -> str:
    """The text without signs that could steer a terminal: others wrote it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
