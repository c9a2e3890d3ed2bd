"""Open Badges 3.0 as typed values that write themselves as a document.

Open Badges 3.0 (https://www.imsglobal.org/spec/ob/v3p0/), appendix B (data models). Each class
here is one class there, its fields in Python's spelling; `extra` carries members this library has
no field for, as they are. A value that the specification does not allow raises ModelError when
the object is made, so that what is signed is a badge that others read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guildmark.credentials.errors import ModelError
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from guildmark.credentials.model.part import Part
from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.vocabularies import (
    ACHIEVEMENT_TYPES,
    IDENTITY_TYPES,
    RESULT_STATUSES,
    RESULT_TYPES,
    TARGET_TYPES,
)

LANGUAGE = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""A language code as `in_language` takes it."""


@dataclass(frozen=True, kw_only=True)
class Image(Part):
    """Image: an address or a data: address of a PNG or SVG, with a caption."""

    TYPE = "Image"
    ONE_TYPE = True
    URIS = ("id",)
    REQUIRED = ("id",)

    id: str
    caption: str | None = None


@dataclass(frozen=True, kw_only=True)
class Profile(Part):
    """Profile: an issuer or another organization or person."""

    TYPE = "Profile"
    URIS = ("id", "url")
    REQUIRED = ("id",)

    id: str
    name: str | None = None
    url: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    image: Image | None = None
    official: str | None = None
    parent_org: Profile | None = None


@dataclass(frozen=True, kw_only=True)
class Criteria(Part):
    """Criteria: what is needed to earn the achievement; a page, a text in Markdown, or both."""

    URIS = ("id",)

    id: str | None = None
    narrative: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.id and not self.narrative:
            raise self.wrong("narrative", self.narrative, "give id or narrative")


@dataclass(frozen=True, kw_only=True)
class Alignment(Part):
    """Alignment: a node of a framework of skills that something corresponds to."""

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
    """RubricCriterionLevel: one level that can be reached."""

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
    """ResultDescription: a result that the achievement can have; levels from low to high."""

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
class Result(Part):
    """Result: what was achieved of one result description."""

    TYPE = "Result"
    URIS = ("result_description", "achieved_level")

    result_description: str | None = None
    achieved_level: str | None = None
    status: str | None = None
    value: str | None = None
    alignment: Sequence[Alignment] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("status", RESULT_STATUSES, extensible=False)


@dataclass(frozen=True, kw_only=True)
class Evidence(Part):
    """Evidence: what the person did to earn it; `id` is a page that shows it."""

    TYPE = "Evidence"
    URIS = ("id",)

    id: str | None = None
    name: str | None = None
    narrative: str | None = None
    description: str | None = None
    genre: str | None = None
    audience: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityObject(Part):
    """IdentityObject: who the recipient is, plain or as a salted hash."""

    TYPE = "IdentityObject"
    ONE_TYPE = True
    REQUIRED = ("identity_hash", "identity_type")

    hashed: bool
    identity_hash: str
    identity_type: str
    salt: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("identity_type", IDENTITY_TYPES)

    @classmethod
    def plain(cls, *, identity_type: str, value: str) -> IdentityObject:
        """An identity that everybody who sees the badge can read."""
        return cls(hashed=False, identity_hash=value, identity_type=identity_type)

    @classmethod
    def hidden(cls, *, identity_type: str, value: str, salt: str | None = None) -> IdentityObject:
        """An identity that only who knows it can confirm.

        The salt is random unless one is given. It hides the value from a table made in advance,
        not from guessing: there are few plausible email addresses of a person.
        """
        salt = secrets.token_hex(16) if salt is None else salt
        return cls(
            hashed=True,
            identity_hash=identity_hash(value, salt),
            identity_type=identity_type,
            salt=salt,
        )


def identity_hash(value: str, salt: str = "") -> str:
    """IdentityHash: `sha256$` and the SHA-256 of the value followed by the salt, in hexadecimal."""
    return "sha256$" + hashlib.sha256((value + salt).encode()).hexdigest()


