"""From expanded JSON-LD to RDF statements.

JSON-LD 1.1 Processing Algorithms, section 8 (RDF serialization and deserialization). Terms are
written as in canonical N-Quads (RDF Dataset Canonicalization 1.0, section 5), so that a statement
is four strings.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import rfc8785

from guildmark.credentials.errors import JsonLdError

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_I18N = "https://www.w3.org/ns/i18n#"
_VALUE = frozenset({"@value", "@type", "@language", "@direction"})
_XSD_STRING, XSD_DOUBLE = f"{_XSD}string", f"{_XSD}double"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPED = re.compile(r'[\x00-\x1f"\\\x7f]')
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"'} | {
    "\\": "\\\\"
}


class Quad(NamedTuple):
    """One statement; each part as N-Quads text, the graph empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str

    def line(self) -> str:
        """The statement as one line of N-Quads."""
        graph = f" {self.graph}" if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object}{graph} .\n"


def to_quads(expanded: list[Any]) -> list[Quad]:
    """The statements of an expanded document, each once; blank nodes are `_:b0` and on.

    Raises JsonLdError for a relative identifier (implementations disagree on it) and for what
    would leave no statement.
    """
    reader = _Reader()
    for node in expanded:
        reader.node(node, "")
    return list(reader.quads)


class _Reader:
    def __init__(self) -> None:
        self.quads: dict[Quad, None] = {}
        self._labels: dict[str, str] = {}
        self._count = 0

    def node(self, node: Any, graph: str) -> str:
        """Add the statements of a node object and return its name."""
        if not isinstance(node, dict) or "@value" in node or "@list" in node:
            raise JsonLdError("a value stands where only an object can be signed")
        subject = self._name(node["@id"]) if "@id" in node else self._blank()
        for key, values in node.items():
            if key == "@id":
                continue
            if key == "@type":
                for type_ in values:
                    self._add(subject, _TYPE, self._name(type_), graph)
            elif key == "@graph":
                for inner in values:
                    self.node(inner, subject)
            elif key[0] == "@" or key[:2] == "_:":
                raise JsonLdError(f"{key[:60]!r} would not be protected by the signature")
            else:
                predicate = _iri(key)
                for value in values:
                    self._add(subject, predicate, self._object(value, graph), graph)
        return subject

    def _object(self, value: Any, graph: str) -> str:
        if "@value" in value:
            return _literal(value)
        if "@list" in value:
            return self._list(value["@list"], graph)
        return self.node(value, graph)

    def _list(self, values: list[Any], graph: str) -> str:
        cells = [self._blank() for _ in values]
        for cell, value, rest in zip(cells, values, [*cells[1:], _NIL], strict=False):
            self._add(cell, _FIRST, self._object(value, graph), graph)
            self._add(cell, _REST, rest, graph)
        return cells[0] if cells else _NIL

    def _add(self, subject: str, predicate: str, object_: str, graph: str) -> None:
        self.quads[Quad(subject, predicate, object_, graph)] = None

    def _name(self, name: Any) -> str:
        if isinstance(name, str) and name.startswith("_:"):
            if name not in self._labels:
                self._labels[name] = self._blank()
            return self._labels[name]
        return _iri(name)

    def _blank(self) -> str:
        self._count += 1
        return f"_:b{self._count - 1}"


def _iri(name: Any) -> str:
    if not isinstance(name, str) or not _ABSOLUTE.fullmatch(name):
        shown = name[:120] if isinstance(name, str) else name
        raise JsonLdError(f"{shown!r} is neither defined by a context nor a full identifier")
    return f"<{name}>"


def _literal(value: Any) -> str:
    """Section 8.2.2 (object to RDF conversion), values only; a text's base direction goes into
    its datatype, as with `rdfDirection` set to `i18n-datatype` (section 9.6)."""
    if not value.keys() <= _VALUE:
        extra = sorted(value.keys() - _VALUE)
        raise JsonLdError(f"{extra[0]!r} of a text would not be protected by the signature")
    raw, datatype = value["@value"], value.get("@type")
    if datatype == "@json":
        try:
            return f'"{escape(rfc8785.dumps(raw).decode())}"^^<{_RDF}JSON>'
        except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
            raise JsonLdError(f"a JSON value has no canonical form: {error}") from error
    if "@language" in value:
        language = value["@language"]
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise JsonLdError(f"{str(language)[:40]!r} is not a language tag")
    if "@direction" in value:
        direction, language = value["@direction"], value.get("@language", "").lower()
        if direction not in ("ltr", "rtl") or not isinstance(raw, str) or datatype is not None:
            raise JsonLdError(f"{str(direction)[:40]!r} is not the direction of a text")
        return f'"{escape(raw)}"^^<{_I18N}{language}_{direction}>'
    if "@language" in value:
        return f'"{escape(raw)}"@{language}'
    text, native = _lexical(raw, datatype)
    datatype = datatype or native
    if datatype == _XSD_STRING:
        return f'"{escape(text)}"'
    return f'"{escape(text)}"^^{_iri(datatype)}'


def _lexical(raw: Any, datatype: Any) -> tuple[str, str]:
    if isinstance(raw, bool):
        return ("true" if raw else "false"), f"{_XSD}boolean"
    if isinstance(raw, int | float):
        if raw % 1 == 0 and abs(raw) < 1e21 and datatype != XSD_DOUBLE:
            return str(int(raw)), f"{_XSD}integer"
        return double(raw), XSD_DOUBLE
    return raw, _XSD_STRING


def double(number: float) -> str:
    """Section 8.6 (data round tripping): the canonical form of `xsd:double`, 15 digits."""
    digits, exponent = f"{number:.15E}".split("E")
    whole, fraction = digits.split(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def escape(text: str) -> str:
    """A text as it stands in a canonical literal (RDF Dataset Canonicalization 1.0, section 5)."""
    return _ESCAPED.sub(_escape_one, text)


def _escape_one(match: re.Match[str]) -> str:
    char = match[0]
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"
