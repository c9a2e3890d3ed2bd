"""What was handed in, whatever it is: JSON, a token, or a file that carries one of them."""

from __future__ import annotations

from typing import NamedTuple

from guildmark.credentials.errors import UnreadableError
from guildmark.credentials.model.reading import Json, check_bounds, read_json
from guildmark.credentials.proofs.jose.envelopes import is_envelope
from guildmark.credentials.proofs.jose.reading import read_envelope, read_token
from guildmark.credentials.proofs.jose.secured import SecuredToken
from guildmark.credentials.proofs.unsecured import Unsecured
from guildmark.credentials.verification.forms import has_plain_proof

_COSE = (b"\xd2", b"\x84")


class Received(NamedTuple):
    """The document that was handed in, and how; `unsecured` is that without its proofs.

    `text` is that of the token; `address` is where the document stands that an Open Badge of
    before 2013 names instead of holding it.
    """

    document: Json
    unsecured: Unsecured
    carrier: str = "json"
    token: SecuredToken | None = None
    text: str = ""
    address: str | None = None


def receive(given: Json | bytes | str) -> Received:
    """Read what was handed in, and verify nothing.

    Raises UnreadableError or CarrierError where nothing can be read, ProofError for a token that
    cannot be accepted from anybody.
    """
    if isinstance(given, dict):
        check_bounds(given)
        return _of_json(given, Unsecured.of(given), "json")
    if isinstance(given, bytes):
        if given[:1] == b"{":
            return _read(given, "json")
        if given[:1] in _COSE:
            return _of_token(given, "cose")
        return _of_file(given)
    if given[:1] == "{":
        return _read(given, "json")
    try:
        return _of_file(given.encode())
    except UnicodeEncodeError as error:
        raise UnreadableError(f"the text cannot be written as UTF-8 (at {error.start})") from error


def _of_file(data: bytes) -> Received:
    # Reading PDF takes a library that is slow to load, and most never need it.
    from guildmark.credentials.carriers.carried import Kind
    from guildmark.credentials.carriers.detect import unbake

    carried = unbake(data)
    if carried.kind is Kind.JSON:
        return _read(carried.payload, carried.format.value)
    if carried.kind is Kind.URL:
        return Received(
            document={},
            unsecured=Unsecured({}),
            carrier=carried.format.value,
            address=carried.payload,
        )
    return _of_token(carried.payload, carried.format.value)


def _read(text: bytes | str, carrier: str) -> Received:
    made: list[Unsecured] = []

    def is_plain(document: Json) -> bool:
        made.append(Unsecured.of(document))
        return _is_plain(document, made[0])

    document = read_json(text, is_plain)
    return _of_json(document, made[0] if made else Unsecured.of(document), carrier)


def _is_plain(document: Json, unsecured: Unsecured) -> bool:
    """Whether documents of this one's shape are within the bounds and hold no number."""
    if not has_plain_proof(document):
        return False
    shaped = unsecured.glance()
    return shaped is not None and shaped.form.is_plain


def _of_json(document: Json, unsecured: Unsecured, carrier: str) -> Received:
    if is_envelope(document):
        return _of_secured(read_envelope(document), carrier)
    return Received(document=document, unsecured=unsecured, carrier=carrier)


def _of_token(text: bytes | str, carrier: str) -> Received:
    return _of_secured(read_token(text), carrier, text if isinstance(text, str) else "")


def _of_secured(token: SecuredToken, carrier: str, text: str = "") -> Received:
    document = token.document
    return Received(
        document=document,
        unsecured=Unsecured.of(document),
        carrier=carrier,
        token=token,
        text=text,
    )