def identity_matches(identity: Mapping[str, Any], value: str) -> bool:
    """Whether an identity object of a document is this value.

    MD5, which the specification allows too, is never a match: two values can be made with one.
    """
    written = identity.get("identityHash")
    if not isinstance(written, str):
        return False
    if identity.get("hashed") is not True:
        return hmac.compare_digest(written.encode(), value.encode())
    salt = identity.get("salt", "")
    if not isinstance(salt, str):
        return False
    return hmac.compare_digest(written.lower().encode(), identity_hash(value, salt).encode())


@dataclass(frozen=True, kw_only=True)
class Achievement(Part):
    """Achievement: what is recognized, the same for all who earn it."""

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

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("achievement_type", ACHIEVEMENT_TYPES)
        if self.in_language is not None and not LANGUAGE.fullmatch(self.in_language):
            raise self.wrong("in_language", self.in_language, "give a code such as en or de-AT")
        _check_credits(self, "credits_available")


@dataclass(frozen=True, kw_only=True)
class AchievementSubject(Part):
    """AchievementSubject: who achieved it, and how well."""

    TYPE = "AchievementSubject"
    URIS = ("id",)

    achievement: Achievement
    id: str | None = None
    identifier: Sequence[IdentityObject] = ()
    result: Sequence[Result] = ()
    activity_start_date: dt.datetime | None = None
    activity_end_date: dt.datetime | None = None
    credits_earned: float | None = None
    license_number: str | None = None
    narrative: str | None = None
    role: str | None = None
    source: Profile | None = None
    image: Image | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.id is None and not self.identifier:
            raise self.wrong("identifier", self.identifier, "give id or at least one identifier")
        _check_credits(self, "credits_earned")
        described = {part.id: part for part in self.achievement.result_description}
        for result in self.result:
            self._check_result(result, described)

    def _check_result(self, result: Result, described: Mapping[str, ResultDescription]) -> None:
        if result.result_description is None:
            return
        description = described.get(result.result_description)
        if description is None:
            mend = "name a result_description of the achievement"
            raise self.wrong("result.result_description", result.result_description, mend)
        levels = [level.id for level in description.rubric_criterion_level]
        if result.achieved_level is not None and result.achieved_level not in levels:
            mend = "name a rubric_criterion_level of the result description"
            raise self.wrong("result.achieved_level", result.achieved_level, mend)
        if description.result_type == "Status" and result.status is None:
            raise self.wrong("result.status", None, "a result of type Status needs one")


@dataclass(frozen=True, kw_only=True)
class OpenBadgeCredential(Part):
    """AchievementCredential: that this subject has achieved this, says this issuer.

    `credential_status` takes entries as `status.bitstring.status_entry` makes them; `contexts`
    further context addresses that `extra` members need, out of the bundled ones.
    """

    URIS = ("id",)
    REQUIRED = ("id",)

    id: str
    issuer: Profile
    subject: AchievementSubject
    valid_from: dt.datetime
    valid_until: dt.datetime | None = None
    awarded_date: dt.datetime | None = None
    name: str | None = None
    description: str | None = None
    image: Image | None = None
    evidence: Sequence[Evidence] = ()
    credential_status: Sequence[Json] = ()
    contexts: Sequence[str] = ()
    types: Sequence[str] = ()

    NAMES = {"subject": "credentialSubject"}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise self.wrong("valid_until", self.valid_until, "give a time after valid_from")

    def to_document(self) -> Json:
        """The unsigned credential, ready for `add_proof`."""
        body = super().to_document()
        for name in ("contexts", "types"):
            body.pop(name, None)
        identifier = body.pop("id")
        return {
            "@context": [CREDENTIALS_V2, OPEN_BADGES_3, *self.contexts],
            "id": identifier,
            "type": ["VerifiableCredential", "OpenBadgeCredential", *self.types],
            **body,
        }


def _check_credits(part: Achievement | AchievementSubject, name: str) -> None:
    number = getattr(part, name)
    if number is None:
        return
    # jsonld.js writes 1e-7 as 0 and 1e21 as 1e+21: a badge with them would verify here only.
    if not (number == 0 or 1e-6 <= number < 1e21):
        raise ModelError(
            kind=type(part).__name__,
            field=name,
            value=number,
            mend="give 0 or a number from 0.000001 up to 1e21",
        )
