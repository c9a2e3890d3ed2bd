"""Pages and answers tell the organization's time, what strangers see tells UTC."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from guildmark.organizations import services
from guildmark.organizations.actor import actor_of
from guildmark.organizations.models import Role
from guildmark.wallet.models import ShareLink
from tests.support import awards, factories
from tests.support.clock import at
from tests.support.web import browser, text

pytestmark = pytest.mark.django_db
EVENING = "2026-03-31T23:30+00:00"


def test_pages_tell_the_hour_with_its_zone() -> None:
    with at(EVENING):
        owner = services.create_organization(
            name="Kiwi", slug="kiwi", country="NZ", time_zone="Pacific/Auckland"
        )
    member = factories.member(owner, Role.AUDITOR)
    other = services.create_organization(name="Other", slug="other", country="DE")
    client = browser(member.account)
    assert "1 Apr 2026, 12:30 NZDT" in text(client.get("/audit/?since=2026-04-01"))
    client.cookies["django_language"] = "de"
    assert "01.04.2026, 12:30 NZDT" in text(client.get("/audit/?since=2026-04-01"))
    elsewhere = browser(factories.actor(other, Role.AUDITOR))
    assert " UTC</time>" in text(elsewhere.get("/audit/"))
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_share_link_ends_with_the_day_there_and_strangers_read_utc() -> None:
    world = awards.world(time_zone="Pacific/Auckland")
    with at(EVENING):
        award = world.credential().award
        assert world.worker.account is not None
        holder = browser(world.worker)
        holder.post(f"/wallet/{award.id}/share/", {"expires_on": "2026-04-10"})
        link = ShareLink.objects.get()
        # Midnight at the end of the 10th; summer time has ended meanwhile.
        assert link.expires_at == dt.datetime.fromisoformat("2026-04-11T00:00+12:00")
        assert "11 April 2026, 00:00 NZST" in text(holder.get(f"/wallet/{award.id}/"))
        for reader in (Client(), holder):
            page = text(reader.get(f"/s/{link.token}"))
            assert "Checked on 31 March 2026, 23:30 UTC" in page
            assert "All times here are in UTC." in page
            assert "1 April 2028, 10:59 UTC" in page
            assert "10 April 2026, 12:00 UTC" in page
            assert "NZ" not in re.sub(r"<svg.*?</svg>|\S{60,}", "", page, flags=re.DOTALL)


def test_a_program_is_told_the_zone_and_the_day() -> None:
    owner = factories.organization(time_zone="Pacific/Auckland")
    member = factories.member(owner, Role.ADMINISTRATOR)
    with at(EVENING) as now:
        _token, secret = services.issue_api_token(
            actor=actor_of(member, source="web"),
            membership=member,
            name="HR",
            expires_at=now + dt.timedelta(days=1),
        )
        answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).json()
    assert (answer["time_zone"], answer["today"]) == ("Pacific/Auckland", "2026-04-01")


def test_an_administrator_chooses_it() -> None:
    owner = factories.organization(time_zone="US/Pacific")
    admin = browser(factories.actor(owner, Role.ADMINISTRATOR))
    page = text(admin.get("/settings/organization/"))
    assert '<option value="US/Pacific" selected>' in page
    assert '<optgroup label="Europe">' in page
    form = {"name": "Works", "country": "NZ", "language": "en"}
    refused = admin.post("/settings/organization/", form | {"time_zone": "Mars/Phobos"})
    assert refused.status_code == 422
    admin.post("/settings/organization/", form | {"time_zone": "Pacific/Auckland"})
    owner.refresh_from_db()
    assert owner.time_zone == "Pacific/Auckland"
    assert owner.audit_events.filter(action="organization.edit").count() == 1
