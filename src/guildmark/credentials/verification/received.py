"""What was handed in, whatever it is: JSON, a token, or a file that carries one of them."""

from __future__ import annotations

from dataclasses import dataclass

from guildmark.credentials.errors import UnreadableError
from guildmark.credentials.model.reading import Json, check_bounds, read_json
from guildmark.credentials.proofs.jose.envelopes import is_envelope
from guildmark.credentials.proofs.jose.reading import read_envelope, read_token
from guildmark.credentials.proofs.jose.secured import SecuredToken

_COSE = (b"\xd2", b"\x84")


@dataclass(frozen=True, kw_only=True)
class Received:
    """The document that was handed in, and how.

    `text` is that of the token; `address` is where the document stands that an Open Badge of
    before 2013 names instead of holding it.
    """

    document: Json
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
        return _of_json(given, "json")
    if isinstance(given, bytes):
        if given[:1] == b"{":
            return _of_json(read_json(given), "json")
        if given[:1] in _COSE:
            return _of_token(given, "cose")
        return _of_file(given)
    if given[:1] == "{":
        return _of_json(read_json(given), "json")
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
        return _of_json(read_json(carried.payload), carried.format.value)
    if carried.kind is Kind.URL:
        return Received(document={}, carrier=carried.format.value, address=carried.payload)
    return _of_token(carried.payload, carried.format.value)


def _of_json(document: Json, carrier: str) -> Received:
    if is_envelope(document):
        token = read_envelope(document)
        return Received(document=token.document, carrier=carrier, token=token)
    return Received(document=document, carrier=carrier)


def _of_token(text: bytes | str, carrier: str) -> Received:
    token = read_token(text)
    shown = text if isinstance(text, str) else ""
    return Received(document=token.document, carrier=carrier, token=token, text=shown)
