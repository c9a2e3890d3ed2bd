"""What a credential says, what it leaves out, and that keys may change."""

from __future__ import annotations

import json

import pytest
from django.test import override_settings

from guildmark.audit.models import AuditEvent
from guildmark.awards import keys, services, tasks
from guildmark.awards.documents import did_document
from guildmark.awards.models import IssuerKey, StatusList
from guildmark.awards.reading import read_credential
from guildmark.awards.verification import verify_text
from guildmark.credentials import CheckCode, Outcome
from guildmark.credentials.model.openbadges import identity_hash
from guildmark.errors import ConflictError, InvalidError, NotAllowedError
from guildmark.organizations.actor import operator_of
from guildmark.organizations.models import Role
from tests.support import awards, factories

pytestmark = pytest.mark.django_db


def test_the_credential_verifies_and_says_what_was_earned() -> None:
    world = awards.world()
    credential = world.credential()
    verification = verify_text(credential.document)
    assert verification.report.verified is True
    assert verification.issuer_is_local
    outcomes = {check.check: check.outcome for check in verification.report.checks}
    assert {outcomes.pop("refresh"), outcomes.pop("endorsements")} == {Outcome.NOT_APPLICABLE}
    assert set(outcomes.values()) == {Outcome.PASSED}
    reading = read_credential(verification.document)
    assert reading.identifier == f"urn:uuid:{credential.id}"
    assert reading.holder == world.person.name
    assert reading.issuer_name == world.organization.name
    assert reading.criteria == world.version.criteria
    (skill,) = reading.skills
    assert skill.level == "U · expert"
    assert [other.name for other in reading.related] == ["Operate industrial robots"]
    assert {piece.name for piece in reading.evidence} == {
        "Online test",
        "Observed practical assessment",
    }
    assert reading.valid_until == credential.award.valid_until.replace(microsecond=0)


def test_email_is_hashed_and_number_points_and_assessor_stay_away() -> None:
    world = awards.world()
    world.person.email = "Asha@works.example"
    world.person.save(update_fields=["email"])
    credential = world.credential()
    text = credential.document
    assert "asha@" not in text.lower()
    assert f'"{world.person.number}"' not in text
    decision = credential.award.decision
    assert decision.practical is not None
    assert decision.practical.assessor.name not in text
    identities = json.loads(text)["credentialSubject"]["identifier"]
    email = next(one for one in identities if one["identityType"] == "emailAddress")
    assert email["identityHash"] == identity_hash("asha@works.example", email["salt"])


def test_any_change_breaks_it() -> None:
    document = json.loads(awards.world().credential().document)
    document["credentialSubject"]["achievement"]["name"] = "Chief engineer"
    report = verify_text(json.dumps(document)).report
    assert report.verified is False
    assert report.check("proof").code == CheckCode.PROOF_INVALID


def test_a_rotated_key_still_proves_what_it_signed() -> None:
    world = awards.world()
    before = world.credential()
    profile = awards.issuer(world.organization)
    administrator = factories.actor(world.organization, Role.ADMINISTRATOR)
    new = services.rotate_key(actor=administrator, profile=profile)
    assert verify_text(before.document).report.verified is True
    methods = [method["id"] for method in did_document(profile)["verificationMethod"]]
    assert methods == [new.verification_method, before.key.verification_method]
    awards.passed(world.version, world.person)
    after = services.sign_award(world.grant().id)
    assert after.key == new
    assert verify_text(after.document).report.verified is True
    for listed in StatusList.objects.all():
        assert json.loads(listed.document)["proof"]["verificationMethod"] == (
            new.verification_method
        )
    assert IssuerKey.objects.filter(profile=profile, valid_until__isnull=True).count() == 1
    assert AuditEvent.objects.filter(action="issuer.rotate_key").count() == 1


def test_a_status_list_is_signed_anew_by_a_job() -> None:
    world = awards.world()
    credential = world.credential()
    listed = StatusList.objects.get(purpose="revocation")
    StatusList.objects.filter(id=listed.id).update(document="{}")
    assert verify_text(credential.document).report.verified is False
    tasks.resign_status_list(status_list_id=str(listed.id))
    assert verify_text(credential.document).report.verified is True


def test_the_did_stays_when_the_server_moves() -> None:
    owner = factories.organization()
    with override_settings(PUBLIC_URL="http://localhost:8000"):
        profile = awards.issuer(owner)
    assert profile.did == f"did:web:localhost%3A8000:o:{owner.slug}"
    with override_settings(PUBLIC_URL="https://skills.example"):
        assert did_document(profile)["id"] == profile.did


def test_the_private_key_is_sealed_and_bound_to_its_row() -> None:
    owner = factories.organization()
    key = awards.issuer(owner).keys.get()
    sealed = bytes(key.encrypted_secret)
    seed = keys.unseal(sealed, key_id=key.id)
    assert len(seed) == 32
    assert seed not in sealed
    with pytest.raises(keys.KeyUnreadableError):
        keys.unseal(sealed, key_id=owner.id)
    with override_settings(SECRET_KEY="another secret of the installation, long enough"):
        with pytest.raises(keys.KeyUnreadableError):
            keys.unseal(sealed, key_id=key.id)
        with override_settings(
            SECRET_KEY_FALLBACKS=["a key for tests that has the length a key needs"]
        ):
            assert keys.unseal(sealed, key_id=key.id) == seed


def test_one_profile_an_organization_made_by_an_administrator() -> None:
    owner = factories.organization()
    with pytest.raises(NotAllowedError):
        services.create_issuer_profile(
            actor=factories.actor(owner, Role.PROGRAMME_OWNER), name="Works"
        )
    with pytest.raises(InvalidError):
        services.create_issuer_profile(actor=operator_of(owner), name=" ")
    with pytest.raises(InvalidError):
        services.create_issuer_profile(actor=operator_of(owner), name="Works", url="ftp://x")
    with pytest.raises(InvalidError, match="https"):
        services.create_issuer_profile(actor=operator_of(owner), name="Works", url="https://a b")
    services.create_issuer_profile(actor=operator_of(owner), name="Works")
    with pytest.raises(ConflictError):
        services.create_issuer_profile(actor=operator_of(owner), name="Works")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"credentialSubject": 3, "issuer": [], "evidence": "x"},
        {"credentialSubject": [{"achievement": [[]], "identifier": {"hashed": False}}]},
        {"issuer": {"id": 4, "name": ["x"], "url": "javascript:alert(1)"}, "validFrom": "soon"},
        {"credentialSubject": {"achievement": {"id": "http://[", "alignment": [1, {}]}}},
    ],
)
def test_reading_takes_whatever_a_stranger_sends(document: dict[str, object]) -> None:
    reading = read_credential(document)
    assert reading.issuer_url == ""
    assert reading.skills == ()
