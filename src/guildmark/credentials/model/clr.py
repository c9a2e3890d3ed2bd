"""Comprehensive Learner Record 2.0 as typed values that write themselves as a document.

Comprehensive Learner Record 2.0 (https://www.imsglobal.org/spec/clr/v2p0/), data models. A record
gathers credentials, each signed by its own issuer, tells of achievements that stand around them,
and says how all of these belong together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2
from guildmark.credentials.model.achievement import Achievement
from guildmark.credentials.model.identity import IdentityObject
from guildmark.credentials.model.openbadges import VERSIONS, Credential
from guildmark.credentials.model.part import Embedded, Part
from guildmark.credentials.model.profile import Image
from guildmark.credentials.model.vocabularies import ASSOCIATION_TYPES

CONTEXT = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


@dataclass(frozen=True, kw_only=True)
class Association(Part):
    """Association (CLR 2.0, data models): that the source is, say, part of the target; both by
    their ids."""

    TYPE = "Association"
    ONE_TYPE = True
    URIS = ("source_id", "target_id")
    REQUIRED = ("association_type", "source_id", "target_id")

    association_type: str
    source_id: str
    target_id: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("association_type", ASSOCIATION_TYPES, extensible=False)


@dataclass(frozen=True, kw_only=True)
class ClrSubject(Part):
    """ClrSubject (CLR 2.0, data models): the learner, with signed credentials and what they have to
    do with each other."""

    TYPE = "ClrSubject"
    URIS = ("id",)

    verifiable_credential: Sequence[Embedded]
    id: str | None = None
    identifier: Sequence[IdentityObject] = ()
    achievement: Sequence[Achievement] = ()
    association: Sequence[Association] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.verifiable_credential:
            raise self.wrong("verifiable_credential", (), "give at least one credential")
        if self.id is None and not self.identifier:
            raise self.wrong("identifier", self.identifier, "give id or at least one identifier")


@dataclass(frozen=True, kw_only=True)
class ClrCredential(Credential):
    """ClrCredential (CLR 2.0, data models): a learner's record; `partial` says that its issuer
    knows of more."""

    CLASS_TYPE = "ClrCredential"
    REQUIRED = ("id", "valid_from", "name")

    subject: ClrSubject
    partial: bool | None = None
    image: Image | None = None
    endorsement: Sequence[Embedded] = ()
    endorsement_jwt: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if VERSIONS[self.version][0] != CREDENTIALS_V2:
            raise self.wrong("version", self.version, "give 3.0.2 or 3.0.3")
        self.require_jws("endorsement_jwt")

    def context_addresses(self) -> Sequence[str]:
        """The contexts that the document begins with."""
        return self.context_choices()[self.version]

    @classmethod
    def context_choices(cls) -> Mapping[str, Sequence[str]]:
        """What the contexts of such a document may begin with, by version."""
        return {
            version: (first, CONTEXT, badges)
            for version, (first, badges) in VERSIONS.items()
            if first == CREDENTIALS_V2
        }
