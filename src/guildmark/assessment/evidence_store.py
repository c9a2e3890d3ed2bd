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
}


def media_type(data: bytes) -> str | None:
    """What the content itself says it is; None for what is not taken."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    return "text/plain" if _is_text(data) else None


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
    digest = hashlib.sha256(data).hexdigest()
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
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return digest


def path_of(sha256: str) -> Path:
    """Where the bytes of a digest are kept."""
    return Path(settings.EVIDENCE_FOLDER) / sha256[:2] / sha256
