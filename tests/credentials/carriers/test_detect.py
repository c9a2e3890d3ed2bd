"""One entry for every file."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials.carriers import pdf, png, svg
from guildmark.credentials.carriers.carried import Format
from guildmark.credentials.carriers.detect import unbake
from guildmark.credentials.errors import CarrierError
from tests.credentials.carriers.files import CREDENTIAL, JWT, SD_JWT, document, drawing, picture

KEY_BINDING = f"{SD_JWT}{JWT}"


@pytest.mark.parametrize(
    ("data", "found", "payload"),
    [
        (CREDENTIAL.encode(), Format.JSON, CREDENTIAL),
        (b"\xef\xbb\xbf \r\n{} \n", Format.JSON, "{}"),
        (JWT.encode(), Format.JWT, JWT),
        (f"\n{JWT}\n".encode(), Format.JWT, JWT),
        (b"eyJhbGciOiJub25lIn0.e30.", Format.JWT, "eyJhbGciOiJub25lIn0.e30."),
        (SD_JWT.encode(), Format.SD_JWT, SD_JWT),
        (f"{JWT}~".encode(), Format.SD_JWT, f"{JWT}~"),
        (KEY_BINDING.encode(), Format.SD_JWT, KEY_BINDING),
        (png.bake(picture(), CREDENTIAL), Format.PNG, CREDENTIAL),
        (svg.bake(drawing(), CREDENTIAL), Format.SVG, CREDENTIAL),
        (b"\xef\xbb\xbf\n" + svg.bake(drawing(), JWT), Format.SVG, JWT),
        (svg.bake(drawing(), JWT).decode().encode("utf-16"), Format.SVG, JWT),
        (pdf.bake(document(), SD_JWT), Format.PDF, SD_JWT),
    ],
)
def test_each_format_is_known_by_its_content(data: bytes, found: Format, payload: str) -> None:
    carried = unbake(data)
    assert (carried.format, carried.payload) == (found, payload)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"a.b",
        b"https://works.example/badges/1",
        b"GIF89a",
        b"\xff" * 40,
        b"[1]",
        f"{JWT}~not valid~".encode(),
        b"{" + b" " * 1_000_001,
        b"PK\3\4",
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(CarrierError):
        unbake(data)


@given(
    st.binary(max_size=200)
    | st.builds(
        bytes.__add__,
        st.sampled_from([png.SIGNATURE, b"%PDF-", b"<svg", b"\xff\xfe<\0", b"eyJ", b"{"]),
        st.binary(max_size=200),
    )
)
def test_any_bytes_end_in_a_credential_or_an_error(data: bytes) -> None:
    with contextlib.suppress(CarrierError):
        assert unbake(data).payload


def test_long_rows_of_disclosures_take_no_square_time() -> None:
    with pytest.raises(CarrierError):
        unbake((JWT + "~a" * 400_000 + "~!").encode())
