"""A stranger opens a link: everything is checked, in words and for machines."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildmark.awards import services as award_services
from guildmark.awards.models import Credential
from guildmark.awards.reading import read_credential
from guildmark.organizations.actor import actor_of
from guildmark.organizations.models import Role
from guildmark.skills.models import SkillRecord
from guildmark.wallet import services
from guildmark.wallet.models import ShareLink
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def shared(world: awards.World) -> ShareLink:
    return services.share_credential(actor=world.worker, credential=world.credential())


def replace_document(credential: Credential, document: str) -> None:
    """What the database forbids, as someone who owns it could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE awards_credential DISABLE TRIGGER credential_append_only")
        cursor.execute(
            "UPDATE awards_credential SET document = %s WHERE id = %s", [document, credential.id]
        )
        cursor.execute("ALTER TABLE awards_credential ENABLE TRIGGER credential_append_only")


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            (
                "Passed on 24 March 2026 with a pass mark of 70 %.",
                "Passed on 24 March 2026 before an authorized assessor.",
            ),
        ),
        (
            "de",
            (
                "Bestanden am 24. März 2026, Bestehensgrenze 70 %.",
                "Bestanden am 24. März 2026 vor einer befugten prüfenden Person.",
            ),
        ),
    ],
)
def test_dates_are_written_one_way_in_the_reader_s_language(
    client: Client, language: str, sentences: tuple[str, ...]
) -> None:
    world = awards.world()
    other = factories.member(world.organization, Role.WORKER)
    assert other.person is not None
    awards.passed(world.version, other.person, at=dt.datetime(2026, 3, 24, 12, tzinfo=dt.UTC))
    award = world.decide(person=other.person).award
    assert award is not None
    credential = award_services.sign_award(award.id)
    link = services.share_credential(actor=actor_of(other, source="web"), credential=credential)
    page = client.get(f"/s/{link.token}", headers={"Accept-Language": language})
    text = html.unescape(page.content.decode())
    for sentence in sentences:
        assert sentence in text
    assert not re.findall(r"\d{4}-\d{2}-\d{2}", re.sub(r"<[^>]+>|https?://\S+", "", text))


@pytest.mark.parametrize(
    ("name", "narrative"),
    [
        ("Online test", "Passed on 2026-13-24 with a pass mark of 70 %."),
        ("Online test", "Passed on 2026-03-24 before an authorized assessor."),
        ("Exam", "Passed on 2026-03-24 with a pass mark of 70 %."),
    ],
)
def test_what_others_write_stays_in_their_words(name: str, narrative: str) -> None:
    (piece,) = read_credential({"evidence": {"name": name, "narrative": narrative}}).evidence
    assert (piece.kind, piece.passed_on, piece.narrative) == ("", None, narrative)


def test_a_genuine_credential(client: Client) -> None:
    world = awards.world()
    link = shared(world)
    response = client.get(f"/s/{link.token}")
    assert response.status_code == 200
    text = response.content.decode()
    for shown in (
        "Genuine and valid",
        world.person.name,
        world.organization.name,
        world.version.criteria,
        "U · expert",
        "Observed practical assessment",
        "nothing has been changed since it was signed",
    ):
        assert shown in text
    assert world.person.number not in text
    assert "<script>" not in text
    assert 'style="' not in text
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-store"
    assert "sessionid" not in response.cookies


def test_it_asks_few_queries(client: Client) -> None:
    link = shared(awards.world())
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/s/{link.token}")
    assert len(captured) <= 6


def test_a_tampered_document_fails(client: Client) -> None:
    world = awards.world()
    link = shared(world)
    document = json.loads(link.credential.document)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    replace_document(link.credential, json.dumps(document))
    text = client.get(f"/s/{link.token}").content.decode()
    assert "Do not rely on this" in text
    assert 'data-code="proof.invalid"' in text
    assert "Genuine and valid" not in text


