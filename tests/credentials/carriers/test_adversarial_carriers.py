"""Files made so that two readers see two credentials, or a reader something outside of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guildmark.credentials import CarrierError, NotAvailableError, UnreadableError, read_json
from guildmark.credentials.carriers import detect, pdf, png, svg
from guildmark.credentials.carriers.bundle import BundleResolver, read_bundle
from guildmark.credentials.carriers.carried import Standard
from tests.credentials.carriers import files
from tests.credentials.verification.test_adversarial_bounds import within

OTHER = files.CREDENTIAL.replace("Łukasz", "Forged")
NAMES = ("openbadgecredential", "openbadges")


def text_chunk(keyword: str, text: str, name: bytes = b"iTXt") -> bytes:
    flags = bytes(5) if name == b"iTXt" else b"\0"
    return files.chunk(name, keyword.encode() + flags + text.encode())


@pytest.mark.parametrize("keyword", NAMES)
@pytest.mark.parametrize("second", [b"iTXt", b"tEXt"])
def test_two_chunks_of_one_keyword(keyword: str, second: bytes) -> None:
    picture = files.picture(
        text_chunk(keyword, files.CREDENTIAL), text_chunk(keyword, OTHER, second)
    )
    with pytest.raises(CarrierError, match="more than one"):
        png.unbake(picture)


def test_a_chunk_after_the_end_or_with_another_keyword_is_none() -> None:
    picture = files.picture(text_chunk(NAMES[0], files.CREDENTIAL))
    hidden = text_chunk(NAMES[0], OTHER)
    for chunk in (text_chunk("Openbadgecredential", OTHER), text_chunk(f"{NAMES[0]} ", OTHER)):
        before = files.picture(text_chunk(NAMES[0], files.CREDENTIAL), chunk)
        assert png.unbake(before).payload == files.CREDENTIAL
    assert png.unbake(picture + hidden).payload == files.CREDENTIAL
    with pytest.raises(CarrierError, match="checksum"):
        png.unbake(picture.replace("Łukasz".encode(), "Łukacz".encode()))


def test_two_assertions_in_one_svg() -> None:
    baked = svg.bake(files.drawing(), files.CREDENTIAL).decode()
    begin = baked.index("<openbadges:credential")
    element = baked[
        begin : baked.index("</openbadges:credential>") + len("</openbadges:credential>")
    ]
    for forged in (element, element.replace("openbadges:", "x:")):
        declared = forged.replace(">", ' xmlns:x="https://purl.imsglobal.org/ob/v3p0">', 1)
        with pytest.raises(CarrierError, match="more than one"):
            svg.unbake(baked.replace("<path", f"{declared}<path").encode())
    within_one = baked.replace("<![CDATA[", element + "<![CDATA[")
    with pytest.raises(UnreadableError):
        read_json(svg.unbake(within_one.encode()).payload)
    verify = baked.replace(
        "<openbadges:credential", f'<openbadges:credential verify="{files.JWT}"', 1
    )
    with pytest.raises(CarrierError, match="verify attribute"):
        svg.unbake(verify.encode())


def test_a_credential_in_a_comment_or_in_another_namespace_is_none() -> None:
    inside = f'<!-- <openbadges:credential verify="{files.JWT}"/> -->'
    for hidden in (inside, f'<credential verify="{files.JWT}"/>'):
        with pytest.raises(CarrierError, match="no credential"):
            svg.unbake(files.drawing(hidden))


def test_two_attachments_in_one_pdf() -> None:
    document = files.document(("a.json", files.CREDENTIAL.encode()), ("b.json", OTHER.encode()))
    with pytest.raises(CarrierError, match="2 credentials"):
        detect.unbake(document)
    assert len(pdf.unbake_all(document)) == 2
    same = files.document(
        ("a.json", files.CREDENTIAL.encode()), ("b.json", files.CREDENTIAL.encode())
    )
    assert detect.unbake(same).payload == files.CREDENTIAL


@pytest.mark.parametrize("start", [b"", b"\0", b" ", b"GIF89a", b"<!--"])
def test_the_beginning_decides_what_a_file_is(start: bytes) -> None:
    """One that is several kinds at once is read as what it begins as, by everybody."""
    baked = png.bake(files.picture(), files.CREDENTIAL)
    both = start + baked + pdf.bake(files.document(), OTHER)
    if start:
        with pytest.raises(CarrierError):
            detect.unbake(both)
    else:
        assert detect.unbake(both).payload == files.CREDENTIAL


@pytest.mark.parametrize(
    "address",
    ["../../etc/passwd", "/etc/passwd", "", "x" * 3_000 + ":", 1, None, ["did:x:y"]],
)
def test_a_bundle_names_no_files(address: object) -> None:
    document = {"address": address, "captured": "2026-01-01T00:00:00Z", "text": "{}"}
    whole = {"type": "CredentialBundle", "version": 1, "credential": "{}", "documents": [document]}
    with pytest.raises(CarrierError, match="address"):
        read_bundle(json.dumps(whole).encode())


def test_a_bundles_address_is_a_name_and_nothing_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"secret": true}')
    named = f"file://{tmp_path}/x/../secret.json"
    document = {"address": named, "captured": "2026-01-01T00:00:00Z", "text": '{"id": "x"}'}
    whole = {"type": "CredentialBundle", "version": 1, "credential": "{}", "documents": [document]}
    resolver = BundleResolver(read_bundle(json.dumps(whole).encode()))
    assert resolver.resolve(named) == {"id": "x"}
    for other in (f"file://{secret}", str(secret), named.replace("/x/..", "")):
        with pytest.raises(NotAvailableError):
            resolver.resolve(other)


@pytest.mark.parametrize("standard", list(Standard))
def test_a_baked_picture_is_baked_once(standard: Standard) -> None:
    for carrier, picture in ((png, files.picture()), (svg, files.drawing())):
        text = files.CREDENTIAL.replace("{", '{"id": "https://works.example/1", ', 1)
        once = carrier.bake(picture, text, standard=standard)
        twice = carrier.bake(once, text.replace("Łukasz", "New"), standard=standard)
        assert "New" in carrier.unbake(twice).payload
        assert "Łukasz" not in twice.decode("utf-8", "replace")


# What pypdf looks for in the whole file, again and again.


def pdf_of(catalog: bytes, extra: bytes = b"", rows: bytes = b"") -> bytes:
    """A PDF whose catalog has these entries, with more between it and its table."""
    out, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(
        (b"<</Type/Catalog/Pages 2 0 R %b>>" % catalog, b"<</Type/Pages/Kids[]/Count 0>>"), 1
    ):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, thing)
    out += extra
    table = b"".join(b"%010d 00000 n \n" % place for place in places) + rows
    size = 1 + table.count(b"\n")
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return (
        out
        + head
        + table
        + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    )


def test_a_pdf_that_lists_attachments_that_are_nowhere() -> None:
    missing = b"".join(b"%d 0 R " % number for number in range(10, 1_900))
    document = pdf_of(b"/AF[%b]" % missing, b"1 1 obj\n" * 40_000 + b" " * 4_000_000)
    with within(), pytest.raises(CarrierError, match="no credential"):
        pdf.unbake(document)


def test_a_pdf_whose_table_points_elsewhere() -> None:
    listed = b"".join(b"%d 0 R " % number for number in range(3, 1_000))
    rows = b"0000000009 00000 n \n" * 1_000
    with within(), pytest.raises(CarrierError, match="damaged"):
        pdf.unbake(pdf_of(b"/AF[%b]" % listed, b" " * 6_000_000, rows))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n" + b"startxref\n" * 700_000,
        b"%PDF-1.7\nxref\n0 390000\n" + b"0000000009 00000 n \n" * 390_000 + b"startxref\n9\n%%EOF",
        b"%PDF-1.7\nxref\n" + b"0 1\n0000000009 00000 n \n" * 300_000 + b"startxref\n9\n%%EOF",
        pdf_of(b"/X<" + b"ab" * 3_500_000 + b">"),
    ],
    ids=["startxref", "rows", "sections", "hexadecimal"],
)
def test_a_pdf_of_one_thing_many_times(data: bytes) -> None:
    with within(), pytest.raises(CarrierError):
        pdf.unbake(data)
