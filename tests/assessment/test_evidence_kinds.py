"""Which files are taken as evidence, and that hostile ones do no harm where they are shown."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from playwright.sync_api import BrowserContext

from guildmark.assessment.evidence_kinds import kind_of
from guildmark.assessment.evidence_store import MAX_BYTES, headers
from guildmark.errors import InvalidError
from tests.support.assessment import PNG

HTML = b"<html><script>document.title='run'</script></html>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def picture(kind: str, size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(kept, kind, **options)
    return kept.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that is a few kilobytes large and says it has these many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + end

    row = zlib.compress(b"\0" * min(10_000_000, (width + 1) * height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


JPEG = picture("JPEG")
WEBP = picture("WEBP")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PNG, "a.exe", "image/png"),
        (JPEG, "a.html", "image/jpeg"),
        (picture("JPEG", progressive=True), "", "image/jpeg"),
        (JPEG + b"motion picture of a phone", "", "image/jpeg"),
        (WEBP, "", "image/webp"),
        (PDF, "", "application/pdf"),
        (PDF + b"\n" * 800, "", "application/pdf"),
        ("Größe;1\u00a0000\r\n".encode(), "log.CSV", "text/csv"),
        ("\ufeffGröße\n".encode(), "log.html", "text/plain"),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"MZ\x90\0",
        b"\xff\xfe\0\0",
        b"GIF89a\1\0",
        b"text\0with nul",
        b"bell\x07",
        "c1 \x9b control".encode(),
        "Größe".encode("latin-1"),
        b"PK\x03\x04",
        PNG + b"\0" * MAX_BYTES,
    ],
)
def test_other_kinds_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidError, match="Choose a JPEG"):
        kind_of(data, "a.png")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + b"\0" * 32,
        b"\xff\xd8\xff\xe0photo",
        b"RIFF\0\0\0\0WEBPVP8 ",
        picture("PNG")[:-200],
        PNG.replace(b"IDAT", b"IDAX"),
        JPEG[: len(JPEG) // 2],
        WEBP[: len(WEBP) // 2],
        b"\x89PNG\r\n\x1a\n" + HTML,
        b"\xff\xd8\xff" + HTML,
    ],
)
def test_a_picture_is_one_to_its_end(data: bytes) -> None:
    with pytest.raises(InvalidError, match="picture is damaged or cut off"):
        kind_of(data, "a.png")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n...", PDF[:-8], PDF + b" " * 5000, b"%PDF-" + HTML, b"%PDF-1.4\n%%EOF"]
)
def test_a_pdf_has_an_end(data: bytes) -> None:
    with pytest.raises(InvalidError, match="PDF is damaged or cut off"):
        kind_of(data, "a.pdf")


@pytest.mark.parametrize("size", [(6000, 5000), (50_000, 50_000), (1, 2**31 - 1)])
def test_a_picture_that_would_fill_the_memory_is_not_decoded(size: tuple[int, int]) -> None:
    data = png_of(*size)
    assert len(data) < 100_000
    with pytest.raises(InvalidError, match="more than 25 million pixels"):
        kind_of(data, "a.png")


@given(st.data())
def test_whatever_is_sent_is_taken_or_told(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([PNG, JPEG, WEBP, PDF])))
    for _change in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    with contextlib.suppress(InvalidError):
        assert kind_of(bytes(whole[:cut]), "a")


def polyglots() -> dict[str, bytes]:
    """Files that are what they say and something else as well."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", HTML.decode())
    webp = WEBP + b"JUNK" + struct.pack("<I", len(HTML)) + HTML
    return {
        "html in the comment of a PNG": picture("PNG", pnginfo=info),
        "html after a PNG": PNG + HTML,
        "html in the comment of a JPEG": picture("JPEG", comment=HTML),
        "html after a JPEG": JPEG + HTML,
        "html after a WebP": webp,
        "html in a PDF": PDF.replace(b"endobj", b"endobj\n" + HTML),
        "a page as text": HTML,
        "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    }


@pytest.mark.parametrize("what", sorted(polyglots()))
def test_a_file_of_two_kinds_is_only_ever_the_harmless_one(what: str) -> None:
    data = polyglots()[what]
    kind = kind_of(data, "evil.html")
    assert kind in {"image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"}
    sent = headers(kind, "evil.html")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"] == "sandbox; default-src 'none'"
    is_shown = sent["Content-Disposition"].startswith("inline")
    assert is_shown == kind.startswith("image/")
    assert "html" not in sent["Content-Type"]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("what", "is_shown"),
    [
        ("html in the comment of a PNG", True),
        ("html after a JPEG", True),
        ("a page as text", False),
    ],
)
def test_a_browser_runs_nothing_of_it(context: BrowserContext, what: str, is_shown: bool) -> None:
    data = polyglots()[what]
    kind = kind_of(data, "a")
    page = context.new_page()
    page.route(
        "http://evidence.example/*",
        lambda route: route.fulfill(body=data, headers=headers(kind, "evil.html")),
    )
    if is_shown:
        page.goto("http://evidence.example/evil.html")
        assert page.title() != "run"
        assert page.evaluate("document.images[0].naturalWidth") > 0
    else:
        with page.expect_download() as download:
            page.evaluate("location.href = 'http://evidence.example/evil.html'")
        assert download.value.suggested_filename.startswith("evil")
        assert page.title() != "run"


@pytest.mark.parametrize("name", ["evil.png", "photo.JPEG", "report.pdf"])
def test_text_that_is_named_a_picture_or_pdf_is_refused(name: str) -> None:
    with pytest.raises(InvalidError, match="but it holds text"):
        kind_of(b"<script>alert(1)</script>", name)
