"""The quick reader reads as the strict one does, whatever it is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guildmark.credentials import UnreadableError, read_json
from guildmark.credentials.model import reading
from guildmark.credentials.model.reading import MAX_DEPTH, MAX_NODES, check_bounds, read_strictly
from tests.credentials import strategies


def outcome(read: Any, data: bytes) -> Any:
    """What reading ends in: the document with the types of its values, or the refusal."""
    try:
        return repr(read(data))
    except UnreadableError as error:
        return error.args


# Fragments that, put together, make documents where two readers could differ.
fragments = st.sampled_from(
    [
        *'{}[]:,"\\ \n\t',
        '"a"',
        '"b"',
        '"a":',
        '"\\u0061":',
        '"a:b"',
        '"\\u003a"',
        '"\\u003A"',
        '"\\ud800"',
        '"\\ud83d\\ude00"',
        '"ü"',
        '"\\u0000"',
        "0",
        "-0",
        "-0.0",
        "1.5",
        "1e5",
        "1E400",
        "1e-400",
        "9007199254740993",
        "18446744073709551616",
        "9" * 30,
        "9" * 31,
        "0." + "0" * 60 + "1",
        "01",
        "true",
        "false",
        "null",
        "NaN",
        "Infinity",
        "\ufeff",
        "\x7f",
        "\x01",
        "{}",
        "[]",
        '{"a":1}',
        '{"a":1,"a":2}',
    ]
)
pieces = st.lists(fragments, max_size=12).map("".join)
values = st.recursive(
    fragments,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: f"[{','.join(parts)}]"),
        st.lists(
            st.tuples(st.sampled_from(['"a"', '"b"', '"\\u0061"', '"c:d"']), inner), max_size=4
        ).map(lambda parts: "{" + ",".join(f"{key}:{value}" for key, value in parts) + "}"),
    ),
    max_leaves=15,
)
objects = st.lists(
    st.tuples(st.sampled_from(['"a"', '"b"', '"c"', '"d:"']), values), max_size=4
).map(lambda parts: "{" + ",".join(f"{key}:{value}" for key, value in parts) + "}")


@settings(max_examples=600, deadline=None)
@given(st.one_of(pieces, values, objects))
@example('{"a":"\\u003a","b":1,"b":2}')
@example('{"a":"\\u003A","b":1,"b":2}')
@example('{"a":{"b":1,"b":":"}}')
@example('{"a":-0}')
@example('{"a":-0.0}')
@example('{"a":1e-0000000000000000000000000000000000000000000000000000000000005}')
@example('\ufeff{"a":1}')
def test_the_quick_reader_is_the_strict_one(text: str) -> None:
    data = text.encode()
    assert outcome(read_json, data) == outcome(read_strictly, data)


@settings(max_examples=300)
@given(st.binary(max_size=60), st.integers(0, 60))
def test_bytes_of_any_kind_are_read_alike(data: bytes, at: int) -> None:
    whole = b'{"a":"x","b":[1,2.5,{"c":null}]}'
    for broken in (data, whole[:at] + data + whole[at:], whole[:at]):
        assert outcome(read_json, broken) == outcome(read_strictly, broken)


@strategies.whole
@given(strategies.documents(), st.booleans(), st.sampled_from([None, 2]))
def test_credentials_are_read_as_they_were_written(
    document: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    data = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    assert read_json(data) == read_strictly(data) == document


def test_ordinary_documents_take_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(reading, "read_strictly")
    data = json.dumps({"name": "Łukasz", "credits": 1.5, "level": 3, "a": [{"b": ["c"]}]})
    assert read_json(data)["credits"] == 1.5


@pytest.mark.parametrize("depth", range(MAX_DEPTH - 2, MAX_DEPTH + 2))
@pytest.mark.parametrize("inside", ["", "1", "{}", '{"a":1}'])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_depth_is_bounded_alike(depth: int, inside: str, brackets: str) -> None:
    if brackets == "[]":
        text = '{"a":' + "[" * (depth - 1) + inside + "]" * (depth - 1) + "}"
    else:
        text = '{"a":' * (depth - 1) + "{" + (f'"a":{inside}' if inside else "") + "}" * depth
    assert outcome(read_json, text.encode()) == outcome(read_strictly, text.encode())


def test_depth_and_size_are_refused() -> None:
    deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    with pytest.raises(UnreadableError, match="levels deep"):
        read_json(deep)
    with pytest.raises(UnreadableError, match="values"):
        read_json(json.dumps({"a": [0] * MAX_NODES}))
    assert read_json(json.dumps({"a": [0] * (MAX_NODES - 2)}))
    with pytest.raises(UnreadableError, match="bytes"):
        read_json(b" " * 1_000_001)
    with pytest.raises(UnreadableError, match="UTF-8"):
        read_json('{"a":"\ud800"}')


def test_parsed_documents_are_bounded_too() -> None:
    value: Any = "x"
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    with pytest.raises(UnreadableError, match="levels deep"):
        check_bounds({"a": value})
    check_bounds({"a": value[0]})
    with pytest.raises(UnreadableError, match="values"):
        check_bounds({"a": [0] * MAX_NODES})


def test_shared_parts_do_not_take_a_parsed_document_over_the_bounds_unseen() -> None:
    value: Any = []
    for _ in range(30):
        value = [value, value]
    with pytest.raises(UnreadableError, match="values"):
        check_bounds({"a": value})
