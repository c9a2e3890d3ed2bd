"""Small pictures and documents for the tests of carriers."""

from __future__ import annotations

import io
import struct
import zlib

from pypdf import PdfWriter

from guildmark.credentials.carriers import png

CREDENTIAL = '{"@context": ["x"], "type": ["VerifiableCredential"], "name": "Łukasz ]]> & <b>"}'
JWT = "eyJhbGciOiJFZERTQSJ9.eyJ2YyI6e319.c2lnbmF0dXJl"
SD_JWT = f"{JWT}~WyJzYWx0IiwibmFtZSIsIngiXQ~"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture(*extra: bytes, size: int = 200) -> bytes:
    """A PNG with chunks before the picture's data."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"".join([png.SIGNATURE, head, *extra, chunk(b"IDAT", bytes(size)), chunk(b"IEND", b"")])


def drawing(inside: str = "<path d='M0 0'/>", head: str = "", attributes: str = "") -> bytes:
    return (
        f'{head}<svg xmlns="http://www.w3.org/2000/svg" a="1 > 0"{attributes}>{inside}</svg>\n'
    ).encode()


def document(*attachments: tuple[str, bytes]) -> bytes:
    """A PDF with these attachments."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, data in attachments:
        writer.add_attachment(name, data)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
