"""Evidence files by their SHA-256, outside the web root."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.http import content_disposition_header

MAX_BYTES = 10 * 1024 * 1024
_ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
}


def headers(kind: str, name: str) -> dict[str, str]:
    """How a kept file is handed out, so that nothing in it is ever run on this site.

    Pictures may be looked at; all else is for download only. A PDF too: browsers that show one do
    it outside of the sandbox or not at all.
    """
    is_picture = kind.startswith("image/")
    disposition = content_disposition_header(as_attachment=not is_picture, filename=name)
    return {
        "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "Content-Disposition": disposition or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


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
