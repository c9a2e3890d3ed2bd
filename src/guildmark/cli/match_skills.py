"""`guildmark skills match`: the skills of a framework that texts mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from guildmark.cli.main import with_database

if TYPE_CHECKING:
    from guildmark.analytics.matching import Index, Match

TOGETHER = 256
LONGEST_LINE = 100_000


@click.command(short_help="Find the skills that texts mean.")
@click.option(
    "--framework",
    "name",
    required=True,
    metavar="NAME",
    help="Title, title and version, or identifier of an imported framework.",
)
@click.option("--top", type=click.IntRange(1, 100), default=5, show_default=True, metavar="K")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
@with_database
def match(name: str, top: int, as_json: bool, file: TextIO) -> None:
    """Find the skills of a framework that each line of FILE means; - reads standard input.

    Each answer line has, in the order of the lines, the skills with the likeliest first. With
    --json it is an object with `text` and `matches`, a list of `id`, `label`, `score` (between 0
    and 1) and `words`, the words of the text that speak for the skill. An empty line has no
    matches. The first use of a framework makes its index, which is kept in the data folder.
    Exit status: 0 done, 1 there is no such framework, 2 a wrong command line.
    """
    index = _index(name)
    lines: list[str] = []
    for line in file:
        lines.append(line.rstrip("\r\n")[:LONGEST_LINE])
        if len(lines) == TOGETHER:
            _answer(index, lines, top, as_json)
            lines = []
    if lines:
        _answer(index, lines, top, as_json)


def _answer(index: Index, lines: list[str], top: int, as_json: bool) -> None:
    for line, matches in zip(lines, index.match(lines, top=top), strict=True):
        if as_json:
            told = {"text": line, "matches": [_plain(each) for each in matches]}
            click.echo(json.dumps(told, ensure_ascii=False))
            continue
        click.echo(line)
        for each in matches:
            words = ", ".join(reason.text for reason in each.reasons)
            click.echo(f"  {each.score:.2f}  {each.label}" + (f"  ({words})" if words else ""))


def _plain(match: Match) -> dict[str, object]:
    return {
        "id": match.id,
        "label": match.label,
        "score": round(match.score, 6),
        "words": [reason.text for reason in match.reasons],
    }


def _index(name: str) -> Index:
    from rich.console import Console

    from guildmark.config.environment import read_environment
    from guildmark.skills.matching import framework_index

    folder: Path = read_environment().data_folder / "matching"
    # To standard error, and only where somebody watches: a pipe gets the result alone.
    with Console(stderr=True, highlight=False).status("Reading the framework") as status:

        def progress(what: str, done: int, whole: int) -> None:
            status.update(f"Making the index: {what}, {done:,} of {whole:,}")

        return framework_index(name, folder=folder, progress=progress)
