"""PDF documents with a credential attached."""

from __future__ import annotations

import contextlib
import io
import json
import re
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from guildmark.credentials.carriers import pdf
from guildmark.credentials.carriers.carried import Kind
from guildmark.credentials.errors import CarrierError
from tests.credentials.carriers.files import CREDENTIAL, JWT, SD_JWT, document
from tests.credentials.carriers.strategies import documents

PLAIN = document()


@settings(max_examples=40, deadline=None)
@given(documents())
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    credential = json.dumps(
        json.loads(text) | {"@context": ["x"], "type": "VerifiableCredential"}, ensure_ascii=False
    )
    assert pdf.unbake(pdf.bake(PLAIN, credential)).payload == credential


def test_json_that_would_not_be_found_is_not_attached() -> None:
    with pytest.raises(CarrierError, match="no credential by"):
        pdf.bake(PLAIN, "{}")


@pytest.mark.parametrize("credential", [CREDENTIAL, JWT, SD_JWT])
def test_what_is_baked_comes_out_and_the_document_stays(credential: str) -> None:
    baked = pdf.bake(PLAIN, credential)
    assert baked.startswith(PLAIN)
    assert pdf.unbake(baked).payload == credential
    reader = PdfReader(io.BytesIO(baked))
    assert len(reader.pages) == 1
    (associated,) = reader.root_object["/AF"]
    assert associated.get_object()["/AFRelationship"] == "/Data"
    (listed,) = reader.attachment_list
    assert listed.content == credential.encode()


def test_a_credential_is_replaced_and_other_attachments_stay() -> None:
    baked = pdf.bake(document(("a.txt", b"text"), ("z.xml", b"<x/>")), CREDENTIAL)
    for credential in (JWT, SD_JWT, CREDENTIAL):
        baked = pdf.bake(baked, credential)
        assert [one.payload for one in pdf.unbake_all(baked)] == [credential]
    names = [one.name for one in PdfReader(io.BytesIO(baked)).attachment_list]
    assert names == ["a.txt", "credential.json", "z.xml"]


def test_credentials_that_others_attached_are_known_by_their_content() -> None:
    attached = document(
        ("notes.json", b'{"type": ["VerifiableCredential"]}'),
        ("list.json", b"[1]"),
        ("domain.txt", b"www.works.example"),
        ("badge.bin", CREDENTIAL.encode()),
        ("copy.bin", CREDENTIAL.encode()),
    )
    assert pdf.unbake(attached).payload == CREDENTIAL
    assert pdf.unbake(attached).kind is Kind.JSON
    several = document(("a", CREDENTIAL.encode()), ("b", JWT.encode()))
    assert {one.kind for one in pdf.unbake_all(several)} == {Kind.JSON, Kind.JWT}
    with pytest.raises(CarrierError, match="2 credentials"):
        pdf.unbake(several)


def test_a_damaged_document_is_not_added_to() -> None:
    with pytest.raises(CarrierError):
        pdf.bake(PLAIN.replace(b"startxref\n", b"startxref\n9"), JWT)


def test_a_stranger_cannot_fill_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(CarrierError):
        pdf.unbake(b"%PDF-1.7\n" + b"1 0 obj<<" * 500 + b"trailer<</Root 1 0 R>>")
    assert not caplog.records


def test_an_encrypted_document_is_refused_clearly() -> None:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    writer.encrypt("", "owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    for action in (pdf.unbake, lambda data: pdf.bake(data, JWT)):
        with pytest.raises(CarrierError, match="encrypted"):
            action(written.getvalue())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a PDF"),
        (b"%PDF-1.7", "cannot be read"),
        (PLAIN, "no credential"),
        (PLAIN + b" obj" * 50_001, "objects"),
        (PLAIN + bytes(8 << 20), "at most"),
        (document(*[(f"{n}", b"") for n in range(101)]), "attachments"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, says: str) -> None:
    with pytest.raises(CarrierError, match=says):
        pdf.unbake(data)


def raw(*objects: str, root: int = 1) -> bytes:
    """A PDF written by hand, with its table of objects."""
    written = "%PDF-1.7\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        f"{written}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {len(objects) + 1}/Root {root} 0 R>>\n"
        f"startxref\n{len(written)}\n%%EOF\n"
    ).encode("latin-1")


LOOPED = {
    "name tree": raw(
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>",
        "<</Type/Pages/Kids[]/Count 0>>",
        "<</Kids[3 0 R 3 0 R 4 0 R]>>",
        "<</Kids[3 0 R]/Names[(a) 4 0 R]>>",
    ),
    "pages": raw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"),
    "itself": raw("<</Type/Catalog/Pages 2 0 R/AF 3 0 R>>", "2 0 R", "3 0 R"),
    "length": raw(
        "<</Type/Catalog/Pages 2 0 R/AF[3 0 R]>>",
        "<</Type/Pages/Kids[]/Count 0>>",
        "<</Type/Filespec/EF<</F 4 0 R>>>>",
        "<</Length 4 0 R>>\nstream\nx\nendstream",
    ),
    "wide": raw(
        "<</Type/Catalog/Pages 2 0 R/AF[" + "2 0 R " * 90_000 + "]>>",
        "<</Type/Pages/Kids[]/Count 0>>",
    ),
    "deep": raw("<</Type/Catalog/Pages 2 0 R/AF " + "[" * 50_000 + "]" * 50_000 + ">>", "<<>>"),
    "previous": re.sub(rb"/Root", b"/Prev 9/Root", raw("<</Type/Catalog>>")),
}


@pytest.mark.parametrize("name", LOOPED)
def test_loops_and_wide_and_deep_documents_end(name: str) -> None:
    began = time.perf_counter()
    for action in (pdf.unbake, lambda data: pdf.bake(data, JWT)):
        with contextlib.suppress(CarrierError):
            action(LOOPED[name])
    assert time.perf_counter() - began < 60


def test_bombs_are_not_inflated() -> None:
    bomb = zlib.compress(CREDENTIAL.encode() + b" " * 60_000_000, 9).decode("latin-1")
    twice = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9).decode("latin-1")
    for filters, packed in (("/FlateDecode", bomb), ("[/FlateDecode/FlateDecode]", twice)):
        data = raw(
            "<</Type/Catalog/Pages 2 0 R/AF[3 0 R]>>",
            "<</Type/Pages/Kids[]/Count 0>>",
            "<</Type/Filespec/EF<</F 4 0 R>>>>",
            f"<</Filter {filters}/Length {len(packed)}>>\nstream\n{packed}\nendstream",
        )
        with pytest.raises(CarrierError, match="no credential"):
            pdf.unbake(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changed_bytes_end_in_a_credential_or_an_error(data: st.DataObject) -> None:
    baked = bytearray(pdf.bake(PLAIN, CREDENTIAL))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(baked) - 1))
        baked[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    for action in (pdf.unbake, lambda document: pdf.bake(document, JWT)):
        with contextlib.suppress(CarrierError):
            action(bytes(baked))
