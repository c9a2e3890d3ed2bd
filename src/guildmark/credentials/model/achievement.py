"""What is recognized: Open Badges 3.0, Achievement and its parts.

Open Badges 3.0 (https://www.imsglobal.org/spec/ob/v3p0/), appendix B (data models).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guildmark.credentials.model.part import Embedded, Part
from guildmark.credentials.model.profile import IdentifierEntry, Image, Profile
from guildmark.credentials.model.vocabularies import (
    ACHIEVEMENT_TYPES,
    RESULT_TYPES,
    TARGET_TYPES,
)

LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""A language code as `in_language` takes it."""


@dataclass(frozen=True, kw_only=True)
class Criteria(Part):
    """Criteria (Open Badges 3.0, appendix B): what is needed to earn the achievement; a page, a
    text in Markdown, or both."""

    URIS = ("id",)

    id: str | None = None
    narrative: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.id and not self.narrative:
            raise self.wrong("narrative", self.narrative, "give id or narrative")


@dataclass(frozen=True, kw_only=True)
class Alignment(Part):
    """Alignment (Open Badges 3.0, appendix B): a node of a framework of skills that something
    corresponds to."""

    TYPE = "Alignment"
    URIS = ("target_url",)
    REQUIRED = ("target_name", "target_url")

    target_name: str
    target_url: str
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_type: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("target_type", TARGET_TYPES)


@dataclass(frozen=True, kw_only=True)
class RubricCriterionLevel(Part):
    """RubricCriterionLevel (Open Badges 3.0, appendix B): one level that can be reached."""

    TYPE = "RubricCriterionLevel"
    URIS = ("id",)
    REQUIRED = ("id", "name")

    id: str
    name: str
    level: str | None = None
    description: str | None = None
    points: str | None = None
    alignment: Sequence[Alignment] = ()


@dataclass(frozen=True, kw_only=True)
class ResultDescription(Part):
    """ResultDescription (Open Badges 3.0, appendix B): a result that the achievement can have;
    levels from low to high."""

    TYPE = "ResultDescription"
    URIS = ("id", "required_level")
    REQUIRED = ("id", "name", "result_type")

    id: str
    name: str
    result_type: str
    allowed_value: Sequence[str] = ()
    required_value: str | None = None
    value_min: str | None = None
    value_max: str | None = None
    rubric_criterion_level: Sequence[RubricCriterionLevel] = ()
    required_level: str | None = None
    alignment: Sequence[Alignment] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("result_type", RESULT_TYPES)
        levels = [level.id for level in self.rubric_criterion_level]
        if self.required_level is not None and self.required_level not in levels:
            raise self.wrong(
                "required_level", self.required_level, "give the id of a rubric_criterion_level"
            )
        if self.allowed_value and self.required_value not in (None, *self.allowed_value):
            raise self.wrong("required_value", self.required_value, "give an allowed_value")


@dataclass(frozen=True, kw_only=True)
class Related(Part):
    """Related (Open Badges 3.0, appendix B): another edition of the achievement, in another
    language or an older one."""

    TYPE = "Related"
    URIS = ("id",)
    REQUIRED = ("id",)

    id: str
    in_language: str | None = None
    version: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_language(self)


@dataclass(frozen=True, kw_only=True)
class Achievement(Part):
    """Achievement (Open Badges 3.0, appendix B): what is recognized, the same for all who
    earn it."""

    TYPE = "Achievement"
    NAMES = {"tags": "tag"}
    URIS = ("id",)
    REQUIRED = ("id", "name", "description")

    id: str
    name: str
    description: str
    criteria: Criteria
    achievement_type: str | None = None
    creator: Profile | None = None
    alignment: Sequence[Alignment] = ()
    tags: Sequence[str] = ()
    credits_available: float | None = None
    field_of_study: str | None = None
    specialization: str | None = None
    human_code: str | None = None
    in_language: str | None = None
    version: str | None = None
    image: Image | None = None
    result_description: Sequence[ResultDescription] = ()
    other_identifier: Sequence[IdentifierEntry] = ()
    related: Sequence[Related] = ()
    endorsement: Sequence[Embedded] = ()
    endorsement_jwt: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("achievement_type", ACHIEVEMENT_TYPES)
        _check_language(self)
        self.require_jws("endorsement_jwt")
        check_credits(self, "credits_available")


def check_credits(part: Part, name: str) -> None:
    """Refuse a number of credits that not every system writes alike."""
    number = getattr(part, name)
    if number is None:
        return
    # jsonld.js writes 1e-7 as 0 and 1e21 as 1e+21: a badge with them would verify here only.
    if not (number == 0 or 1e-6 <= number < 1e21):
        raise part.wrong(name, number, "give 0 or a number from 0.000001 up to 1e21")


def _check_language(part: Achievement | Related) -> None:
    if part.in_language is not None and not LANGUAGE.fullmatch(part.in_language):
        raise part.wrong("in_language", part.in_language, "give a code such as en or de-AT")
