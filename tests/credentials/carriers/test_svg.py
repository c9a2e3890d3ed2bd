"""Baked SVG pictures."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials.carriers import svg
from guildmark.credentials.carriers.carried import Kind, Standard
from guildmark.credentials.errors import CarrierError
from tests.credentials.carriers.files import CREDENTIAL, JWT, drawing
from tests.credentials.carriers.strategies import documents

OB3, OB2 = Standard.OPEN_BADGES_3, Standard.OPEN_BADGES_2
NS3 = "https://purl.imsglobal.org/ob/v3p0"
NS2 = "http://openbadges.org"
PUBLIC = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">\n'


@given(documents() | st.just(JWT))
def test_what_is_baked_comes_out(credential: str) -> None:
    for plain in (drawing(), drawing(""), drawing(head='<?xml version="1.0"?>\r\n' + PUBLIC)):
        baked = svg.bake(plain, credential)
        assert svg.unbake(baked).payload == credential
        assert svg.bake(baked, credential) == baked


def test_it_is_written_as_the_specification_shows() -> None:
    assert (
        svg.bake(drawing("<g/>"), JWT)
        == (
            f'<svg xmlns:openbadges="{NS3}" xmlns="http://www.w3.org/2000/svg" a="1 > 0">'
            f'<openbadges:credential verify="{JWT}"></openbadges:credential><g/></svg>\n'
        ).encode()
    )
    baked = svg.bake(b'<s:svg xmlns:s="http://www.w3.org/2000/svg" />', '{"a": 1}')
    assert (
        baked
        == (
            f'<s:svg xmlns:openbadges="{NS3}" xmlns:s="http://www.w3.org/2000/svg" >'
            '<openbadges:credential><![CDATA[{"a": 1}]]></openbadges:credential></s:svg>'
        ).encode()
    )


def test_open_badges_2_names_its_address() -> None:
    assertion = '{"id": "https://works.example/1", "type": "Assertion"}'
    baked = svg.bake(drawing(), assertion, standard=OB2)
    assert b'<openbadges:assertion verify="https://works.example/1"><![CDATA[{' in baked
    assert svg.unbake(baked).standard is OB2
    assert svg.unbake(baked).payload == assertion
    assert svg.unbake(svg.bake(baked, JWT, standard=OB2)).payload == JWT
    with pytest.raises(CarrierError, match="address"):
        svg.bake(drawing(), "{}", standard=OB2)


def test_another_standard_is_replaced_and_the_rest_stays() -> None:
    old = drawing(
        f'\n <o:assertion verify="{JWT}" xmlns:o="{NS2}"/><!-- é -->\r\n<g a="&lt;"></g>'
        f'<openbadges:credential verify="{JWT}"><b/> ></openbadges:credential >\t',
        attributes=f' xmlns:openbadges="{NS3}"',
    )
    baked = svg.bake(old, CREDENTIAL)
    assert svg.unbake(baked).payload == CREDENTIAL
    begin, end = baked.index(b"<openbadges:credential>"), baked.index(b"</openbadges:credential>")
    rest = baked[:begin] + baked[end + len(b"</openbadges:credential>") :]
    assert rest == drawing(
        '\n <!-- é -->\r\n<g a="&lt;"></g>\t', attributes=f' xmlns:openbadges="{NS3}"'
    )


def test_a_prefix_with_another_meaning_is_left_alone() -> None:
    plain = drawing("<openbadges:x/>", attributes=' xmlns:openbadges="urn:other"')
    baked = svg.bake(plain, CREDENTIAL)
    assert svg.unbake(baked).payload == CREDENTIAL
    assert svg.bake(baked, CREDENTIAL) == baked
    assert b'xmlns:openbadges="urn:other"' in baked


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "us-ascii"])
def test_other_encodings_are_read_but_not_written(encoding: str) -> None:
    baked = svg.bake(drawing(), '{"a": "b"}').decode()
    other = f'<?xml version="1.0" encoding="{encoding}"?>{baked}'.encode(encoding)
    assert svg.unbake(other).payload == '{"a": "b"}'
    with pytest.raises(CarrierError, match="save it as UTF-8"):
        svg.bake(other, CREDENTIAL)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "well-formed"),
        (b"<svg", "well-formed"),
        (b"<html/>", "not an SVG"),
        (drawing(), "no credential"),
        (drawing("<a>" * 300 + "</a>" * 300), "nested"),
        (drawing("<a/>" * 500_001), "elements"),
        (drawing(f'<c xmlns="urn:x"><credential verify="{JWT}"/></c>'), "no credential"),
        (drawing(f'<credential xmlns="{NS3}" verify="{JWT}"/>' * 2), "more than one"),
        (drawing(f'<credential xmlns="{NS3}" verify="{JWT}">{{}}</credential>'), "beside"),
        (drawing(f'<credential xmlns="{NS3}"/>'), "neither JSON"),
        (drawing(f'<credential xmlns="{NS3}">{"a" * 1_000_001}</credential>'), "over"),
        (drawing(head='<?xml version="1.0" encoding="rot13"?>'), "encoding|well-formed"),
        (drawing(head='<?xml version="1.0" encoding="utf-7"?>'), "encoding|well-formed"),
        (drawing("&undeclared;"), "well-formed"),
        (drawing("&undeclared;", head=PUBLIC), "entity"),
        (drawing(head='<!DOCTYPE svg [<!ENTITY a "b">]>'), "declares"),
        (
            drawing("&a;", head='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
            "declares",
        ),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, says: str) -> None:
    with pytest.raises(CarrierError, match=says):
        svg.unbake(data)


def test_entity_bombs_are_refused_before_they_grow() -> None:
    laughs = '<!DOCTYPE svg [<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12)
    )
    blowup = f'<!DOCTYPE svg [<!ENTITY a "{"x" * 100_000}">'
    for head, inside in ((laughs, "&a12;"), (blowup, "&a;" * 100_000)):
        with pytest.raises(CarrierError, match="declares"):
            svg.unbake(drawing(inside, head=head + "]>"))


def test_one_endless_token_takes_no_square_time() -> None:
    began = time.perf_counter()
    with pytest.raises(CarrierError):
        svg.unbake(drawing(f'<a b="{"x" * 8_000_000}'))
    with pytest.raises(CarrierError):
        svg.unbake(b"<svg " + b"a" * 8_000_000)
    assert time.perf_counter() - began < 60


def test_signs_that_xml_cannot_hold_are_named() -> None:
    with pytest.raises(CarrierError, match=r"U\+FFFE"):
        svg.bake(drawing(), '{"a": "\ufffe"}')


@given(st.data())
def test_changed_bytes_end_in_a_credential_or_an_error(data: st.DataObject) -> None:
    baked = bytearray(svg.bake(drawing(head=PUBLIC), CREDENTIAL))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(baked) - 1))
        baked[place : place + data.draw(st.integers(0, 9))] = data.draw(
            st.binary(max_size=9) | st.sampled_from([b"<!--", b"<![CDATA[", b"/>", b"&#0;", b"\0"])
        )
    with contextlib.suppress(CarrierError):
        svg.unbake(bytes(baked))
    with contextlib.suppress(CarrierError):
        rebaked = svg.bake(bytes(baked), JWT)
        assert svg.unbake(rebaked).payload == JWT


def test_the_kind_is_told() -> None:
    assert svg.unbake(svg.bake(drawing(), JWT)).kind is Kind.JWT
    assert svg.unbake(svg.bake(drawing(), CREDENTIAL)).kind is Kind.JSON
