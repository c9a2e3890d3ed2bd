"""What stands at an address, as the library takes it."""

from __future__ import annotations

from guildmark.credentials.carriers.carried import BLANKS, Kind, kind_of
from guildmark.credentials.errors import CredentialError, UnreadableError
from guildmark.credentials.model.reading import Json, read_json
from guildmark.credentials.proofs.jose.envelopes import envelop
from guildmark.credentials.proofs.jose.reading import read_token

_BOM = b"\xef\xbb\xbf"


def document_of(data: bytes) -> Json:
    """The JSON object in the bytes; a signed token as the enveloped credential that carries it.

    Verifiable Credentials Data Model 2.0, section 4.12.2 (enveloped verifiable credentials).
    Raises UnreadableError for anything else.
    """
    if data.removeprefix(_BOM).lstrip(BLANKS.encode()).startswith(b"{"):
        return read_json(data)
    try:
        text = data.decode("ascii").strip(BLANKS)
        if kind_of(text) in (Kind.JWT, Kind.SD_JWT):
            return envelop(text, read_token(text).format)
    except (UnicodeDecodeError, CredentialError) as error:
        raise UnreadableError(f"it is neither JSON nor a signed token: {error}") from error
    raise UnreadableError("it is neither a JSON object nor a signed token")
