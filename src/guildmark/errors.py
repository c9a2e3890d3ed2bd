"""The errors that a door turns into an answer a person can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


class GuildmarkError(Exception):
    """Base of every error that a user, not a programmer, can mend.

    `code` is stable and for programs; `message` is for people and translatable.
    """

    code = "error"

    def __init__(self, message: Text, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(GuildmarkError):
    """The actor sees the object but may not do this with it."""

    code = "not_allowed"


class NotFoundError(GuildmarkError):
    """No such object for this actor; another organization's object is reported the same way."""

    code = "not_found"


class ConflictError(GuildmarkError):
    """The object is not in a state in which this can be done."""

    code = "conflict"


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """What is wrong with one value: where it stands, what it is, and how to mend it."""

    field: str
    value: str
    message: Text


class InvalidError(GuildmarkError):
    """Some values are not acceptable; `problems` names each one."""

    code = "invalid"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = tuple(problems)

    @classmethod
    def of(cls, field: str, value: object, message: Text) -> InvalidError:
        """An error about a single field."""
        return cls([FieldProblem(field=field, value=str(value)[:200], message=message)])

    def by_field(self) -> Mapping[str, list[str]]:
        """Messages grouped by field, for a form."""
        grouped: dict[str, list[str]] = {}
        for problem in self.problems:
            grouped.setdefault(problem.field, []).append(str(problem.message))
        return grouped
