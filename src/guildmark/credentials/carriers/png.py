"""Baked PNG pictures.

Open Badges 3.0, section 5.3.1 "PNG" (https://www.imsglobal.org/spec/ob/v3p0/#png); Open Badges
2.0 Baking Specification (https://www.imsglobal.org/spec/ob/v2p0/baking/); Portable Network
Graphics, sections 5 and 11.3 (https://www.w3.org/TR/png/). The picture itself is never decoded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from guildmark.credentials.carriers.carried import (
    Carried,
    Format,
    Kind,
    Standard,
    read_payload,
    writable_payload,
)
from guildmark.credentials.errors import CarrierError
from guildmark.credentials.model.reading import MAX_BYTES

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PICTURE = 32 << 20
MAX_CHUNKS = 50_000
_KEYWORDS = {
    Standard.OPEN_BADGES_3: b"openbadgecredential",
    Standard.OPEN_BADGES_2: b"openbadges",
}
_TEXT_CHUNKS = (b"iTXt", b"tEXt", b"zTXt")
_HEAD = struct.Struct(">I4s")
_CRC = struct.Struct(">I")

Chunk = tuple[bytes, int, int]
"""Its type, where its data begin, how long they are."""


def bake(
    picture: bytes, credential: bytes | str, *, standard: Standard = Standard.OPEN_BADGES_3
) -> bytes:
    """The PNG with the credential, JSON or compact JWS, in an uncompressed iTXt chunk.

    A credential that it carried before is replaced; all else stays byte for byte, but what stands
    after the picture's end is left away. Raises CarrierError for what is no whole PNG.
    """
    text, kind = writable_payload(credential)
    if kind is Kind.SD_JWT:
        raise CarrierError("Open Badges bakes JSON and JWS into pictures; put an SD-JWT into a PDF")
    kept: list[bytes | memoryview] = []
    view = memoryview(picture)
    begin = 0
    for number, (name, start, length) in enumerate(_chunks(picture)):
        end = start + length + 4
        if _CRC.unpack_from(picture, end - 4)[0] != zlib.crc32(view[start - 4 : end - 4]):
            raise CarrierError(f"the PNG is damaged: chunk {number} has a wrong checksum")
        if number == 0:
            kept += [view[:end], _chunk(b"iTXt", _KEYWORDS[standard] + bytes(5) + text.encode())]
            begin = end
        elif _standard_of(picture, name, start) is not None:
            kept.append(view[begin : start - 8])
            begin = end
        elif name == b"IEND":
            kept.append(view[begin:end])
    return b"".join(kept)


def unbake(picture: bytes) -> Carried:
    """The credential in a PNG: of Open Badges 3.0 before 2.0, compressed or not.

    Older bakers' tEXt and zTXt chunks are read too; those may hold an address only. Raises
    CarrierError where there is none, where one keyword occurs twice (two readers could see two
    credentials), or where the file is no PNG within bounds.
    """
    found: dict[Standard, Chunk] = {}
    for chunk in _chunks(picture):
        standard = _standard_of(picture, chunk[0], chunk[1])
        if standard is None:
            continue
        if standard in found:
            raise CarrierError("the PNG carries more than one credential under one keyword")
        found[standard] = chunk
    for standard in Standard:
        if standard in found:
            raw = _text(picture, found[standard], len(_KEYWORDS[standard]))
            return read_payload(raw, found_in=Format.PNG, standard=standard)
    raise CarrierError("the PNG carries no credential")


def _chunks(picture: bytes) -> Iterator[Chunk]:
    """The chunks from IHDR to IEND (PNG, section 5.3), within bounds."""
    size = len(picture)
    if size > MAX_PICTURE:
        raise CarrierError(f"the PNG has {size} bytes; at most {MAX_PICTURE} are read")
    if not picture.startswith(SIGNATURE):
        raise CarrierError("the file is not a PNG")
    place = len(SIGNATURE)
    for number in range(MAX_CHUNKS):
        if place + 12 > size:
            break
        length, name = _HEAD.unpack_from(picture, place)
        start = place + 8
        place = start + length + 4
        if place > size:
            break
        if (name == b"IHDR") is not (number == 0):
            raise CarrierError("the PNG does not begin with its one IHDR chunk")
        yield name, start, length
        if name == b"IEND":
            return
    else:
        raise CarrierError(f"the PNG has over {MAX_CHUNKS} chunks")
    raise CarrierError("the PNG is cut off")


def _standard_of(picture: bytes, name: bytes, start: int) -> Standard | None:
    if name not in _TEXT_CHUNKS:
        return None
    for standard, keyword in _KEYWORDS.items():
        # The byte after the keyword may lie behind the chunk's end: then it is no zero that counts.
        if picture.startswith(keyword + b"\0", start):
            return standard
    return None


def _text(picture: bytes, chunk: Chunk, keyword: int) -> bytes:
    """The text of a text chunk (PNG, sections 11.3.3.2 to 11.3.3.4)."""
    name, start, length = chunk
    data = picture[start : start + length]
    if _CRC.unpack_from(picture, start + length)[0] != zlib.crc32(name + data):
        raise CarrierError("the chunk with the credential is damaged: its checksum is wrong")
    rest = data[keyword + 1 :]
    if name == b"tEXt":
        return _latin_or_utf8(rest)
    if name == b"zTXt":
        if rest[:1] != b"\0":
            raise CarrierError("the credential is compressed in a way that PNG does not know")
        return _latin_or_utf8(_inflate(rest[1:]))
    flags, marks = rest[:2], rest[2:].split(b"\0", 2)
    if len(flags) < 2 or len(marks) < 3 or flags[0] > 1:
        raise CarrierError("the chunk with the credential is not a whole iTXt chunk")
    if not flags[0]:
        return marks[2]
    # The standards forbid compression here; some bakers compress all the same.
    if flags[1]:
        raise CarrierError("the credential is compressed in a way that PNG does not know")
    return _inflate(marks[2])


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise CarrierError(f"the credential in the PNG cannot be inflated: {error}") from error
    if len(text) > MAX_BYTES:
        raise CarrierError(f"the credential in the PNG inflates to over {MAX_BYTES} bytes")
    if not inflater.eof:
        raise CarrierError("the compressed credential in the PNG is cut off")
    return text


def _latin_or_utf8(text: bytes) -> bytes:
    # These chunks are Latin-1 by their standard, but many bakers wrote UTF-8.
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1").encode()
    return text


def _chunk(name: bytes, data: bytes) -> bytes:
    return _HEAD.pack(len(data), name) + data + _CRC.pack(zlib.crc32(name + data))
