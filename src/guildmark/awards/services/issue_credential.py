"""Signing what a program hands in, with the organization's key, as the VC-API asks."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit import services as audit
from guildmark.awards import signing
from guildmark.awards.models import IssuerProfile
from guildmark.errors import NotFoundError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.vc_api import operations
from guildmark.vc_api.problems import RefusedError

# Whoever could sign one of these could undo a revocation.
_LISTS = frozenset({"BitstringStatusListCredential", "StatusList2021Credential"})


def issue_credential(*, actor: Actor, request: Any) -> operations.Answer:
    """Sign the credential in the request of a VC-API, in the organization's name.

    It is no award: nobody decided on it, and it stands in no wallet; the audit trail keeps its
    SHA-256. Raises NotFoundError where the organization is no issuer, RefusedError for a request
    that is not right, for another issuer's name, and for a status list.
    """
    require(actor, "issuer.sign")
    profile = IssuerProfile.objects.filter(organization=actor.organization).first()
    if profile is None:
        raise NotFoundError(_("This organization does not issue credentials yet."))
    _refuse_lists(request)
    now = timezone.now()
    with transaction.atomic():
        key = signing.current_key(profile)
        issuing = operations.Issuing(
            signer=signing.signer_of(key), suite=signing.SUITE, issuer=profile.did
        )
        status, answer = operations.issue(request, issuing=issuing, now=now)
        credential = answer["verifiableCredential"]
        named = credential.get("id", "")
        audit.record(
            actor=actor,
            action="issuer.sign",
            target=profile,
            target_name=profile.name,
            details={
                "credential": named if isinstance(named, str) and named.isprintable() else "",
                "sha256": hashlib.sha256(json.dumps(credential).encode()).hexdigest(),
            },
        )
    return status, answer


def _refuse_lists(request: Any) -> None:
    credential = request.get("credential") if isinstance(request, dict) else None
    types = credential.get("type") if isinstance(credential, dict) else None
    named = types if isinstance(types, list) else [types]
    if any(isinstance(name, str) and name in _LISTS for name in named):
        raise RefusedError("the status lists of this organization are signed by itself alone")
