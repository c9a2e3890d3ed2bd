"""What other software fetches: DID documents, status lists, achievements."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client

from guildmark.awards.models import StatusList
from tests.support import awards

pytestmark = pytest.mark.django_db


def test_the_did_document_stands_where_did_web_says(client: Client) -> None:
    world = awards.world()
    response = client.get(f"/o/{world.organization.slug}/did.json")
    document = response.json()
    assert response["Content-Type"] == "application/did+json"
    assert document["id"] == awards.issuer(world.organization).did
    assert document["assertionMethod"] == [
        method["id"] for method in document["verificationMethod"]
    ]
    assert client.get("/o/nobody/did.json").status_code == 404


def test_a_status_list_is_served_where_the_credential_says(client: Client) -> None:
    world = awards.world()
    document = json.loads(world.credential().document)
    for entry in document["credentialStatus"]:
        path = "/" + entry["statusListCredential"].split("/", 3)[3]
        response = client.get(path)
        assert response["Content-Type"] == "application/vc"
        assert response["Cache-Control"] == "public, max-age=60"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert (
            json.loads(response.content)["credentialSubject"]["statusPurpose"]
            == entry["statusPurpose"]
        )
    assert StatusList.objects.count() == 2
    assert client.get(f"/status/{uuid.uuid4()}").status_code == 404


def test_an_achievement_for_people_and_for_machines(client: Client) -> None:
    world = awards.world()
    path = f"/a/{world.version.id}"
    page = client.get(path, headers={"accept": "text/html"})
    assert world.version.criteria in page.content.decode()
    assert "Accept" in page["Vary"]
    described = client.get(path, headers={"accept": "application/ld+json"}).json()
    credential = json.loads(world.credential().document)
    assert described["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    del described["@context"]
    assert described == credential["credentialSubject"]["achievement"]


def test_a_draft_is_not_public(client: Client) -> None:
    world = awards.world()
    draft = world.version.achievement.versions.create(
        number=2, name="Draft", description="…", criteria="…"
    )
    assert client.get(f"/a/{draft.id}").status_code == 404
    assert client.get(f"/a/{uuid.uuid4()}").status_code == 404
