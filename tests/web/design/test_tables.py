"""Every list of a page turns into cards on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import guildmark.web

TEMPLATES = Path(guildmark.web.__file__).parent / "templates" / "guildmark"
TABLE = re.compile(r'<table class="table[^"]*">.*?</table>', re.DOTALL)
LISTS = [
    (path.relative_to(TEMPLATES).as_posix(), table)
    for path in sorted(TEMPLATES.rglob("*.html"))
    for table in TABLE.findall(path.read_text("utf-8"))
    # The gallery shows both; a table of two columns fits any screen.
    if "design/" not in path.as_posix() and table.partition("</thead>")[0].count("<th") > 2
]


@pytest.mark.parametrize("table", [table for _, table in LISTS], ids=[name for name, _ in LISTS])
def test_a_list_turns_into_cards(table: str) -> None:
    assert 'class="table as-cards' in table
    head, _, body = table.partition("</thead>")
    named = re.findall(r"<th[^>]*>\s*{% translate", head)[1:] or re.findall(r"_label }}</th>", head)
    assert body.count("data-label=") >= len(named)
