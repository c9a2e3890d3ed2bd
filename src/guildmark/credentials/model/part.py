"""What all parts of a badge have in common: they check, write and read themselves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Self

import jsonschema_rs

from guildmark.credentials.errors import ModelError
from guildmark.credentials.model import members
from guildmark.credentials.model.reading import Json, check_bounds

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TERM = re.compile(r"ext:[A-Za-z0-9._|-]+")
_JWS = re.compile(r"[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+")
# The judges of the schemas, so that what can be built is what they let pass.
_IRI, _EMAIL = (
    jsonschema_rs.Draft201909Validator({"format": name}, validate_formats=True)
    for name in ("iri", "idn-email")
)

Extra = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a badge. Fields that are None or empty are not written.

    `extra` carries members that there is no field for, `types` what a part is beside its own type.
    """

    TYPE: ClassVar[str | None] = None
    ONE_TYPE: ClassVar[bool] = False
    NAMES: ClassVar[Mapping[str, str]] = {}
    URIS: ClassVar[Sequence[str]] = ()
    REQUIRED: ClassVar[Sequence[str]] = ()
    UNWRITTEN: ClassVar[Sequence[str]] = ("extra", "types")

    extra: Extra = field(default_factory=dict)
    types: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.types and not self._takes_types():
            raise self.wrong("types", self.types, "leave it out; this part has one type or none")
        for name in self.REQUIRED:
            value = getattr(self, name)
            if value is None:
                raise self.wrong(name, value, "give one; it may not be missing")
            if isinstance(value, str) and not value.strip():
                raise self.wrong(name, value, "give a text that is not empty")
        for name in self.URIS:
            value = getattr(self, name)
            if value is not None and not is_address(value):
                raise self.wrong(name, value, "give a full address such as https://… or urn:…")
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, dt.datetime) and value.tzinfo is None:
                raise self.wrong(entry.name, value, "give it a time zone")

    def to_document(self) -> Json:
        """The part as plain JSON values."""
        document: Json = {}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name in self.UNWRITTEN or value is None or value == () or value == []:
                continue
            document[self._member(entry.name)] = _plain(value)
            if entry.name == "id" and self.TYPE:
                document["type"] = self._type()
        if self.TYPE and "type" not in document:
            document = {"type": self._type(), **document}
        for name, value in self.extra.items():
            if name in document:
                raise self.wrong("extra", name, "set the field of that name instead")
            document[name] = value
        return document

    @classmethod
    def from_document(cls, document: Json) -> Self:
        """The part that a document describes: what `to_document` wrote, read back.

        Members that there is no field for, a proof too, are kept in `extra`. A single value is
        taken for a list of one; times come back to the second. Raises ModelError, which says
        where (`path`), for a document that such a part cannot be, and UnreadableError for one
        that is too large or too deep.
        """
        given: object = document
        if not isinstance(given, dict):
            mend = "give the object that the JSON holds"
            raise ModelError(kind=cls.__name__, field="document", value=given, mend=mend)
        check_bounds(document)
        return cls.read_at(document, "")

    @classmethod
    def read_at(cls, document: Json, path: str) -> Self:
        """`from_document` for what stands at `path` (a JSON Pointer) in a larger one."""
        values, rest = cls._opened(document, path)
        kind: Any = cls
        shapes = members.shapes_of(kind)
        for entry in fields(cls):
            name = cls._member(entry.name)
            if entry.name in cls.UNWRITTEN:
                continue
            if name in rest:
                try:
                    values[entry.name] = members.read_value(
                        shapes[entry.name], rest.pop(name), members.pointer(path, name)
                    )
                except members.UnfitError as error:
                    where, value, mend = error.unfit
                    raise cls._unfit(entry.name, value, mend, where) from None
            elif entry.default is MISSING and entry.default_factory is MISSING:
                raise cls._unfit(
                    entry.name, None, "give one; it may not be missing", members.pointer(path, name)
                )
        try:
            return cls(**values, extra=rest)
        except ModelError as error:
            name = cls._member(error.field.partition(".")[0])
            where = members.pointer(path, name)
            raise cls._unfit(error.field, error.value, error.mend, where) from None

    @classmethod
    def _opened(cls, document: Json, path: str) -> tuple[dict[str, Any], Json]:
        """What the part's type says, and the members that are left to read."""
        rest = dict(document)
        if cls.TYPE is None:
            return {}, rest
        named = rest.pop("type", None)
        types = list(named) if isinstance(named, list) else [named]
        if cls.TYPE not in types or not all(isinstance(one, str) for one in types):
            mend = f"give it the type {cls.TYPE}"
            raise cls._unfit("type", named, mend, members.pointer(path, "type"))
        types.remove(cls.TYPE)
        return {"types": tuple(types)}, rest

    @classmethod
    def _takes_types(cls) -> bool:
        return cls.TYPE is not None and not cls.ONE_TYPE

    def _type(self) -> Any:
        return self.TYPE if self.ONE_TYPE else [self.TYPE, *self.types]

    @classmethod
    def _member(cls, name: str) -> str:
        first, *rest = name.split("_")
        return cls.NAMES.get(name) or first + "".join(part.title() for part in rest)

    @classmethod
    def _unfit(cls, name: str, value: Any, mend: str, path: str) -> ModelError:
        return ModelError(kind=cls.__name__, field=name, value=value, mend=mend, path=path)

    def wrong(self, name: str, value: Any, mend: str) -> ModelError:
        """The error that says what mends a field."""
        return ModelError(kind=type(self).__name__, field=name, value=value, mend=mend)

    def require_one_of(self, name: str, allowed: Iterable[str], *, extensible: bool = True) -> None:
        """Refuse a value that is none of the terms, unless the vocabulary may be extended."""
        value = getattr(self, name)
        if value is None or value in allowed or (extensible and _TERM.fullmatch(str(value))):
            return
        more = ", or a term of your own that begins with ext:" if extensible else ""
        raise self.wrong(name, value, f"give one of {', '.join(sorted(allowed))}{more}")

    def require_jws(self, name: str) -> None:
        """Refuse a text that has not the form of a compact JWS (RFC 7515, section 7.1)."""
        for value in getattr(self, name):
            if not isinstance(value, str) or not _JWS.fullmatch(value):
                raise self.wrong(name, value, "give three parts in base64url with dots between")


# A part, or the document of one that is signed already.
Embedded = Part | Json


def is_address(value: Any) -> bool:
    """Whether this is a full address: an IRI (RFC 3987) with its scheme."""
    return isinstance(value, str) and bool(_URI.fullmatch(value)) and _IRI.is_valid(value)


def is_email(value: Any) -> bool:
    """Whether this has the form of an email address (RFC 6531)."""
    return isinstance(value, str) and _EMAIL.is_valid(value)


def timestamp(moment: dt.datetime) -> str:
    """An XML Schema dateTimeStamp in UTC, to the second. Raises ModelError without a time zone."""
    if moment.tzinfo is None:
        raise ModelError(kind="timestamp", field="time", value=moment, mend="give it a time zone")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_document()
    if isinstance(value, dt.datetime):
        return timestamp(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
