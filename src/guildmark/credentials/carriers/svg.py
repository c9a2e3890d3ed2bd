"""Baked SVG pictures.

Open Badges 3.0, section 5.3.2 "SVG" (https://www.imsglobal.org/spec/ob/v3p0/#svg); Open Badges
2.0 Baking Specification (https://www.imsglobal.org/spec/ob/v2p0/baking/). An SVG may hold
scripts and links; they are left as they are, so do not show a stranger's SVG in a page unguarded.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from guildmark.credentials.carriers.carried import (
    BLANKS,
    Carried,
    Format,
    Kind,
    Standard,
    kind_of,
    read_payload,
    writable_payload,
)
from guildmark.credentials.errors import CarrierError
from guildmark.credentials.model.reading import MAX_BYTES

MAX_PICTURE = 4 << 20
"""The parser takes up to twenty times as much memory on pictures made for it."""
MAX_DEPTH = 200
MAX_ELEMENTS = 500_000
_SVG = "http://www.w3.org/2000/svg"
_PREFIX = "openbadges"
_NAMES = {
    Standard.OPEN_BADGES_3: ("https://purl.imsglobal.org/ob/v3p0", "credential"),
    Standard.OPEN_BADGES_2: ("http://openbadges.org", "assertion"),
}
_STANDARDS = {" ".join(name): standard for standard, name in _NAMES.items()}
# The parser has found the tag well-formed; this only finds its end. Its parts exclude each other,
# so it does not go back.
_START_TAG = re.compile(rb"<([^\s/>]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
# What XML does not let through as it is: forbidden signs, and line ends that it would change.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass
class _Baked:
    """One element with a credential: its place in bytes and what it holds."""

    standard: Standard
    start: int
    verify: str | None
    end: int = 0
    text: list[str] = field(default_factory=list)


@dataclass
class _Picture:
    """What the parser saw."""

    root: int = -1
    namespace: str | None = None
    encoding: str = "utf-8"
    baked: list[_Baked] = field(default_factory=list)


def bake(
    picture: bytes, credential: bytes | str, *, standard: Standard = Standard.OPEN_BADGES_3
) -> bytes:
    """The SVG with the credential, JSON or compact JWS, in an element after its `svg` tag.

    A credential that it carried before is replaced; all else stays byte for byte. Raises
    CarrierError for what is no SVG in UTF-8 within bounds, and for a credential with a sign that
    XML cannot hold.
    """
    text, kind = writable_payload(credential)
    if kind is Kind.SD_JWT:
        raise CarrierError("Open Badges bakes JSON and JWS into pictures; put an SD-JWT into a PDF")
    found = _parse(picture)
    if found.encoding not in ("utf-8", "us-ascii") or not _is_ascii_based(picture):
        raise CarrierError(f"the SVG is in {found.encoding}: save it as UTF-8")
    tag = _start_tag(picture, found.root)
    namespace, _ = _NAMES[standard]
    declaration = f' xmlns:{_PREFIX}="{namespace}"'
    # A root that gives the prefix another meaning keeps it.
    on_root = declaration if found.namespace is None else ""
    on_element = declaration if found.namespace not in (None, namespace) else ""
    if found.encoding == "us-ascii" and not text.isascii():
        raise CarrierError("the SVG is in us-ascii and the credential is not: save it as UTF-8")
    element = _element(text, kind, standard, on_element).encode()
    name_end = tag.end(1)
    whole = tag.group().endswith(b"/>")
    parts = [picture[:name_end], on_root.encode()]
    if whole:
        parts += [picture[name_end : tag.end() - 2], b">", element, b"</", tag.group(1), b">"]
    else:
        parts += [picture[name_end : tag.end()], element]
    begin = tag.end()
    for old in found.baked:
        parts.append(picture[begin : old.start])
        begin = old.end
    return b"".join([*parts, picture[begin:]])


def unbake(picture: bytes) -> Carried:
    """The credential in an SVG: of Open Badges 3.0 before 2.0.

    Raises CarrierError where there is none, where one element occurs twice (two readers could see
    two credentials), or where the file is no SVG within bounds. A DOCTYPE that only names a DTD
    is passed over, and nothing is loaded; one that declares anything is refused, and with it every
    entity.
    """
    found = _parse(picture)
    for standard in Standard:
        of_this = [one for one in found.baked if one.standard is standard]
        if len(of_this) > 1:
            raise CarrierError("the SVG carries more than one credential of one standard")
        if of_this:
            return _read(of_this[0])
    raise CarrierError("the SVG carries no credential")


def _read(baked: _Baked) -> Carried:
    body = "".join(baked.text).strip(BLANKS)
    verify = (baked.verify or "").strip(BLANKS)
    if body and verify and baked.standard is Standard.OPEN_BADGES_3:
        raise CarrierError(
            "the SVG carries a credential in its verify attribute and another beside"
        )
    return read_payload(body or verify, found_in=Format.SVG, standard=baked.standard)


def _element(text: str, kind: Kind, standard: Standard, declaration: str) -> str:
    _, local = _NAMES[standard]
    name = f"{_PREFIX}:{local}"
    if kind is Kind.JWT:
        return f"<{name}{declaration} verify={quoteattr(text)}></{name}>"
    if found := _NOT_IN_XML.search(text):
        raise CarrierError(
            f"XML cannot hold the sign U+{ord(found.group()):04X}: write it as \\u in the JSON"
        )
    verify = ""
    if standard is Standard.OPEN_BADGES_2:
        verify = f" verify={quoteattr(_hosted_at(text))}"
    # A CDATA section ends at the first ]]>, and XML makes a line feed of each carriage return.
    body = text.replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<{name}{declaration}{verify}><![CDATA[{body}]]></{name}>"


def _hosted_at(text: str) -> str:
    document = json.loads(text)
    address = document.get("id") if isinstance(document, dict) else None
    if not isinstance(address, str) or kind_of(address) is not Kind.URL:
        raise CarrierError("an Open Badges 2.0 assertion in an SVG needs its address as its id")
    return address


def _parse(picture: bytes) -> _Picture:
    if len(picture) > MAX_PICTURE:
        raise CarrierError(f"the SVG has {len(picture)} bytes; at most {MAX_PICTURE} are read")
    reader = _Reader()
    try:
        # In one piece: expat before 2.6 goes over a long token again for each further piece.
        reader.parser.Parse(picture, True)
    except expat.ExpatError as error:
        raise CarrierError(f"the SVG is not well-formed XML: {error}") from error
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, CarrierError):
            raise
        raise CarrierError(f"the SVG's encoding cannot be read: {error}") from error
    for baked in reader.picture.baked:
        tag = _start_tag(picture, baked.start) if _is_ascii_based(picture) else None
        if tag is not None:
            closed = tag.group().endswith(b"/>")
            baked.end = tag.end() if closed else picture.index(b">", baked.end) + 1
    return reader.picture


class _Reader:
    """The parser's handlers. Only what is asked for is kept."""

    def __init__(self) -> None:
        self.picture = _Picture()
        self._depth = self._elements = self._length = 0
        self._inside = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._refuse_entity
        self.parser.SkippedEntityHandler = self._refuse_entity
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.picture.encoding = (encoding or "utf-8").lower()

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            raise CarrierError(
                "the SVG declares entities or other things of its own: save it plain"
            )

    def _refuse_entity(self, *_: Any) -> None:
        raise CarrierError("the SVG uses an entity of its own: save it plain")

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if not self._elements and prefix == _PREFIX:
            self.picture.namespace = uri

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise CarrierError(
                f"the SVG is nested over {MAX_DEPTH} deep or has over {MAX_ELEMENTS} elements"
            )
        if self._elements == 1:
            if name not in (f"{_SVG} svg", "svg"):
                raise CarrierError("the file is XML, but not an SVG")
            self.picture.root = self.parser.CurrentByteIndex
        standard = _STANDARDS.get(name)
        if standard is not None and not self._inside:
            self._inside = self._depth
            self._length = 0
            self.parser.CharacterDataHandler = self._characters
            verify = attributes.get("verify")
            self.picture.baked.append(
                _Baked(standard=standard, start=self.parser.CurrentByteIndex, verify=verify)
            )

    def _end(self, _name: str) -> None:
        if self._inside == self._depth:
            self._inside = 0
            self.parser.CharacterDataHandler = None
            self.picture.baked[-1].end = self.parser.CurrentByteIndex
        self._depth -= 1

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_BYTES:
            raise CarrierError(f"the credential in the SVG has over {MAX_BYTES} signs")
        self.picture.baked[-1].text.append(text)


def _start_tag(picture: bytes, place: int) -> re.Match[bytes]:
    found = _START_TAG.match(picture, place)
    if found is None:
        raise CarrierError("the SVG's tags cannot be found in its bytes: save it as UTF-8")
    return found


def _is_ascii_based(picture: bytes) -> bool:
    """Whether a tag's signs are the bytes that they look like: not so in UTF-16."""
    return b"\0" not in picture[:4] and not picture.startswith((b"\xff\xfe", b"\xfe\xff"))
