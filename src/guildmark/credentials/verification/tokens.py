"""Whether the signature of a token holds."""

from __future__ import annotations

import datetime as dt

from guildmark.credentials.errors import CredentialError
from guildmark.credentials.proofs.jose.secured import SecuredToken
from guildmark.credentials.verification.issuer import Methods
from guildmark.credentials.verification.keys import NOBODY, find_token_key
from guildmark.credentials.verification.report import Check, CheckCode
from guildmark.credentials.verification.resolver import Resolver
from guildmark.credentials.verification.signature import (
    VALID,
    Proven,
    RefusedProofError,
    own_key,
    refused,
    require_valid,
)


def check_token(
    token: SecuredToken,
    resolver: Resolver,
    now: dt.datetime,
    purpose: str = "assertionMethod",
    proven: Proven | None = None,
) -> tuple[Check, Methods]:
    """The signature, by the key that the token names, and what contradicts its format.

    With the check comes the method of the key where the signature holds. `proven` is taken for
    proven, and added to.
    """
    try:
        method = find_token_key(token, resolver, purpose)
        require_valid(method, _made(token), now)
        if proven is None or (0, method.public_key) not in proven:
            token.verify(method.public_key)
            if proven is not None:
                proven.add((0, method.public_key))
        if token.problems:
            raise RefusedProofError(CheckCode.PROOF_CLAIMS_CONTRADICT, "; ".join(token.problems))
    except CredentialError as error:
        return refused(error), ()
    return (own_key() if method.controller == NOBODY else VALID), (method,)


def _made(token: SecuredToken) -> dt.datetime | None:
    """When the token says that it was made: `iat`, and else `nbf`."""
    seconds = token.claims.get("iat")
    return token.not_before if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)
