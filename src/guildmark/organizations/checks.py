"""Checking the values that services are given; every problem names its field and its mend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guildmark.errors import FieldProblem, InvalidError, NotFoundError, Text
from guildmark.organizations.actor import Actor
from guildmark.texts import character_problem

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def clean_text(value: str) -> str:
    """One line: composed characters, runs of white space as one blank, nothing at the ends."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def text_problem(value: str, max_length: int) -> str | None:
    """What is wrong with a cleaned text, in words that say how to mend it."""
    if len(value) > max_length:
        return _("This is %(count)d characters long; shorten it to %(limit)d.") % {
            "count": len(value),
            "limit": max_length,
        }
    return character_problem(value)


def email_problem(value: str) -> str | None:
    """What is wrong with an email address that is not empty."""
    try:
        validate_email(value)
    except ValidationError:
        return _("This is no email address; write it like name@example.com.")
    return None


def language_problem(value: str) -> str | None:
    """What is wrong with a language tag that is not empty."""
    if len(value) > 10 or not _LANGUAGE.fullmatch(value):
        return _("This is no language code; write it like 'en' or 'pt-BR'.")
    return None


@cache
def time_zones() -> Mapping[str, str]:
    """The IANA names of all time zones, by their small letters. Read from many files, once."""
    return {name.lower(): name for name in sorted(available_timezones())}


@cache
def countries() -> Mapping[str, str]:
    """The countries' codes of two letters (ISO 3166-1) with their English names, as the time zone
    database has them."""
    lines = (files("tzdata.zoneinfo") / "iso3166.tab").read_text("utf-8").splitlines()
    rows = [line.partition("\t") for line in lines if line and not line.startswith("#")]
    return {code: name for code, _tab, name in rows}


class Checks:
    """Collects what is wrong with several values, so that all is said at once."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def add(self, field: str, value: object, message: Text) -> None:
        """Note a problem."""
        self.problems.append(FieldProblem(field=field, value=str(value)[:200], message=message))

    def text(self, field: str, value: str, *, max_length: int, required: bool = True) -> str:
        """The cleaned text."""
        text = clean_text(value)
        if required and not text:
            self.add(field, value, _("This is empty; give it a value."))
        elif (problem := text_problem(text, max_length)) is not None:
            self.add(field, value, problem)
        return text

    def email(self, field: str, value: str) -> str:
        """An address, or nothing."""
        text = self.text(field, value, max_length=254, required=False)
        if text and (problem := email_problem(text)) is not None:
            self.add(field, value, problem)
        return text

    def language(self, field: str, value: str) -> str:
        """A language tag (BCP 47), or nothing."""
        text = clean_text(value)
        if text and (problem := language_problem(text)) is not None:
            self.add(field, value, problem)
        return text

    def country(self, field: str, value: str, *, required: bool = False) -> str:
        """A country code of two letters (ISO 3166-1), in capitals."""
        text = clean_text(value).upper()
        if (text or required) and text not in countries():
            self.add(field, value, _("This is no country code; write two letters such as DE."))
        return text

    def time_zone(self, field: str, value: str) -> str:
        """The IANA name of a time zone, as it is written there."""
        text = clean_text(value)
        found = time_zones().get(text.lower())
        if found is None:
            self.add(field, value, _("This is no time zone; write one such as Europe/Berlin."))
        return found or text

    def done(self) -> None:
        """Raise InvalidError when anything was wrong."""
        if self.problems:
            raise InvalidError(self.problems)


@contextmanager
def unique(clashes: Mapping[str, tuple[str, object, Text]]) -> Iterator[None]:
    """Turn the violation of a named constraint into a problem of a field.

    `clashes` gives field, value and message by constraint name. The database decides, so two
    requests at once cannot both pass.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name is None or name not in clashes:
            raise
        raise InvalidError.of(*clashes[name]) from error


def require_own(actor: Actor, *objects: Any) -> None:
    """Raise NotFoundError when any of the objects (None is skipped) is another organization's."""
    for target in objects:
        if target is not None and target.organization_id != actor.organization.id:
            raise NotFoundError(_("There is no such record here."))
