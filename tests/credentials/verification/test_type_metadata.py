"""The rules of an SD-JWT VC's type: kept, broken, or not to be relied on."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import Check, CheckCode, verify
from guildmark.credentials.proofs.jose import sd_jwt
from guildmark.credentials.proofs.jose.secured import TokenFormat
from tests.credentials.builders import DID, NOW, Documents, signer

VCT = "https://works.example/types/licence"
BASE = "https://works.example/types/base"
CLAIMS = {
    "iss": DID,
    "vct": VCT,
    "name": "Ann",
    "address": {"city": "Linz", "street": "A 1"},
    "degrees": [{"level": "Bachelor"}, {"level": "Master"}],
}


def sri(document: Any) -> str:
    """The integrity of a document as it is written."""
    digest = hashlib.sha256(json.dumps(document).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def schema(
    claims: list[Any] | None = None,
    *,
    known: dict[str, Any] | None = None,
    hidden: list[Any] = (),  # type: ignore[assignment]
    shown: list[Any] | None = None,
    **changes: Any,
) -> Check:
    """The schema check of a token under these rules."""
    documents = {VCT: {"vct": VCT, "claims": claims}} if claims is not None else {}
    resolver = Documents()
    for address, document in (documents | (known or {})).items():
        resolver.bytes[address] = json.dumps(document).encode()
    token = sd_jwt.issue(
        {**CLAIMS, **changes}, signer(), disclosable=hidden, form=TokenFormat.SD_JWT_VC
    )
    if shown is not None:
        token = sd_jwt.present(token, shown)
    return verify(token, resolver=resolver, now=NOW).check("schema")


@pytest.mark.parametrize(
    ("rule", "hidden", "shown", "met"),
    [
        ({"path": ["name"], "mandatory": True}, [], None, True),
        ({"path": ["title"], "mandatory": True}, [], None, False),
        # What is kept back may be there, so its absence shows nothing.
        ({"path": ["name"], "mandatory": True}, [("name",)], [], True),
        ({"path": ["title"], "mandatory": True}, [("name",)], [], True),
        ({"path": ["title"], "mandatory": True}, [("name",)], [("name",)], False),
        ({"path": ["name"], "mandatory": True, "sd": "never"}, [("name",)], [], False),
        ({"path": ["name"], "sd": "always"}, [], None, False),
        ({"path": ["name"], "sd": "always"}, [("name",)], None, True),
        ({"path": ["name"], "sd": "never"}, [("name",)], None, False),
        ({"path": ["name"], "sd": "allowed"}, [("name",)], None, True),
        # Not selective itself, only within something that is.
        ({"path": ["address", "city"], "sd": "always"}, [("address",)], None, False),
        ({"path": ["address", "city"], "sd": "always"}, [("address", "city")], None, True),
        ({"path": ["degrees", None, "level"], "mandatory": True}, [], None, True),
        ({"path": ["degrees", None], "sd": "always"}, [("degrees", 0)], None, False),
        ({"path": ["degrees", 0], "sd": "always"}, [("degrees", 0)], [], True),
        ({"path": ["degrees", 1], "sd": "never"}, [("degrees", 0)], [], True),
        ({"path": ["degrees", 0, "level"], "mandatory": True}, [("degrees", 0)], [], True),
        ({"path": ["degrees", 7], "mandatory": True}, [], None, False),
        # Paths that do not fit, and rules that are none.
        ({"path": ["name", "x"]}, [], None, False),
        ({"path": ["name", 0]}, [], None, False),
        ({"path": ["address", None]}, [], None, False),
        ({"path": []}, [], None, False),
        ({"path": [-1]}, [], None, False),
        ({"path": [True]}, [], None, False),
        ({}, [], None, False),
        ("name", [], None, False),
        ({"path": ["name"], "mandatory": "yes"}, [], None, False),
        ({"path": ["name"], "sd": "sometimes"}, [], None, False),
    ],
)
def test_rules_of_claims(rule: Any, hidden: list[Any], shown: Any, met: bool) -> None:
    check = schema([rule], hidden=hidden, shown=shown)
    assert check.code is (CheckCode.SCHEMA_MET if met else CheckCode.SCHEMA_NOT_MET)


def test_rules_that_are_not_at_hand_are_no_rules() -> None:
    check = schema()
    assert check.code is CheckCode.SCHEMA_NONE
    assert check.data == {"notChecked": [VCT]}
    assert schema(vct="urn:example:licence").code is CheckCode.SCHEMA_NONE


def test_the_rules_must_be_those_that_were_named() -> None:
    document = {"vct": VCT, "claims": [{"path": ["name"]}]}
    good = schema(known={VCT: document}, **{"vct#integrity": sri(document)})
    assert good.code is CheckCode.SCHEMA_MET
    other = schema(known={VCT: document}, **{"vct#integrity": sri({})})
    assert other.code is CheckCode.SCHEMA_UNRELIABLE
    unknown_hash = schema(known={VCT: document}, **{"vct#integrity": "md5-AAAA"})
    assert unknown_hash.code is CheckCode.SCHEMA_UNRELIABLE
    about_another = schema(known={VCT: {"vct": BASE}})
    assert about_another.code is CheckCode.SCHEMA_UNRELIABLE
    assert schema(known={VCT: [1]}).code is CheckCode.SCHEMA_UNRELIABLE


def extending(rule: Any, base: Any, **more: Any) -> dict[str, Any]:
    """A type and the one that it extends, each with a rule."""
    own = {"vct": VCT, "extends": BASE, "claims": [rule] if rule else [], **more}
    return {VCT: own, BASE: {"vct": BASE, "claims": [base]}}


@pytest.mark.parametrize(
    ("rule", "base", "met"),
    [
        (None, {"path": ["title"], "mandatory": True}, False),
        ({"path": ["name"]}, {"path": ["name"], "mandatory": True}, True),
        ({"path": ["name"], "mandatory": False}, {"path": ["name"], "mandatory": True}, False),
        ({"path": ["name"], "sd": "allowed"}, {"path": ["name"], "sd": "never"}, False),
        ({"path": ["name"], "sd": "never"}, {"path": ["name"], "sd": "never"}, True),
        ({"path": ["name"], "sd": "never"}, {"path": ["name"]}, True),
        ({"path": ["name"], "display": []}, {"path": ["name"], "sd": "always"}, False),
    ],
)
def test_types_extend_others(rule: Any, base: Any, met: bool) -> None:
    check = schema(known=extending(rule, base))
    assert check.code is (CheckCode.SCHEMA_MET if met else CheckCode.SCHEMA_NOT_MET)


def test_chains_of_types_end() -> None:
    circle = {VCT: {"vct": VCT, "extends": BASE}, BASE: {"vct": BASE, "extends": VCT}}
    assert schema(known=circle).code is CheckCode.SCHEMA_NOT_MET
    missing = {VCT: {"vct": VCT, "extends": BASE}}
    assert schema(known=missing).code is CheckCode.SCHEMA_UNRELIABLE
    wrong = extending(None, {"path": ["name"]}, **{"extends#integrity": sri({})})
    assert schema(known=wrong).code is CheckCode.SCHEMA_UNRELIABLE
    assert schema(known={VCT: {"vct": VCT, "extends": 5}}).code is CheckCode.SCHEMA_NOT_MET
    long = {
        VCT: {"vct": VCT, "extends": f"{BASE}0"},
        **{f"{BASE}{n}": {"vct": f"{BASE}{n}", "extends": f"{BASE}{n + 1}"} for n in range(20)},
    }
    assert schema(known=long).code is CheckCode.SCHEMA_NOT_MET


anything = st.recursive(
    st.sampled_from([None, True, 0, 1, -1, 0.5, "name", "degrees", VCT, BASE, "never", "always"]),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(
            st.sampled_from(["path", "sd", "mandatory", "claims", "extends", "vct"]),
            part,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(anything, anything)
def test_any_rules_end_in_the_report(claims: Any, other: Any) -> None:
    documents = {VCT: {"vct": VCT, "claims": claims, "extends": other}, BASE: other}
    assert schema(known=documents).check == "schema"
    assert schema(known={VCT: {"vct": VCT, "claims": [claims, {"path": other}]}}).check == "schema"
