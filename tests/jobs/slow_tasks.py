"""Tasks for the queue's tests."""

from __future__ import annotations

import time
from pathlib import Path

from procrastinate.contrib.django import app

noted: list[str] = []


@app.task(name="tests.note")
def note(text: str) -> None:
    """Remember that this ran."""
    noted.append(text)


@app.task(name="tests.hang_once")
def hang_once(path: str) -> None:
    """Count a run in a file; the first one then never ends."""
    mark = Path(path)
    first = not mark.exists()
    with mark.open("a") as file:
        file.write("1")
    if first:
        time.sleep(600)
