"""Names that could be taken for each other are kept apart, unless somebody means it."""

from __future__ import annotations

import pytest

from guildmark.awards import services as awards
from guildmark.errors import InvalidError
from guildmark.organizations import services
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Organization, Role
from guildmark.organizations.names import NamesakeError, look_alike
from tests.support import factories


@pytest.mark.parametrize(
    "other",
    [
        "Norvale Works",
        "NORVALE-works.",
        "Ｎｏｒｖａｌｅ　Ｗｏｒｋｓ",  # full width
        "Nor\u200bvale Works",  # a blank without width
        "Nórvale Works",
        "Nоrvаle Wоrks",  # Cyrillic o and a
        "Νοrvale Wοrκs",  # Greek Nu, omicron and kappa
        "N0rva1e Works",
        "NorvaIe Works",  # a capital I for the l
    ],
)
def test_what_looks_the_same_is_found(other: str) -> None:
    assert look_alike("Norvale Works", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Νίκη", "ΝΙΚΗ"), ("Straße", "STRASSE"), ("Modern", "Modem"), ("IRIS", "Irіs"), ("☆", "☆")],
)
def test_other_pairs_that_do(one: str, other: str) -> None:
    assert look_alike(one, other)


@pytest.mark.parametrize("other", ["Norvale Werke", "Norvale", "Works Norvale", "☆", ""])
def test_what_differs_is_left_alone(other: str) -> None:
    assert not look_alike("Norvale Works", other)


@pytest.fixture
def norvale() -> Organization:
    return services.create_organization(name="Norvale Works", slug="norvale", country="DE")


@pytest.mark.django_db
def test_a_namesake_is_made_only_when_confirmed(norvale: Organization) -> None:
    with pytest.raises(NamesakeError) as raised:
        services.create_organization(name="Nоrvale Works", slug="n2", country="DE")
    assert isinstance(raised.value, InvalidError)
    assert raised.value.others == (norvale.name,)
    assert raised.value.problems[0].field == "name"
    assert "Norvale" not in str(raised.value.problems[0].message)
    made = services.create_organization(
        name="Nоrvale Works", slug="n2", country="DE", namesake_confirmed=True
    )
    # Under its own name it is asked no second time, under another's it is.
    admin = factories.actor(made, Role.ADMINISTRATOR)
    profile = awards.create_issuer_profile(actor=admin, name=made.name)
    with pytest.raises(NamesakeError):
        awards.edit_issuer_profile(actor=admin, profile=profile, name="norvale works")


@pytest.mark.django_db
def test_nobody_takes_a_name_later(norvale: Organization) -> None:
    awards.create_issuer_profile(actor=operator_of(norvale), name="Norvale Academy")
    other = services.create_organization(name="Other", slug="other", country="DE")
    admin = factories.actor(other, Role.ADMINISTRATOR)
    values = {"country": "DE", "language": "en", "time_zone": "UTC"}
    with pytest.raises(NamesakeError):
        services.edit_organization(actor=admin, name="NORVALE WORKS", **values)
    for name in ("NORVALE WORKS", "Norvale Асademy"):
        with pytest.raises(NamesakeError):
            awards.create_issuer_profile(actor=admin, name=name)
    renamed = services.edit_organization(
        actor=admin, name="NORVALE WORKS", namesake_confirmed=True, **values
    )
    # Saved again under the name it has, it needs no confirmation.
    admin = factories.actor(renamed, Role.ADMINISTRATOR)
    services.edit_organization(actor=admin, name="NORVALE WORKS", **values | {"country": "PL"})
    awards.create_issuer_profile(actor=admin, name="Norvale Academy", namesake_confirmed=True)
