"""Finding a unit, position or shift by what the file calls it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar


class HasCode(Protocol):
    """Something with a code."""

    id: uuid.UUID
    code: str


Coded = TypeVar("Coded", bound=HasCode)


class CodeIndex(Generic[Coded]):
    """Finds by code, else by a name that only one has; without regard to case."""

    def __init__(self, rows: Iterable[Coded], name_of: Callable[[Coded], str]) -> None:
        self.by_id: dict[uuid.UUID, Coded] = {}
        self._by_code: dict[str, Coded] = {}
        self._by_name: dict[str, list[Coded]] = {}
        for row in rows:
            self.add(row, name_of(row))

    def add(self, row: Coded, name: str, also: str = "") -> None:
        """Make a row findable; `also` is another name the file gives it."""
        self.by_id[row.id] = row
        self._by_code[row.code.lower()] = row
        for called in {name.lower(), also.lower()} - {"", row.code.lower()}:
            self._by_name.setdefault(called, []).append(row)

    def find(self, text: str) -> Coded | None:
        """The row, or None when there is none or several have the name."""
        if (found := self._by_code.get(text.lower())) is not None:
            return found
        named = self._by_name.get(text.lower(), [])
        return named[0] if len(named) == 1 else None

    def is_ambiguous(self, text: str) -> bool:
        """Whether several have this name."""
        return len(self._by_name.get(text.lower(), [])) > 1

    def free_code(self, wish: str, limit: int) -> str:
        """A code that nobody has, as near to the wish as the limit allows."""
        code, number = wish[:limit].strip(), 1
        while code.lower() in self._by_code:
            number += 1
            end = f"-{number}"
            code = wish[: limit - len(end)].strip() + end
        return code
