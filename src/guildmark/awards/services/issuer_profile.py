"""The organization as an issuer: its profile, its DID, its keys."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.awards import addresses, keys, signing, status_lists
from guildmark.awards.models import IssuerKey, IssuerProfile
from guildmark.credentials import ModelError
from guildmark.credentials.model.openbadges import Profile
from guildmark.errors import ConflictError, InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization
from guildmark.organizations.names import refuse_namesakes
from guildmark.texts import require_readable


def create_issuer_profile(
    *,
    actor: Actor,
    name: str,
    url: str = "",
    description: str = "",
    namesake_confirmed: bool = False,
) -> IssuerProfile:
    """Make the organization an issuer, with a DID and a first Ed25519 key.

    The DID follows the server's public address of this moment and is never changed afterwards.
    Raises InvalidError for a missing name or a web address that is none, NamesakeError for a name
    that looks like another organization's unless that is confirmed, ConflictError when the
    organization is an issuer already.
    """
    require(actor, "issuer.edit")
    _check(name=name, url=url, description=description)
    if not namesake_confirmed:
        _refuse_namesakes(actor, name)
    with transaction.atomic():
        organization = Organization.objects.select_for_update(no_key=True).get(
            id=actor.organization.id
        )
        if IssuerProfile.objects.filter(organization=organization).exists():
            raise ConflictError(_("This organization has an issuer profile already."))
        profile = IssuerProfile.objects.create(
            organization=organization,
            did=addresses.issuer_did(organization.slug),
            name=name.strip(),
            url=url.strip(),
            description=description.strip(),
        )
        key = _new_key(profile)
        audit.record(
            actor=actor,
            action="issuer.create",
            target=profile,
            target_name=profile.name,
            details={"did": profile.did, "verification_method": key.verification_method},
        )
    return profile


def edit_issuer_profile(
    *,
    actor: Actor,
    profile: IssuerProfile,
    name: str,
    url: str = "",
    description: str = "",
    namesake_confirmed: bool = False,
) -> IssuerProfile:
    """Change how the issuer presents itself from now on; what is signed stays as it was.

    Raises InvalidError, and NamesakeError for a new name that looks like another organization's,
    unless that is confirmed.
    """
    require(actor, "issuer.edit", profile)
    _check(name=name, url=url, description=description)
    if name.strip() != profile.name and not namesake_confirmed:
        _refuse_namesakes(actor, name)
    with transaction.atomic():
        profile.name, profile.url = name.strip(), url.strip()
        profile.description = description.strip()
        profile.save(update_fields=["name", "url", "description"])
        audit.record(
            actor=actor,
            action="issuer.edit",
            target=profile,
            target_name=profile.name,
            details={"name": profile.name, "url": profile.url},
        )
    return profile


def rotate_key(*, actor: Actor, profile: IssuerProfile) -> IssuerKey:
    """Retire the signing key and make a new one; the status lists are signed anew with it.

    The retired key signs nothing more but stays in the DID document, so that what it signed
    before remains verifiable.
    """
    require(actor, "issuer.edit", profile)
    with transaction.atomic():
        locked = IssuerProfile.objects.select_for_update(no_key=True).get(id=profile.id)
        retired = signing.current_key(locked)
        retired.valid_until = timezone.now()
        retired.save(update_fields=["valid_until"])
        key = _new_key(locked)
        for status_list in locked.status_lists.select_for_update(no_key=True).order_by("id"):
            status_lists.sign_list(status_list)
        audit.record(
            actor=actor,
            action="issuer.rotate_key",
            target=locked,
            target_name=locked.name,
            details={
                "retired": retired.verification_method,
                "verification_method": key.verification_method,
            },
        )
    return key


def _refuse_namesakes(actor: Actor, name: str) -> None:
    # Under the organization's own name it has been asked already.
    if name.strip() == actor.organization.name:
        return
    owner = actor.organization.id
    organizations = Organization.objects.exclude(id=owner).values_list("name", flat=True)
    issuers = IssuerProfile.objects.exclude(organization=owner).values_list("name", flat=True)
    refuse_namesakes(name, [*organizations, *issuers])


def _new_key(profile: IssuerProfile) -> IssuerKey:
    secret, public_key_multibase = signing.generate()
    key = IssuerKey(
        profile=profile,
        verification_method=f"{profile.did}#{public_key_multibase}",
        public_key_multibase=public_key_multibase,
        valid_from=timezone.now(),
    )
    key.encrypted_secret = keys.seal(secret, key_id=key.id)
    key.save(force_insert=True)
    return key


def _check(*, name: str, url: str, description: str) -> None:
    require_readable(
        lines={"name": name.strip(), "url": url.strip()},
        paragraphs={"description": description},
    )
    if not name.strip():
        raise InvalidError.of("name", name, _("Give the name that credentials shall carry."))
    if len(name.strip()) > 200:
        raise InvalidError.of("name", name, _("Use at most 200 characters."))
    if url.strip():
        try:
            # What a credential would refuse must not stop the signing later on.
            Profile(id=url.strip())
        except ModelError:
            is_address = False
        else:
            is_address = url.strip().startswith(("https://", "http://"))
        if not is_address:
            raise InvalidError.of("url", url, _("Give an address that starts with https://."))
