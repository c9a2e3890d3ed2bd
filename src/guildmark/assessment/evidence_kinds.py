"""Which files are taken as evidence, judged by what is in them and never by their names."""

from __future__ import annotations

import io
from pathlib import PurePath

from django.utils.translation import gettext as _

from guildmark.assessment.evidence_store import MAX_BYTES
from guildmark.errors import InvalidError

_PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_MILLION = 1_000_000
# A JPEG is decoded at an eighth of its size; the others need four bytes of memory a pixel.
_MAX_PIXELS = {"image/png": 25 * _MILLION, "image/jpeg": 64 * _MILLION, "image/webp": 25 * _MILLION}
_NO_TEXT = {".png", ".jpg", ".jpeg", ".webp", ".pdf"}
"""Endings of names that say picture or PDF."""
_PDF_END = 2048
"""Bytes at the end among which a PDF says where its table stands, and that it ends."""


def kind_of(data: bytes, name: str) -> str:
    """The media type of a file that is taken.

    A picture is decoded to its end, a PDF has its head and its end, text is UTF-8 without control
    characters. The name decides between plain text and CSV alone, which look the same; text whose
    name says picture or PDF is refused. Raises InvalidError naming what is wrong with the file and
    how to mend it.
    """
    kind = _begins_as(data, name) if len(data) <= MAX_BYTES else None
    if kind is None:
        raise InvalidError.of(
            "file",
            name,
            _("Choose a JPEG, PNG or WebP picture, a PDF, text or CSV file of up to 10 MB."),
        )
    problem = _picture_problem(data, kind) if kind in _PICTURES else ""
    if kind == "application/pdf" and not _ends_as_pdf(data):
        problem = _("This PDF is damaged or cut off. Save it anew, then choose it again.")
    if kind.startswith("text/") and PurePath(name.lower()).suffix in _NO_TEXT:
        problem = _(
            "By its name this is a picture or a PDF, but it holds text. Choose the right file, or "
            "name it .txt or .csv."
        )
    if problem:
        raise InvalidError.of("file", name, problem)
    return kind


def _begins_as(data: bytes, name: str) -> str | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if not _is_text(data):
        return None
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    controls = set(text) & {chr(code) for code in (*range(32), *range(127, 160))}
    return bool(text.strip()) and controls <= set("\r\n\t\f")


def _ends_as_pdf(data: bytes) -> bool:
    end = data[-_PDF_END:]
    return 0 <= end.rfind(b"startxref") < end.rfind(b"%%EOF")


def _picture_problem(data: bytes, kind: str) -> str:
    # Here, because most processes never look at a picture.
    from PIL import Image

    limit = _MAX_PIXELS[kind]
    try:
        with Image.open(io.BytesIO(data), formats=[_PICTURES[kind]]) as picture:
            width, height = picture.size
            if width * height <= limit:
                picture.draft(None, (max(1, width // 8), max(1, height // 8)))
                picture.load()
                return ""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    except Exception:  # what a decoder raises on hostile bytes is not foreseeable
        return _("This picture is damaged or cut off. Take or save it anew, then choose it again.")
    return _("This picture has more than %(limit)d million pixels. Save it in a smaller size.") % {
        "limit": limit // _MILLION
    }
