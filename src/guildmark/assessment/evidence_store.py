"""Evidence files by their SHA-256, outside the web root."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

MAX_BYTES = 10 * 1024 * 1024
_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
}


def media_type(data: bytes, name: str = "") -> str | None:
    """What the content itself says it is; None for what is not taken.

    The name decides between two kinds of text alone, which look the same: plain and CSV.
    """
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
    return bool(text.strip()) and all(char.isprintable() or char in "\r\n\t" for char in text)


def safe_name(name: str, kind: str) -> str:
    """A file name without folders or control characters, with the ending of its kind."""
    stem = Path(name.replace("\\", "/")).name
    stem = re.sub(r"[^\w .()-]", "_", stem).strip(" .") or "evidence"
    ending = _ENDINGS[kind]
    bare = re.sub(r"\.\w{1,5}$", "", stem)[:200] or "evidence"
    return bare + ending


def keep(data: bytes) -> str:
    """Write the bytes once, surely, and return their SHA-256 in hex."""
    digest = digest_of(data)
    path = path_of(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
        _settle(path.parent)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return digest


def _settle(folder: Path) -> None:
    # Without it the new name may be lost with the power, though the bytes are on the disk.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(data: bytes) -> str:
    """The SHA-256 in hex, by which the bytes are kept."""
    return hashlib.sha256(data).hexdigest()


def path_of(sha256: str) -> Path:
    """Where the bytes of a digest are kept."""
    return Path(settings.EVIDENCE_FOLDER) / sha256[:2] / sha256
