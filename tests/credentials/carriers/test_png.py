"""Baked PNG pictures."""

from __future__ import annotations

import contextlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials.carriers import png
from guildmark.credentials.carriers.carried import Kind, Standard
from guildmark.credentials.errors import CarrierError
from tests.credentials.carriers.files import CREDENTIAL, JWT, SD_JWT, chunk, picture
from tests.credentials.carriers.strategies import credentials

OB3, OB2 = Standard.OPEN_BADGES_3, Standard.OPEN_BADGES_2
ITXT = b"openbadgecredential\0\0\0\0\0" + CREDENTIAL.encode()


@given(credentials(), st.sampled_from(Standard))
def test_what_is_baked_comes_out(credential: str, standard: Standard) -> None:
    baked = png.bake(picture(), credential, standard=standard)
    found = png.unbake(baked)
    assert (found.payload, found.standard) == (credential, standard)
    assert png.bake(baked, credential, standard=standard) == baked


def test_the_picture_stays_as_it_was() -> None:
    plain = picture(chunk(b"tEXt", b"Title\0openbadges"))
    baked = png.bake(plain, JWT)
    head = len(png.SIGNATURE) + 25
    assert (baked[:head], baked[-(len(plain) - head) :]) == (plain[:head], plain[head:])
    assert b"iTXtopenbadgecredential\0\0\0\0\0" + JWT.encode() in baked
    assert png.unbake(baked).kind is Kind.JWT
    assert png.bake(plain + b"after the end", JWT) == baked


def test_a_baked_credential_is_replaced_whatever_its_standard() -> None:
    old = picture(chunk(b"iTXt", ITXT), chunk(b"tEXt", b"openbadges\0https://works.example/1"))
    baked = png.bake(old, JWT)
    assert baked == png.bake(picture(), JWT)
    again = png.bake(baked, '{"id": "https://works.example/1"}', standard=OB2)
    assert png.unbake(again).standard is OB2
    assert b"openbadgecredential" not in again


@pytest.mark.parametrize(
    ("extra", "payload", "standard"),
    [
        (chunk(b"iTXt", ITXT), CREDENTIAL, OB3),
        (chunk(b"iTXt", b"openbadges\0\0\0en\0Abzeichen\0" + JWT.encode()), JWT, OB2),
        (
            chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(CREDENTIAL.encode())),
            CREDENTIAL,
            OB3,
        ),
        (chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"{}")), "{}", OB2),
        (chunk(b"tEXt", b"openbadges\0https://works.example/1"), "https://works.example/1", OB2),
        (chunk(b"tEXt", b'openbadges\0{"n": "\xe9"}'), '{"n": "é"}', OB2),
        (chunk(b"tEXt", 'openbadges\0{"n": "é"}'.encode()), '{"n": "é"}', OB2),
    ],
)
def test_pictures_of_other_bakers(extra: bytes, payload: str, standard: Standard) -> None:
    found = png.unbake(picture(extra))
    assert (found.payload, found.standard) == (payload, standard)


def test_open_badges_3_comes_before_2() -> None:
    both = picture(chunk(b"tEXt", b"openbadges\0{}"), chunk(b"iTXt", ITXT))
    assert png.unbake(both).standard is OB3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a PNG"),
        (png.SIGNATURE, "cut off"),
        (picture(), "no credential"),
        (picture()[:-12], "cut off"),
        (picture(chunk(b"IHDR", b"")), "IHDR"),
        (png.SIGNATURE + chunk(b"IEND", b""), "IHDR"),
        (picture(chunk(b"iTXt", ITXT), chunk(b"iTXt", ITXT)), "more than one"),
        (picture(chunk(b"iTXt", ITXT), chunk(b"tEXt", b"openbadgecredential\0{}")), "more than"),
        (picture(chunk(b"iTXt", ITXT)[:-4] + bytes(4)), "checksum"),
        (picture(chunk(b"iTXt", b"openbadges\0\0\0")), "whole iTXt"),
        (picture(chunk(b"iTXt", b"openbadges\0\2\0\0\0{}")), "whole iTXt"),
        (picture(chunk(b"iTXt", b"openbadges\0\1\1\0\0{}")), "PNG does not know"),
        (picture(chunk(b"iTXt", b"openbadges\0\1\0\0\0{}")), "inflated"),
        (picture(chunk(b"zTXt", b"openbadges\0\1{}")), "PNG does not know"),
        (picture(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"{}")[:-3])), "cut off"),
        (picture(chunk(b"iTXt", b"openbadges\0\0\0\0\0\xff{")), "UTF-8"),
        (picture(chunk(b"iTXt", b"openbadges\0\0\0\0\0hello")), "neither JSON"),
        (picture(chunk(b"iTXt", ITXT + bytes(1_000_001))), "at most"),
        (picture(*[chunk(b"tIME", b"")] * 50_001), "chunks"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, says: str) -> None:
    with pytest.raises(CarrierError, match=says):
        png.unbake(data)


@pytest.mark.parametrize("name", [b"iTXt", b"zTXt"])
def test_bombs_are_not_inflated(name: bytes) -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    marks = b"\1\0\0\0" if name == b"iTXt" else b"\0"
    with pytest.raises(CarrierError, match="inflates to over"):
        png.unbake(picture(chunk(name, b"openbadgecredential\0" + marks + bomb)))


@pytest.mark.parametrize("bad", ["", "hello", "{", "[" * 100_000, SD_JWT, "https://x.example/1"])
def test_only_credentials_are_baked(bad: str) -> None:
    with pytest.raises(CarrierError):
        png.bake(picture(), bad)


def test_a_damaged_picture_is_not_baked() -> None:
    plain = bytearray(picture())
    plain[-20] ^= 1
    with pytest.raises(CarrierError, match="damaged"):
        png.bake(bytes(plain), JWT)


@given(st.data())
def test_changed_bytes_end_in_a_credential_or_an_error(data: st.DataObject) -> None:
    baked = bytearray(png.bake(picture(), CREDENTIAL))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(baked) - 1))
        baked[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    for action in (png.unbake, lambda picture: png.bake(picture, JWT)):
        with contextlib.suppress(CarrierError):
            action(bytes(baked))
