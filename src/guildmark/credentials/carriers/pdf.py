"""PDF documents with a credential attached.

There is no standard for credentials in PDF. Here one is an embedded file (ISO 32000-2, section
7.11.4) that is also an associated file of the document (section 14.13, `AFRelationship` Data), so
that PDF/A-3 viewers show it. On reading, a credential is known by its content, whoever attached it.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    create_string_object,
)

from guildmark.credentials.carriers.carried import (
    BLANKS,
    Carried,
    Format,
    Kind,
    kind_of,
    read_payload,
    writable_payload,
)
from guildmark.credentials.errors import CarrierError
from guildmark.credentials.model.reading import MAX_BYTES

MAX_DOCUMENT = 8 << 20
"""The PDF reader takes up to twenty times as much memory on documents made for it."""
MAX_OBJECTS = 50_000
MAX_PAGES = 200
MAX_ATTACHMENTS = 100
# Of a damaged file the reader tells every step, which would let a stranger fill the logs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
_MAX_NODES = 2_000
_MAX_NUMBER = 8_388_607  # ISO 32000-1, annex C: so many objects every reader takes
_STRUCTURE_BYTES = 8 << 20
_DAMAGED = "the PDF is damaged: open it and save it anew, then attach again"
_MAX_TABLES = 1_000
_MAX_SOUGHT = 5
_LONG_HEXADECIMAL = re.compile(rb"<[0-9A-Fa-f\s]{200000}")
_HEADER = re.compile(rb"\s*(\d{1,10})\s+(\d{1,10})\s+obj")
_TABLE = re.compile(rb"\s*(?:xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)")
_FILES: dict[Kind, tuple[str, str]] = {
    Kind.JSON: ("credential.json", "/application/vc"),
    Kind.JWT: ("credential.jwt", "/application/vc+jwt"),
    Kind.SD_JWT: ("credential.sd-jwt", "/application/vc+sd-jwt"),
}
_CREDENTIAL_TYPES = {"VerifiableCredential", "VerifiablePresentation", "Assertion"}


def bake(document: bytes, credential: bytes | str) -> bytes:
    """The PDF with the credential attached: JSON, a JWT or an SD-JWT.

    What the PDF was stays as it is at the beginning, and the attachment is appended (an
    incremental update, section 7.5.6), so that signatures of the PDF stay whole. A credential
    attached to the document before is no longer listed. Raises CarrierError for what is no whole
    PDF within bounds, or is encrypted.
    """
    text, kind = writable_payload(credential)
    if not _is_credential(text.encode()):
        raise CarrierError(
            "the JSON is no credential by its @context and type, so none would find it"
        )
    with _guarded():
        reader = _open(document)
        update = _Update(document, reader)
        name, subtype = _FILES[kind]
        specification = _attach(update, name, subtype, text.encode())
        update.put(_catalog_with(reader, name, specification), reader.trailer.raw_get("/Root"))
        baked = update.finish()
    try:
        is_listed = any(found.payload == text for found in unbake_all(baked))
    except CarrierError:
        is_listed = False
    if not is_listed:
        raise CarrierError(_DAMAGED)
    return baked


def unbake(document: bytes) -> Carried:
    """The credential in a PDF. Raises CarrierError where there is none or more than one."""
    found = unbake_all(document)
    if not found:
        raise CarrierError("the PDF carries no credential")
    if len(found) > 1:
        raise CarrierError(f"the PDF carries {len(found)} credentials: take them out one by one")
    return found[0]


def unbake_all(document: bytes) -> tuple[Carried, ...]:
    """Every credential attached to a PDF, each once, in the document's order.

    Looks at embedded files, associated files, and at attachments to the first 200 pages; at most
    100, each of at most 1 MB. Raises CarrierError for what is no PDF within bounds, is encrypted,
    or has more attachments.
    """
    with _guarded():
        reader = _open(document)
        found: dict[str, Carried] = {}
        for number, specification in enumerate(_specifications(reader)):
            if number >= MAX_ATTACHMENTS:
                raise CarrierError(f"the PDF has over {MAX_ATTACHMENTS} attachments")
            carried = _credential_in(specification)
            if carried is not None:
                found.setdefault(carried.payload, carried)
        return tuple(found.values())


def _open(document: bytes) -> PdfReader:
    if len(document) > MAX_DOCUMENT:
        raise CarrierError(f"the PDF has {len(document)} bytes; at most {MAX_DOCUMENT} are read")
    if not document.startswith(b"%PDF-"):
        raise CarrierError("the file is not a PDF")
    if document.count(b" obj") > MAX_OBJECTS:
        raise CarrierError(f"the PDF has over {MAX_OBJECTS} objects")
    if document.count(b"startxref") > _MAX_TABLES or _LONG_HEXADECIMAL.search(document):
        raise CarrierError("the PDF has more tables or longer texts than are read")
    reader = _Reader(
        io.BytesIO(document), root_object_recovery_limit=1_000, xref_stream_maximum_entries=200_000
    )
    if reader.is_encrypted:
        raise CarrierError("the PDF is encrypted: save it without a password")
    return reader


class _Reader(PdfReader):
    """pypdf's reader, which looks through the whole file for each object that is not where the
    cross-reference table says: a table of thousands that are not there would take minutes."""

    _rows = _sought = 0

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        """The object; null where no table lists it (section 7.3.10), as everywhere in PDF."""
        if isinstance(indirect_reference, int):
            indirect_reference = IndirectObject(indirect_reference, 0, self)
        number, generation = indirect_reference.idnum, indirect_reference.generation
        in_stream = generation == 0 and number in self.xref_objStm
        place = self.xref.get(generation, {}).get(number)
        if place is None and not in_stream:
            return NullObject()
        if not in_stream and (generation, number) not in self.resolved_objects:
            self.stream.seek(max(place or 0, 0))
            header = _HEADER.match(self.stream.read(40))
            if header is None or (int(header[1]), int(header[2])) != (number, generation):
                self._sought += 1
                if self._sought > _MAX_SOUGHT:
                    raise CarrierError(_DAMAGED)
        return super().get_object(indirect_reference)

    def _read_standard_xref_table__handle_size(self, stream: Any) -> int | None:
        size = super()._read_standard_xref_table__handle_size(stream)
        self._rows += 1 + (size or 0)
        if self._rows > 2 * MAX_OBJECTS:
            raise CarrierError(f"the PDF has over {MAX_OBJECTS} objects")
        return size


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """Bounds for the PDF reader, and its many errors as one."""
    try:
        with apply_configuration(
            maximum_declared_stream_length=MAX_DOCUMENT,
            array_maximum_element_count=20_000,
            dictionary_maximum_element_count=20_000,
            array_based_stream_maximum_output_length=_STRUCTURE_BYTES,
            zlib_maximum_output_length=_STRUCTURE_BYTES,
            zlib_maximum_recovery_input_length=MAX_BYTES,
            lzw_maximum_output_length=_STRUCTURE_BYTES,
            run_length_maximum_output_length=_STRUCTURE_BYTES,
            brotli_maximum_output_length=_STRUCTURE_BYTES,
            stream_filters_maximum_length=4,
            stream_decoding_work_maximum_length=2 * _STRUCTURE_BYTES,
            page_tree_maximum_entries=5_000,
            page_tree_maximum_depth=50,
            jbig2dec_binary=None,
        ):
            yield
    except CarrierError:
        raise
    except Exception as error:
        # The reader raises its own errors and, on damaged files, whatever it stumbles over.
        raise CarrierError(
            f"the PDF cannot be read: {type(error).__name__} {str(error)[:120]}"
        ) from error


def _specifications(reader: PdfReader) -> Iterator[DictionaryObject]:
    """File specifications (section 7.11.3), each once: named, associated, on pages."""
    walk = _Walk()
    catalog = reader.root_object
    names = walk.dictionary(catalog.get("/Names"))
    if names is not None:
        for _, value in walk.name_pairs(names.get("/EmbeddedFiles")):
            yield from walk.all_new([value])
    yield from walk.all_new(catalog.get("/AF"))
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES:
            return
        yield from walk.all_new(page.get("/AF"))
        for annotation in walk.array(page.get("/Annots")):
            about = walk.dictionary(annotation)
            if about is not None and about.get("/Subtype") == "/FileAttachment":
                yield from walk.all_new([about.get("/FS")])


class _Walk:
    """Goes through a PDF's objects, each once, and not through too many."""

    def __init__(self) -> None:
        self._seen: set[Any] = set()
        self._nodes = 0

    def dictionary(self, value: Any) -> DictionaryObject | None:
        """The dictionary that a value is or points to."""
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise CarrierError(f"the PDF has over {_MAX_NODES} nodes to look for attachments in")
        value = value.get_object() if isinstance(value, IndirectObject) else value
        return value if isinstance(value, DictionaryObject) else None

    def array(self, value: Any) -> list[Any]:
        """The values of the array that a value is or points to."""
        value = value.get_object() if isinstance(value, IndirectObject) else value
        return list(value) if isinstance(value, ArrayObject | list) else []

    def all_new(self, values: Any) -> Iterator[DictionaryObject]:
        """The dictionaries in an array that did not come before."""
        for value in self.array(values):
            found = self.dictionary(value)
            if found is not None and self._is_new(value, found):
                yield found

    def name_pairs(self, tree: Any) -> Iterator[tuple[Any, Any]]:
        """The names and values of a name tree (section 7.9.6)."""
        queue = [tree]
        while queue:
            value = queue.pop()
            node = self.dictionary(value)
            if node is None or not self._is_new(value, node):
                continue
            listed = self.array(node.get("/Names"))
            yield from zip(listed[::2], listed[1::2], strict=False)
            queue += reversed(self.array(node.get("/Kids"))[: _MAX_NODES + 1])

    def _is_new(self, value: Any, found: DictionaryObject) -> bool:
        key = (value.idnum, value.generation) if isinstance(value, IndirectObject) else id(found)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _credential_in(specification: DictionaryObject) -> Carried | None:
    """What an attachment holds, where that is a credential."""
    files = specification.get("/EF")
    files = files.get_object() if isinstance(files, IndirectObject) else files
    if not isinstance(files, DictionaryObject):
        return None
    stream = files.get("/UF", files.get("/F"))
    stream = stream.get_object() if isinstance(stream, IndirectObject) else stream
    if not isinstance(stream, StreamObject):
        return None
    try:
        with apply_configuration(
            zlib_maximum_output_length=MAX_BYTES,
            lzw_maximum_output_length=MAX_BYTES,
            run_length_maximum_output_length=MAX_BYTES,
            brotli_maximum_output_length=MAX_BYTES,
            stream_decoding_work_maximum_length=2 * MAX_BYTES,
        ):
            data = stream.get_data()
    except Exception:
        # Too large for a credential, or not to be decoded: somebody else's attachment.
        return None
    if len(data) > MAX_BYTES or not _is_credential(data):
        return None
    return read_payload(data, found_in=Format.PDF)


