"""Documents read back into typed values: nothing is lost, and what does not fit is named."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildmark.credentials import ModelError, UnreadableError, add_proof
from guildmark.credentials.model import clr
from guildmark.credentials.model import credential as vc
from guildmark.credentials.model import openbadges as ob
from guildmark.credentials.model.part import Part
from tests.credentials import strategies
from tests.credentials.builders import NOW, badge, signer

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from([0.5, -1.5]) | st.text(),
    lambda parts: (
        st.lists(parts, max_size=2)
        | st.dictionaries(
            st.sampled_from(["id", "type", "name", "@context", "@value", "issuer", "x"]),
            parts,
            max_size=3,
        )
    ),
    max_leaves=6,
)
PARTS = {
    "image": strategies.images,
    "identifier": strategies.identifiers,
    "identity": strategies.identities,
    "place": strategies.places,
    "address": strategies.postal,
    "alignment": strategies.alignments,
    "evidence": strategies.evidence,
    "related": strategies.related,
    "language value": strategies.language_values,
    "profile": strategies.profiles(depth=2, jwt=True, endorsed=True),
    "result description": strategies.result_descriptions(),
    "achievement": strategies.achievements(jwt=True, endorsed=True),
    "subject": strategies.subjects(jwt=True),
    "endorsement": strategies.endorsements(),
    "badge": strategies.open_badges(jwt=True, endorsed=True, versions=tuple(ob.VERSIONS)),
    "record": strategies.learner_records(jwt=True),
    "credential": strategies.credentials(),
    "presentation": strategies.presentations(),
}


@pytest.mark.parametrize("name", PARTS)
def test_everything_built_reads_back_as_it_was(name: str) -> None:
    @strategies.whole
    @given(PARTS[name])
    def check(part: Part) -> None:
        document = part.to_document()
        kept = copy.deepcopy(document)
        read = type(part).from_document(document)
        assert read.to_document() == kept == document
        assert type(part).from_document(read.to_document()) == read

    check()


@strategies.whole
@given(strategies.open_badges(), st.dictionaries(strategies.words, json_values, max_size=3))
def test_members_without_a_field_are_kept(value: ob.OpenBadgeCredential, more: Any) -> None:
    more = {f"x-{name}": part for name, part in more.items()} | {"version": 4, "types": None}
    document = value.to_document() | more
    document["credentialSubject"]["achievement"]["x-more"] = more
    read = ob.OpenBadgeCredential.from_document(document)
    assert read.subject.achievement.extra == {"x-more": more}
    assert more.items() <= dict(read.extra).items()
    assert read.to_document() == document


def test_a_signed_badge_is_read_with_its_proof() -> None:
    signed = add_proof(badge(), signer=signer(), created=NOW)
    read = ob.AchievementCredential.from_document(signed)
    assert read.extra["proof"] == signed["proof"]
    assert read.valid_from == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert isinstance(read.issuer, ob.Profile)
    assert read.subject.achievement.alignment[0].target_name == "Robot cell entry"
    assert isinstance(read.credential_status[0], ob.CredentialStatus)
    assert read.credential_status[0].extra["statusPurpose"] == "revocation"
    assert read.to_document() == signed


def test_single_values_and_further_types_are_read() -> None:
    document = badge()
    document["type"] = ["VerifiableCredential", "AchievementCredential"]
    document["evidence"] = document["evidence"][0]
    document["issuer"]["type"] = ["Profile", "Organization"]
    document["credentialSubject"]["achievement"]["type"] = "Achievement"
    document["@context"].append({"Organization": "https://schema.org/Organization"})
    read = ob.OpenBadgeCredential.from_document(document)
    assert [part.name for part in read.evidence] == ["Notes"]
    assert isinstance(read.issuer, ob.Profile)
    assert read.issuer.types == ("Organization",)
    written = read.to_document()
    assert written["type"] == document["type"]
    assert written["@context"] == document["@context"]
    assert written["issuer"] == document["issuer"]
    assert written["credentialSubject"]["achievement"]["type"] == ["Achievement"]


def test_the_issuer_of_a_badge_may_be_an_address() -> None:
    document = badge(issuer="did:web:works.example")
    assert ob.OpenBadgeCredential.from_document(document).to_document() == document


def test_further_types_go_with_parts_that_take_several() -> None:
    assert ob.Evidence(types=("Photograph",)).to_document()["type"] == ["Evidence", "Photograph"]
    with pytest.raises(ModelError, match=r"Image\.types"):
        ob.Image(id="urn:x:1", types=("Photograph",))


@pytest.mark.parametrize(
    ("pointer", "value", "field", "mend"),
    [
        ("/validFrom", "soon", "valid_from", "a time with its zone"),
        ("/validFrom", ..., "valid_from", "may not be missing"),
        ("/id", 4, "id", "give a text"),
        ("/issuer", 4, "issuer", "give an object or a text"),
        ("/issuer", "works", "issuer", "full address"),
        ("/issuer/type", "Organization", "type", "the type Profile"),
        ("/issuer/image", {"id": "urn:x:1"}, "type", "the type Image"),
        ("/@context", "https://www.w3.org/ns/credentials/v2", "@context", "begin it with"),
        ("/type", ["VerifiableCredential"], "type", "OpenBadgeCredential"),
        ("/type", None, "type", "VerifiableCredential"),
        ("/credentialSubject", [], "subject", "give an object"),
        ("/credentialSubject/achievement/criteria", {}, "narrative", "give id or narrative"),
        ("/credentialSubject/achievement/alignment/0", 4, "alignment", "give an object"),
        (
            "/credentialSubject/achievement/alignment/0/targetUrl",
            "works",
            "target_url",
            "full address",
        ),
        (
            "/credentialSubject/achievement/alignment/0/targetName",
            ...,
            "target_name",
            "may not be missing",
        ),
        ("/credentialSubject/identifier/0/hashed", "no", "hashed", "true or false"),
        ("/credentialSubject/creditsEarned", True, "credits_earned", "give a number"),
        ("/credentialSubject/result/0/status", "Done", "status", "give one of Completed"),
        ("/refreshService", {"id": "urn:x:1"}, "type", "may not be missing"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    pointer: str, value: Any, field: str, mend: str
) -> None:
    document = badge()
    *holders, last = pointer.split("/")[1:]
    holder: Any = document
    for name in holders:
        holder = holder[int(name)] if isinstance(holder, list) else holder[name]
    place = int(last) if isinstance(holder, list) else last
    if value is ...:
        del holder[place]
    else:
        holder[place] = value
    with pytest.raises(ModelError) as caught:
        ob.OpenBadgeCredential.from_document(document)
    assert caught.value.field == field
    assert mend in caught.value.mend
    assert str(caught.value.path).startswith(pointer)
    assert str(caught.value.path)[:200] in str(caught.value)


def test_a_document_of_version_1_1_has_its_own_names_of_dates() -> None:
    old = {
        **badge(issuanceDate="2026-01-01T00:00:00Z"),
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        ],
    }
    with pytest.raises(ModelError, match="issuanceDate"):
        ob.OpenBadgeCredential.from_document(old)
    del old["validFrom"], old["validUntil"]
    read = ob.OpenBadgeCredential.from_document(old)
    assert (read.version, read.valid_from.year) == ("3.0.1", 2026)
    assert read.to_document() == old


def test_what_is_too_deep_or_no_object_is_refused() -> None:
    deep: Any = {"id": "urn:x:1", "type": ["Profile"]}
    for _ in range(2000):
        deep = {"id": "urn:x:1", "type": ["Profile"], "parentOrg": deep}
    with pytest.raises(UnreadableError):
        ob.Profile.from_document(deep)
    with pytest.raises(ModelError, match="give the object"):
        ob.Profile.from_document("{}")  # type: ignore[arg-type]


@strategies.whole
@given(
    st.sampled_from(
        [
            ob.OpenBadgeCredential,
            ob.EndorsementCredential,
            clr.ClrCredential,
            vc.VerifiableCredential,
            vc.VerifiablePresentation,
            ob.Profile,
            ob.Achievement,
        ]
    ),
    st.data(),
)
def test_anything_is_read_or_refused(kind: type[Part], data: st.DataObject) -> None:
    document: Any = json.loads(json.dumps(badge()))
    holder: Any = document
    while True:
        key = data.draw(
            st.sampled_from(range(len(holder)) if isinstance(holder, list) else sorted(holder))
        )
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        holder = inner
    holder[key] = data.draw(json_values)
    try:
        read = kind.from_document(document)
    except (ModelError, UnreadableError):
        return
    assert kind.from_document(read.to_document()).to_document() == read.to_document()
