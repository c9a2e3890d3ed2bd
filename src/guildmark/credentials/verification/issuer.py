"""Whether the key that signed is the issuer's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from guildmark.credentials.identifiers.did import VerificationMethod
from guildmark.credentials.model.reading import Json
from guildmark.credentials.verification.keys import is_key_of
from guildmark.credentials.verification.lookalikes import warnings_of
from guildmark.credentials.verification.report import (
    Check,
    CheckCode,
    Outcome,
    failed,
    passed,
    unknown,
)
from guildmark.credentials.verification.resolver import Resolver

Methods = Sequence[VerificationMethod]


def check_issuer(
    document: Json,
    issuer: str | None,
    methods: Methods,
    proof: Check,
    resolver: Resolver,
    now: dt.datetime,
) -> Check:
    """Verifiable Credentials 2.0, section 4.7: a key that signed is the issuer's own, by its
    controller or because the issuer's document lists it.

    `data` warns of a name that looks like another one (`warnings`).
    """
    data: dict[str, Any] = {"issuer": issuer}
    if found := warnings_of(document.get("issuer"), issuer):
        data["warnings"] = found
    if not methods or issuer is None:
        message = "Nothing shows that the named issuer signed this."
        if proof.outcome is Outcome.FAILED:
            return failed(CheckCode.ISSUER_NOT_BOUND, message, **data)
        return unknown(CheckCode.ISSUER_UNAVAILABLE, message, **data)
    for method in methods:
        if method.controller == issuer:
            data["verificationMethod"] = method.id
            return Check(
                check="issuer",
                outcome=Outcome.PASSED,
                code=CheckCode.ISSUER_BOUND,
                message="The key that signed it belongs to the named issuer.",
                data=data,
            )
    answers = [
        (method.controller, is_key_of(method, issuer, resolver, None, now)) for method in methods
    ]
    if any(is_listed for _, is_listed in answers):
        message = "The key that signed it is one that the named issuer lists."
        return passed(CheckCode.ISSUER_BOUND, message, **data)
    if all(is_listed is None for _, is_listed in answers):
        message = "Nothing that could be had shows that the key is the named issuer's."
        return unknown(CheckCode.ISSUER_KEY_UNCONFIRMED, message, **data)
    return failed(
        CheckCode.ISSUER_NOT_BOUND,
        "It was signed by somebody other than the issuer it names.",
        **data,
        controller=methods[0].controller or None,
    )
