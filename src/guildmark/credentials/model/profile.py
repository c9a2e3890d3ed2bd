"""People and organizations: Open Badges 3.0, Profile and its parts.

Open Badges 3.0 (https://www.imsglobal.org/spec/ob/v3p0/), appendix B (data models).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guildmark.credentials.model.part import Embedded, Part, is_email
from guildmark.credentials.model.vocabularies import IDENTITY_TYPES

_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, kw_only=True)
class Image(Part):
    """Image (Open Badges 3.0, appendix B): an address or a data: address of a PNG or SVG, with a
    caption."""

    TYPE = "Image"
    ONE_TYPE = True
    URIS = ("id",)
    REQUIRED = ("id",)

    id: str
    caption: str | None = None


@dataclass(frozen=True, kw_only=True)
class GeoCoordinates(Part):
    """GeoCoordinates (Open Badges 3.0, appendix B): a place on earth, in degrees."""

    TYPE = "GeoCoordinates"
    ONE_TYPE = True

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, limit in (("latitude", 90), ("longitude", 180)):
            value = getattr(self, name)
            # jsonld.js writes 1e-7 as 0: a badge with it would verify here only.
            if not -limit <= value <= limit or 0 < abs(value) < 1e-6:
                raise self.wrong(name, value, f"give degrees from -{limit} to {limit}")


@dataclass(frozen=True, kw_only=True)
class Address(Part):
    """Address (Open Badges 3.0, appendix B): a postal address; `address_country_code` is two
    capital letters (ISO 3166-1)."""

    TYPE = "Address"

    address_country: str | None = None
    address_country_code: str | None = None
    address_region: str | None = None
    address_locality: str | None = None
    street_address: str | None = None
    post_office_box_number: str | None = None
    postal_code: str | None = None
    geo: GeoCoordinates | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        code = self.address_country_code
        if code is not None and not _COUNTRY.fullmatch(code):
            raise self.wrong("address_country_code", code, "give two capital letters such as AT")


@dataclass(frozen=True, kw_only=True)
class IdentifierEntry(Part):
    """IdentifierEntry (Open Badges 3.0, appendix B): an identifier that a system gave, and of what
    type it is."""

    TYPE = "IdentifierEntry"
    ONE_TYPE = True
    REQUIRED = ("identifier", "identifier_type")

    identifier: str
    identifier_type: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_one_of("identifier_type", IDENTITY_TYPES)


@dataclass(frozen=True, kw_only=True)
class Profile(Part):
    """Profile (Open Badges 3.0, appendix B): an issuer or another organization or person.

    `endorsement` takes signed EndorsementCredentials, `endorsement_jwt` those signed as JWT. No
    published context defines `endorsementJwt`, so only a credential that is itself signed as a
    whole (JWT, JCS) protects it.
    """

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
    address: Address | None = None
    other_identifier: Sequence[IdentifierEntry] = ()
    family_name: str | None = None
    given_name: str | None = None
    additional_name: str | None = None
    patronymic_name: str | None = None
    honorific_prefix: str | None = None
    honorific_suffix: str | None = None
    family_name_prefix: str | None = None
    date_of_birth: dt.date | None = None
    endorsement: Sequence[Embedded] = ()
    endorsement_jwt: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.email is not None and not is_email(self.email):
            raise self.wrong("email", self.email, "give an address such as badges@works.example")
        self.require_jws("endorsement_jwt")