def _is_credential(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig").strip(BLANKS)
        kind = kind_of(text)
        if kind in (Kind.JWT, Kind.SD_JWT):
            # The base64url of a curly bracket with a quotation mark or a blank after it.
            return text.startswith(("ey", "ew"))
        if kind is not Kind.JSON:
            return False
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    types = document.get("type") if isinstance(document, dict) else None
    types = types if isinstance(types, list) else [types]
    return "@context" in document and any(
        isinstance(name, str) and name in _CREDENTIAL_TYPES for name in types
    )


class _Update:
    """An incremental update of a PDF: new objects after its end (section 7.5.6).

    Written here because pypdf's writer copies every object of the document first.
    """

    def __init__(self, document: bytes, reader: PdfReader) -> None:
        # Where the reader had to guess, nobody would find what is added.
        if not _TABLE.match(document, max(reader._startxref, 0)):
            raise CarrierError(_DAMAGED)
        self._reader = reader
        self._written = io.BytesIO()
        self._written.write(document if document.endswith(b"\n") else document + b"\n")
        self._places: dict[int, tuple[int, int]] = {}
        size = reader.trailer.get("/Size", 0)
        known = max((max(numbers, default=0) for numbers in reader.xref.values()), default=0)
        self._next = max(size if isinstance(size, int) else 0, known + 1, len(reader.xref_objStm))
        if self._next > _MAX_NUMBER:
            raise CarrierError(f"the PDF has object numbers over {_MAX_NUMBER}")

    def put(self, thing: PdfObject, at: Any = None) -> IndirectObject:
        """Write an object, a new one or in the place of the one that `at` points to."""
        if isinstance(at, IndirectObject):
            reference = at
        else:
            reference = IndirectObject(self._next, 0, self._reader)
            self._next += 1
        number, generation = reference.idnum, reference.generation
        self._places[number] = (self._written.tell(), generation)
        self._written.write(f"{number} {generation} obj\n".encode())
        thing.write_to_stream(self._written)
        self._written.write(b"\nendobj\n")
        return reference

    def finish(self) -> bytes:
        """The document with the update and its cross-reference stream (section 7.5.8)."""
        place = self._written.tell()
        self._places[self._next] = (place, 0)
        table = StreamObject()
        table.set_data(
            b"".join(
                b"\1" + at.to_bytes(4) + generation.to_bytes(2)
                for _, (at, generation) in sorted(self._places.items())
            )
        )
        trailer = self._reader.trailer
        table.update(
            {
                NameObject(key): trailer.raw_get(key)
                for key in ("/Root", "/Info", "/ID")
                if key in trailer
            }
        )
        index = [part for number in sorted(self._places) for part in (number, 1)]
        table.update(
            {
                NameObject("/Type"): NameObject("/XRef"),
                NameObject("/Size"): NumberObject(self._next + 1),
                NameObject("/Prev"): NumberObject(self._reader._startxref),
                NameObject("/W"): ArrayObject(map(NumberObject, (1, 4, 2))),
                NameObject("/Index"): ArrayObject(map(NumberObject, index)),
            }
        )
        self._written.write(f"{self._next} 0 obj\n".encode())
        table.write_to_stream(self._written)
        self._written.write(f"\nendobj\nstartxref\n{place}\n%%EOF\n".encode())
        return self._written.getvalue()


def _attach(update: _Update, name: str, subtype: str, data: bytes) -> IndirectObject:
    """A file specification with its embedded file (section 7.11.4)."""
    stream = StreamObject()
    stream.set_data(data)
    stream[NameObject("/Type")] = NameObject("/EmbeddedFile")
    stream[NameObject("/Subtype")] = NameObject(subtype)
    stream[NameObject("/Params")] = DictionaryObject({NameObject("/Size"): NumberObject(len(data))})
    embedded = update.put(stream)
    return update.put(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Filespec"),
                NameObject("/F"): create_string_object(name),
                NameObject("/UF"): create_string_object(name),
                NameObject("/Desc"): create_string_object("Verifiable credential"),
                NameObject("/AFRelationship"): NameObject("/Data"),
                NameObject("/EF"): DictionaryObject(
                    {NameObject("/F"): embedded, NameObject("/UF"): embedded}
                ),
            }
        )
    )


def _catalog_with(reader: PdfReader, name: str, specification: IndirectObject) -> DictionaryObject:
    """The document's catalog with this attachment and without the credentials it listed."""
    walk = _Walk()

    def is_other(value: Any) -> bool:
        found = walk.dictionary(value)
        return found is not None and _credential_in(found) is None

    catalog = DictionaryObject(reader.root_object)
    associated = [value for value in walk.array(catalog.get("/AF")) if is_other(value)]
    names = DictionaryObject(walk.dictionary(catalog.get("/Names")) or {})
    # The name tree becomes one sorted leaf: its nodes may be shared and need not be in order.
    pairs = [pair for pair in walk.name_pairs(names.get("/EmbeddedFiles")) if is_other(pair[1])]
    pairs = sorted([*pairs, (create_string_object(name), specification)], key=_by_name)
    names[NameObject("/EmbeddedFiles")] = DictionaryObject(
        {NameObject("/Names"): ArrayObject(part for pair in pairs for part in pair)}
    )
    catalog[NameObject("/Names")] = names
    catalog[NameObject("/AF")] = ArrayObject([*associated, specification])
    return catalog


def _by_name(pair: tuple[Any, Any]) -> str:
    return str(pair[0])
