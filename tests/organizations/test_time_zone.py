"""An organization's days begin and end where it is, whatever the server's clock says."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from guildmark.assessment import services as assessment
from guildmark.audit.models import AuditEvent
from guildmark.audit.selectors import audit_events
from guildmark.awards.selectors import awards_ending
from guildmark.errors import InvalidError
from guildmark.organizations import selectors, services
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Employment, Organization, Role
from guildmark.organizations.people_import import apply_people_import
from guildmark.skills.models import SkillRecord
from guildmark.skills.selectors import records_of
from guildmark.skills.services import claim_skill
from tests.support import awards, factories
from tests.support.clock import at

pytestmark = pytest.mark.django_db
EVENING = "2026-03-31T23:30+00:00"
"""In Auckland half past twelve of the next day, in Honolulu half past one of the same."""
FIRST = dt.date(2026, 4, 1)
LAST = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", LAST),
        ("Pacific/Auckland", FIRST),
        ("Europe/Berlin", FIRST),
        ("Pacific/Honolulu", LAST),
    ],
)
def test_today_is_the_organization_s(zone: str, day: dt.date) -> None:
    owner = factories.organization(time_zone=zone)
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    unit = factories.unit(owner)
    starting = factories.person(owner)
    Employment.objects.create(person=starting, unit=unit, starts_on=FIRST)
    leaving = factories.person(owner)
    Employment.objects.create(person=leaving, unit=unit, starts_on=LAST, ends_on=LAST)
    with at(EVENING):
        assert lead.today == day
        working = set(selectors.list_people(lead, unit=unit))
        assert working == ({starting} if day == FIRST else {leaving})
        assert {node.people for node in selectors.unit_tree(lead)} == {1}


def test_an_hr_file_without_days_means_today() -> None:
    owner = factories.organization(time_zone="Pacific/Auckland")
    unit = factories.unit(owner)
    with at(EVENING):
        apply_people_import(
            actor=operator_of(owner), data=f"number,name,unit\n1,Ann Maj,{unit.code}\n".encode()
        )
    assert Employment.objects.get().starts_on == FIRST


def test_what_is_granted_counts_until_the_end_of_a_day_of_the_organization() -> None:
    with at(EVENING):
        world = awards.world(time_zone="Pacific/Auckland")
        credential = world.credential()
    award = credential.award
    end = dt.datetime.fromisoformat("2028-04-01T23:59:59+13:00")
    assert award.valid_until == end
    record = SkillRecord.objects.get(person=world.person)
    assert (record.valid_from, record.valid_until) == (FIRST, dt.date(2028, 4, 1))
    document = json.loads(credential.document)
    assert document["validUntil"] == "2028-04-01T10:59:59Z"
    assert all("2026-04-01" in piece["narrative"] for piece in document["evidence"])
    with at("2028-04-01T10:30+00:00"):
        assert award.status_now == "active"
        assert list(records_of(world.worker, world.person)) == [record]
        assert list(awards_ending(world.lead, until=world.lead.today)) == [award]
    with at("2028-04-01T11:00+00:00"):
        assert award.status_now == "expired"
        assert not records_of(world.worker, world.person)


def test_claims_and_authorizations_go_by_its_day() -> None:
    owner = factories.organization(time_zone="Pacific/Auckland")
    lead = factories.actor(owner, Role.PROGRAMME_OWNER)
    worker = factories.actor(owner, Role.WORKER)
    skill = factories.skill(owner)
    assert worker.person is not None
    with at(EVENING):
        claim = claim_skill(
            actor=worker, person=worker.person, skill=skill, level=factories.iluo()[1]
        )
        assert claim.valid_from == FIRST
        authorization = assessment.authorize_assessor(
            actor=lead, person=worker.person, skill=skill, valid_from=LAST
        )
        assessment.end_authorization(actor=lead, authorization=authorization)
    authorization.refresh_from_db()
    assert authorization.valid_until == LAST


def test_the_trail_is_filtered_by_its_days() -> None:
    with at(EVENING):
        owner = services.create_organization(
            name="Kiwi", slug="kiwi", country="NZ", time_zone="pacific/auckland"
        )
    auditor = factories.actor(owner, Role.AUDITOR)
    assert owner.time_zone == "Pacific/Auckland"
    assert [e.action for e in audit_events(auditor, since=FIRST)] == ["organization.create"]
    assert not audit_events(auditor, until=LAST)
    assert audit_events(auditor, since=dt.date.min, until=dt.date.max)


def test_changing_it_is_audited_and_a_wrong_one_named() -> None:
    owner = factories.organization()
    admin = factories.actor(owner, Role.ADMINISTRATOR)
    values = {"name": owner.name, "country": owner.country, "language": owner.language}
    services.edit_organization(actor=admin, time_zone="America/Sao_Paulo", **values)
    assert Organization.objects.get(id=owner.id).time_zone == "America/Sao_Paulo"
    event = AuditEvent.objects.get(organization=owner, action="organization.edit")
    assert event.details["changes"] == {
        "time_zone": {"before": "UTC", "after": "America/Sao_Paulo"}
    }
    for wrong in ("", "Mars/Phobos", "../etc/passwd", "CEST", "+02:00"):
        with pytest.raises(InvalidError, match="time_zone"):
            services.edit_organization(actor=admin, time_zone=wrong, **values)
