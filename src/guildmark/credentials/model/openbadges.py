"""Open Badges 3.0 as typed values that write themselves as a document.

Open Badges 3.0 (https://www.imsglobal.org/spec/ob/v3p0/), appendix B (data models). Each class
here is one class there, its fields in Python's spelling; `extra` carries members this library has
no field for, as they are. A value that the specification does not allow raises ModelError when
the object is made, so that what is signed is a badge that others read. All classes of the
specification can be had from this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from guildmark.credentials.jsonld.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from guildmark.credentials.model.achievement import (
    Achievement,
    Alignment,
    Criteria,
    Related,
    ResultDescription,
    RubricCriterionLevel,
    check_credits,
)
from guildmark.credentials.model.credential import (
    CredentialSchema,
    CredentialStatus,
    RefreshService,
    TermsOfUse,
    VerifiableCredential,
)
from guildmark.credentials.model.identity import (
    IdentityObject,
    identity_hash,
    identity_matches,
)
from guildmark.credentials.model.part import Embedded, Part
from guildmark.credentials.model.profile import (
    Address,
    GeoCoordinates,
    IdentifierEntry,
    Image,
    Profile,
)
from guildmark.credentials.model.vocabularies import RESULT_STATUSES

__all__ = [
    "VERSIONS",
    "Achievement",
    "AchievementCredential",
    "AchievementSubject",
    "Address",
    "Alignment",
    "Credential",
    "CredentialSchema",
    "CredentialStatus",
    "Criteria",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "OpenBadgeCredential",
    "Profile",
    "RefreshService",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "TermsOfUse",
    "identity_hash",
    "identity_matches",
]

_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-{}.json"
# The context of 3.0.1 contradicts version 2.0 of the W3C's data model, so a badge of 3.0.1 is
# written after version 1.1.
VERSIONS = {
    "3.0.1": (CREDENTIALS_V1, _CONTEXT.format("3.0.1")),
    "3.0.2": (CREDENTIALS_V2, _CONTEXT.format("3.0.2")),
    "3.0.3": (CREDENTIALS_V2, _CONTEXT.format("3.0.3")),
}
_UNDEFINED = "leave it out or give version 3.0.3; the context of {} does not define it"


@dataclass(frozen=True, kw_only=True)
class Result(Part):
    """Result (Open Badges 3.0, appendix B): what was achieved of one result description."""

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
    """Evidence (Open Badges 3.0, appendix B): what the person did to earn it; `id` is a page that
    shows it."""

    TYPE = "Evidence"
    URIS = ("id",)

    id: str | None = None
    name: str | None = None
    narrative: str | None = None
    description: str | None = None
    genre: str | None = None
    audience: str | None = None


@dataclass(frozen=True, kw_only=True)
class AchievementSubject(Part):
    """AchievementSubject (Open Badges 3.0, appendix B): who achieved it, and how well."""

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
    term: str | None = None
    source: Profile | None = None
    image: Image | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.id is None and not self.identifier:
            raise self.wrong("identifier", self.identifier, "give id or at least one identifier")
        check_credits(self, "credits_earned")
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
class Credential(VerifiableCredential):
    """What all credentials of Open Badges 3.0 have in common.

    `version` is that of the specification's context: `3.0.3`, `3.0.2`, or `3.0.1`, which also
    writes the dates as version 1.1 of the W3C's data model names them.
    """

    REQUIRED: ClassVar[Sequence[str]] = ("id", "valid_from")
    UNWRITTEN: ClassVar[Sequence[str]] = ("extra", "types", "contexts", "version")

    id: str
    issuer: Profile | str
    valid_from: dt.datetime
    awarded_date: dt.datetime | None = None
    version: str = "3.0.3"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("name", "description"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise self.wrong(name, value, "give one text; Open Badges know no other form")
        if self.version not in VERSIONS:
            raise self.wrong("version", self.version, f"give one of {', '.join(VERSIONS)}")
        if self.version == "3.0.1" and self.name is None:
            raise self.wrong("name", None, "give a name; 3.0.1 asks for one")
        # Several status entries are the W3C's rule (VCDM 2.0, section 4.10), which the table of
        # Open Badges, with one, narrows; a badge that can be suspended as well as revoked has two.
        if len(self.refresh_service) > 1:
            mend = "give one; Open Badges allow no more"
            raise self.wrong("refresh_service", self.refresh_service, mend)
        if self.version == "3.0.2" and self.awarded_date is not None:
            raise self.wrong("awarded_date", self.awarded_date, _UNDEFINED.format("3.0.2"))

    def context_addresses(self) -> Sequence[str]:
        """The contexts that the document begins with."""
        return VERSIONS[self.version]

    @classmethod
    def context_choices(cls) -> Mapping[str, Sequence[str]]:
        """What the contexts of such a document may begin with, by version."""
        return VERSIONS


@dataclass(frozen=True, kw_only=True)
class OpenBadgeCredential(Credential):
    """AchievementCredential (Open Badges 3.0, appendix B): that this subject has achieved this,
    says this issuer.

    `endorsement` takes signed EndorsementCredentials; see Profile for `endorsement_jwt`.
    """

    CLASS_TYPE = "OpenBadgeCredential"
    ALIASES = ("AchievementCredential",)

    subject: AchievementSubject
    image: Image | None = None
    evidence: Sequence[Evidence] = ()
    endorsement: Sequence[Embedded] = ()
    endorsement_jwt: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_jws("endorsement_jwt")
        if self.version != "3.0.3":
            achievement = self.subject.achievement
            spoken: list[Achievement | Related] = [achievement, *achievement.related]
            for part in spoken:
                if part.in_language is not None:
                    mend = _UNDEFINED.format(self.version)
                    raise self.wrong("in_language", part.in_language, mend)


AchievementCredential = OpenBadgeCredential
"""The other name that the specification has for it."""


@dataclass(frozen=True, kw_only=True)
class EndorsementSubject(Part):
    """EndorsementSubject (Open Badges 3.0, appendix B): who or what is endorsed, by its id, and
    what is said of it."""

    TYPE = "EndorsementSubject"
    URIS = ("id",)
    REQUIRED = ("id",)

    id: str
    endorsement_comment: str | None = None


@dataclass(frozen=True, kw_only=True)
class EndorsementCredential(Credential):
    """EndorsementCredential (Open Badges 3.0, appendix B): what its issuer says of somebody or
    something else."""

    CLASS_TYPE = "EndorsementCredential"
    REQUIRED = ("id", "valid_from", "name")

    subject: EndorsementSubject