def test_a_forged_status_list_fails(client: Client) -> None:
    link = shared(awards.world())
    entry = link.credential.award.status_entries.get(status_list__purpose="revocation")
    listed = json.loads(entry.status_list.document)
    listed["validFrom"] = "2020-01-01T00:00:00Z"
    entry.status_list.document = json.dumps(listed)
    entry.status_list.save()
    text = client.get(f"/s/{link.token}").content.decode()
    assert 'data-code="status.invalid"' in text
    assert "Genuine and valid" not in text


def test_revoking_shows_at_once_everywhere(client: Client) -> None:
    world = awards.world()
    link = shared(world)
    award = link.credential.award
    assert "Genuine and valid" in client.get(f"/s/{link.token}").content.decode()
    award_services.revoke_award(actor=world.lead, award=award, reason="Secret reason.")
    text = client.get(f"/s/{link.token}").content.decode()
    assert 'data-kind="revoked"' in text
    assert "Since" in text
    assert "Secret reason." not in text
    assert SkillRecord.objects.get(source_id=award.id).withdrawn_at is not None
    assert world.worker.account is not None
    client.force_login(world.worker.account)
    assert "revoked" in client.get("/wallet/").content.decode()


def test_machines_get_the_document_and_the_report(client: Client) -> None:
    link = shared(awards.world())
    for response in (
        client.get(f"/s/{link.token}", headers={"accept": "application/vc"}),
        client.get(f"/s/{link.token}", headers={"accept": "application/ld+json"}),
        client.get(f"/s/{link.token}/credential.json"),
    ):
        assert response.content.decode() == link.credential.document
        assert response["Content-Type"] == "application/vc"
        assert response["Access-Control-Allow-Origin"] == "*"
    report = client.get(f"/s/{link.token}/report.json").json()
    assert report["verified"] is True
    assert [check["check"] for check in report["checks"]] == [
        "structure",
        "context",
        "schema",
        "proof",
        "issuer",
        "dates",
        "status",
        "refresh",
        "endorsements",
    ]
    code = client.get(f"/s/{link.token}/qr.svg")
    assert code["Content-Type"] == "image/svg+xml"
    assert b"style=" not in code.content


def test_unknown_ended_and_expired_links(client: Client) -> None:
    world = awards.world()
    link = shared(world)
    missing = client.get(f"/s/{'x' * 43}")
    assert missing.status_code == 404
    assert "no credential at this address" in missing.content.decode()
    services.end_share(actor=world.worker, link=link)
    ended = client.get(f"/s/{link.token}")
    assert ended.status_code == 410
    assert "no longer opens" in ended.content.decode()
    assert world.person.name not in ended.content.decode()
    problem = client.get(f"/s/{link.token}/credential.json")
    assert (problem.status_code, problem.json()["code"]) == (410, "share_ended")
    ShareLink.objects.filter(id=link.id).update(
        ended_at=None, expires_at=timezone.now() - dt.timedelta(seconds=1)
    )
    assert client.get(f"/s/{link.token}").status_code == 410


def test_a_replaced_credential_says_so(client: Client) -> None:
    world = awards.world()
    link = shared(world)
    awards.passed(world.version, world.person)
    world.grant()
    assert "newer credential has replaced" in client.get(f"/s/{link.token}").content.decode()


def test_namesakes_are_told_apart_by_their_address(client: Client) -> None:
    worlds = [awards.world(name="Norvale Works"), awards.world(name="Norvale Works")]
    places = [f"localhost:8000/o/{world.organization.slug}" for world in worlds]
    for world, place, other in zip(worlds, places, reversed(places), strict=True):
        text = client.get(f"/s/{shared(world).token}").content.decode()
        verdict = text[text.index('class="verdict') : text.index("What it says")]
        assert "<strong>Norvale Works</strong>" in verdict
        assert f'<strong class="code">{place}</strong>' in verdict
        assert world.organization.issuer_profile.did in verdict
        assert other not in text


def test_who_signed_a_tampered_document_is_not_said(client: Client) -> None:
    world = awards.world()
    link = shared(world)
    document = json.loads(link.credential.document)
    document["name"] = "Changed"
    replace_document(link.credential, json.dumps(document))
    assert "Signed by" not in client.get(f"/s/{link.token}").content.decode()
