"""Credentials and presentations of the W3C as typed values that write themselves.

Verifiable Credentials Data Model 2.0 (https://www.w3.org/TR/vc-data-model-2.0/), section 4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from guildmark.credentials.errors import ModelError
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from guildmark.credentials.model import members
from guildmark.credentials.model.part import Embedded, Part, is_address
from guildmark.credentials.model.profile import Profile
from guildmark.credentials.model.reading import Json

_SINGLE = ("credentialStatus", "refreshService", "credentialSubject")


@dataclass(frozen=True, kw_only=True)
class LanguageValue(Part):
    """A text with its language, for `name` and `description` (section 11.1).

    `direction` is `ltr` or `rtl`. A signature over statements (RDFC) does not cover it, so such a
    suite refuses it.
    """

    NAMES = {"value": "@value", "language": "@language", "direction": "@direction"}
    REQUIRED = ("value",)

    value: str
    language: str | None = None
    direction: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.direction not in (None, "ltr", "rtl"):
            raise self.wrong("direction", self.direction, "give ltr or rtl")


Text = str | LanguageValue | Sequence[LanguageValue]


@dataclass(frozen=True, kw_only=True)
class Typed(Part):
    """A part whose type the issuer chooses out of what its contexts define."""

    URIS = ("id",)
    REQUIRED: ClassVar[Sequence[str]] = ("type",)

    id: str | None = None
    type: str | Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CredentialSchema(Typed):
    """credentialSchema (section 4.11), such as `1EdTechJsonSchemaValidator2019`."""

    REQUIRED = ("id", "type")


@dataclass(frozen=True, kw_only=True)
class CredentialStatus(Typed):
    """credentialStatus (section 4.10); what its type asks for goes into `extra`."""


@dataclass(frozen=True, kw_only=True)
class RefreshService(Typed):
    """refreshService (section 5.4), such as `1EdTechCredentialRefresh`."""


@dataclass(frozen=True, kw_only=True)
class TermsOfUse(Typed):
    """termsOfUse (section 5.5); what its type asks for goes into `extra`."""


@dataclass(frozen=True, kw_only=True)
class RelatedResource(Part):
    """relatedResource (section 5.3): a document elsewhere, and the digest of its bytes."""

    NAMES = {"digest_sri": "digestSRI"}
    URIS = ("id",)
    REQUIRED = ("id",)

    id: str
    media_type: str | None = None
    digest_sri: str | None = None
    digest_multibase: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.digest_sri is None and self.digest_multibase is None:
            raise self.wrong("digest_sri", None, "give digest_sri or digest_multibase")


@dataclass(frozen=True, kw_only=True)
class VerifiableCredential(Part):
    """A credential of any type (section 4).

    `subject` is one subject or several; `types` names what it is beside a VerifiableCredential;
    `contexts` are further contexts that those types and `extra` members need, by their addresses
    out of the bundled ones. `credential_status` also takes entries as `status.bitstring` makes
    them.
    """

    BASE_TYPE: ClassVar[str] = "VerifiableCredential"
    CLASS_TYPE: ClassVar[str | None] = None
    ALIASES: ClassVar[Sequence[str]] = ()
    URIS = ("id",)
    NAMES = {"subject": "credentialSubject"}
    UNWRITTEN: ClassVar[Sequence[str]] = ("extra", "types", "contexts")

    id: str | None = None
    issuer: Profile | Json | str
    subject: Part | Json | Sequence[Part | Json]
    valid_from: dt.datetime | None = None
    valid_until: dt.datetime | None = None
    name: Text | None = None
    description: Text | None = None
    evidence: Sequence[Part | Json] = ()
    credential_status: Sequence[CredentialStatus | Json] = ()
    credential_schema: Sequence[CredentialSchema | Json] = ()
    refresh_service: Sequence[RefreshService | Json] = ()
    terms_of_use: Sequence[TermsOfUse | Json] = ()
    related_resource: Sequence[RelatedResource | Json] = ()
    contexts: Sequence[str | Json] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.issuer, str) and not is_address(self.issuer):
            raise self.wrong("issuer", self.issuer, "give a full address such as https://…")
        if not self.subject:
            raise self.wrong("subject", self.subject, "give at least one subject")
        if (
            self.valid_from is not None
            and self.valid_until is not None
            and self.valid_until <= self.valid_from
        ):
            raise self.wrong("valid_until", self.valid_until, "give a time after valid_from")
        related = [
            each.id if isinstance(each, RelatedResource) else each.get("id")
            for each in self.related_resource
        ]
        for place, name in enumerate(related):
            if name in related[:place]:
                raise self.wrong("related_resource", name, "name each resource once (section 5.3)")

    def context_addresses(self) -> Sequence[str]:
        """The contexts that the document begins with."""
        return (CREDENTIALS_V2,)

    def to_document(self) -> Json:
        """The unsigned credential, ready for `add_proof`."""
        contexts = self.context_addresses()
        has_own = not self.CLASS_TYPE or any(
            name in self.types for name in (self.CLASS_TYPE, *self.ALIASES)
        )
        own = [] if has_own else [self.CLASS_TYPE]
        document: Json = {"@context": [*contexts, *self.contexts]}
        body = super().to_document()
        if "id" in body:
            document["id"] = body.pop("id")
        document["type"] = [self.BASE_TYPE, *own, *self.types]
        for name in _SINGLE:
            if isinstance(body.get(name), list) and len(body[name]) == 1:
                body[name] = body[name][0]
        if contexts[0] == CREDENTIALS_V1:
            body = {_OLD_NAMES.get(name, name): value for name, value in body.items()}
        return {**document, **body}

    @classmethod
    def context_choices(cls) -> Mapping[str, Sequence[str]]:
        """What the contexts of such a document may begin with, by version."""
        return {"": (CREDENTIALS_V2,)}

    @classmethod
    def _opened(cls, document: Json, path: str) -> tuple[dict[str, Any], Json]:
        rest = dict(document)
        version, contexts = _read_contexts(cls, rest.pop("@context", None), path)
        values: dict[str, Any] = {"contexts": contexts}
        if version:
            values["version"] = version
        values["types"] = _read_types(cls, rest.pop("type", None), path)
        if cls.context_choices()[version][0] == CREDENTIALS_V1:
            for new, old in _OLD_NAMES.items():
                if new in rest:
                    mend = f"leave it out; version 1.1 calls it {old}"
                    raise cls._unfit(new, rest[new], mend, members.pointer(path, new))
                if old in rest:
                    rest[new] = rest.pop(old)
        return values, rest

    @classmethod
    def _takes_types(cls) -> bool:
        return True


def _read_contexts(
    kind: type[VerifiableCredential] | type[VerifiablePresentation], named: Any, path: str
) -> tuple[str, tuple[Any, ...]]:
    """The version that the first contexts name, and those that follow."""
    contexts = named if isinstance(named, list) else [named]
    for version, first in kind.context_choices().items():
        if contexts[: len(first)] == list(first):
            return version, tuple(contexts[len(first) :])
    choices = " or ".join(", ".join(first) for first in kind.context_choices().values())
    raise ModelError(
        kind=kind.__name__,
        field="@context",
        value=named,
        mend=f"begin it with {choices}",
        path=members.pointer(path, "@context"),
    )


def _read_types(
    kind: type[VerifiableCredential] | type[VerifiablePresentation], named: Any, path: str
) -> tuple[str, ...]:
    """The types beside those that such a document always has."""
    types = list(named) if isinstance(named, list) else [named]
    own = [name for name in (kind.CLASS_TYPE, *kind.ALIASES) if name is not None]
    if (
        kind.BASE_TYPE not in types
        or not all(isinstance(one, str) for one in types)
        or (own and not set(own) & set(types))
    ):
        raise ModelError(
            kind=kind.__name__,
            field="type",
            value=named,
            mend="give it the types " + " and ".join((kind.BASE_TYPE, *own[:1])),
            path=members.pointer(path, "type"),
        )
    types.remove(kind.BASE_TYPE)
    # An alias in its place is kept as it is.
    if kind.CLASS_TYPE in types and not set(kind.ALIASES) & set(types):
        types.remove(kind.CLASS_TYPE)
    return tuple(types)


# What version 1.1 calls them (https://www.w3.org/TR/vc-data-model/, sections 4.6 and 4.8).
_OLD_NAMES = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}


@dataclass(frozen=True, kw_only=True)
class VerifiablePresentation(Part):
    """What a holder shows (section 4.13): credentials, each as its issuer signed it."""

    BASE_TYPE: ClassVar[str] = "VerifiablePresentation"
    CLASS_TYPE: ClassVar[str | None] = None
    ALIASES: ClassVar[Sequence[str]] = ()
    URIS = ("id", "holder")
    UNWRITTEN: ClassVar[Sequence[str]] = ("extra", "types", "contexts")

    id: str | None = None
    holder: str | None = None
    verifiable_credential: Sequence[Embedded] = ()
    terms_of_use: Sequence[TermsOfUse | Json] = ()
    contexts: Sequence[str | Json] = ()

    def to_document(self) -> Json:
        """The unsigned presentation, ready for `add_proof`."""
        return {
            "@context": [CREDENTIALS_V2, *self.contexts],
            "type": [self.BASE_TYPE, *self.types],
            **super().to_document(),
        }

    @classmethod
    def context_choices(cls) -> Mapping[str, Sequence[str]]:
        """What the contexts of such a document may begin with."""
        return {"": (CREDENTIALS_V2,)}

    @classmethod
    def _opened(cls, document: Json, path: str) -> tuple[dict[str, Any], Json]:
        rest = dict(document)
        _, contexts = _read_contexts(cls, rest.pop("@context", None), path)
        return {"contexts": contexts, "types": _read_types(cls, rest.pop("type", None), path)}, rest

    @classmethod
    def _takes_types(cls) -> bool:
        return True
