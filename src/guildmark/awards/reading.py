"""What a credential says, read for people; for our own and for anybody's.

Nothing here is a judgement: whether it is true is for `verification.py`. A foreign document may
hold anything anywhere, so every value is taken only if it has the type the standard gives it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from guildmark.awards import documents
from guildmark.credentials import IdentifierError, did_web_url

_MAX_TEXT = 5_000
_MAX_LIST = 100


def _sentence(text: str) -> re.Pattern[str]:
    pattern = re.escape(text).replace(r"\{day\}", r"(?P<day>\d{4}-\d{2}-\d{2})")
    return re.compile(pattern.replace(r"\{mark\}", r"(?P<mark>\d{1,3})"), re.ASCII)


_SENTENCES = (
    ("test", documents.TEST, _sentence(documents.TEST_PASSED)),
    ("practical", documents.PRACTICAL, _sentence(documents.PRACTICAL_PASSED)),
)


@dataclass(frozen=True, kw_only=True)
class StatedSkill:
    """A skill that a credential names, with the level where it gives one."""

    name: str
    framework: str = ""
    code: str = ""
    level: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class StatedEvidence:
    """A piece of evidence as the credential describes it.

    `kind` (test, practical), `passed_on` and `pass_mark` (percent) are known where it is told in
    the sentences of `documents`.
    """

    name: str
    narrative: str = ""
    description: str = ""
    kind: str = ""
    passed_on: dt.date | None = None
    pass_mark: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The statements of a credential; what it does not state is empty."""

    identifier: str = ""
    name: str = ""
    holder: str = ""
    issuer_name: str = ""
    issuer_id: str = ""
    issuer_url: str = ""
    description: str = ""
    criteria: str = ""
    area: str = ""
    achievement_url: str = ""
    skills: tuple[StatedSkill, ...] = ()
    related: tuple[StatedSkill, ...] = ()
    evidence: tuple[StatedEvidence, ...] = ()
    valid_from: dt.datetime | None = None
    valid_until: dt.datetime | None = None

    @property
    def issuer_place(self) -> str:
        """Where the issuer's identifier lives, as `works.example/o/works`: what tells namesakes
        apart, because nobody else can sign for it. Empty for an identifier without a place.
        """
        try:
            url = did_web_url(self.issuer_id)
        except IdentifierError:
            return ""
        return url.removeprefix("https://").removesuffix("/did.json").removesuffix("/.well-known")


def read_credential(document: Mapping[str, Any]) -> Reading:
    """Read an Open Badges 3.0 credential, or as much of one as the document is."""
    subject = _mapping(_first(document.get("credentialSubject")))
    achievement = _mapping(_first(subject.get("achievement")))
    issuer = document.get("issuer")
    profile = {"id": issuer} if isinstance(issuer, str) else _mapping(issuer)
    criteria = _mapping(achievement.get("criteria"))
    skills, related = _skills(subject, achievement)
    return Reading(
        identifier=_text(document.get("id")),
        name=_text(achievement.get("name")) or _text(document.get("name")),
        holder=_holder(subject),
        issuer_name=_text(profile.get("name")),
        issuer_id=_text(profile.get("id")),
        issuer_url=_web_address(profile.get("url")),
        description=_text(achievement.get("description")),
        criteria=_text(criteria.get("narrative")) or _text(criteria.get("id")),
        area=_text(achievement.get("fieldOfStudy")),
        achievement_url=_web_address(achievement.get("id")),
        skills=tuple(skills),
        related=tuple(related),
        evidence=tuple(_evidence(document.get("evidence"))),
        valid_from=_moment(document.get("validFrom") or document.get("issuanceDate")),
        valid_until=_moment(document.get("validUntil") or document.get("expirationDate")),
    )


def _holder(subject: Mapping[str, Any]) -> str:
    for identity in _mappings(subject.get("identifier")):
        if identity.get("identityType") == "name" and identity.get("hashed") is False:
            return _text(identity.get("identityHash"))
    return _text(subject.get("name"))


def _skills(
    subject: Mapping[str, Any], achievement: Mapping[str, Any]
) -> tuple[list[StatedSkill], list[StatedSkill]]:
    """The skills with a level that was reached, and the other alignments."""
    levels = _levels_by_skill(subject, achievement)
    skills: list[StatedSkill] = []
    related: list[StatedSkill] = []
    for alignment in _mappings(achievement.get("alignment")):
        name = _text(alignment.get("targetName"))
        level = levels.get(name, "")
        stated = StatedSkill(
            name=name,
            framework=_text(alignment.get("targetFramework")),
            code=_text(alignment.get("targetCode")),
            level=level,
            url=_web_address(alignment.get("targetUrl")),
        )
        if name:
            (skills if level or not levels else related).append(stated)
    return skills, related


def _levels_by_skill(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> dict[str, str]:
    """The name of the achieved rubric level, by the name of the result description."""
    achieved = {
        result["achievedLevel"]
        for result in _mappings(subject.get("result"))
        if isinstance(result.get("achievedLevel"), str)
    }
    levels = {}
    for described in _mappings(achievement.get("resultDescription")):
        for level in _mappings(described.get("rubricCriterionLevel")):
            if level.get("id") in achieved:
                levels[_text(described.get("name"))] = _text(level.get("name"))
    return levels


def _evidence(value: object) -> Iterable[StatedEvidence]:
    for piece in _mappings(value):
        name = _text(piece.get("name"))
        narrative = _text(piece.get("narrative"))
        description = _text(piece.get("description"))
        if name or narrative or description:
            yield StatedEvidence(
                name=name, narrative=narrative, description=description, **_passed(name, narrative)
            )


def _passed(name: str, narrative: str) -> dict[str, Any]:
    for kind, its_name, sentence in _SENTENCES:
        found = sentence.fullmatch(narrative) if name == its_name else None
        if found is not None:
            mark = found.groupdict().get("mark")
            with suppress(ValueError):
                return {
                    "kind": kind,
                    "passed_on": dt.date.fromisoformat(found["day"]),
                    "pass_mark": int(mark) if mark else None,
                }
    return {}


def _first(value: object) -> object:
    return (value[0] if value else None) if isinstance(value, list) else value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [entry for entry in values[:_MAX_LIST] if isinstance(entry, dict)]


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


def _web_address(value: object) -> str:
    """The value when it is an http(s) address; anything else must not become a link."""
    text = _text(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"https", "http"} and parts.hostname else ""


def _moment(value: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
