"""Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/)."""

from __future__ import annotations

import gzip
import secrets
import zlib
from collections.abc import Iterable

from guildmark.credentials.errors import IdentifierError, StatusError
from guildmark.credentials.identifiers.multibase import decode_base64url, encode_base64url
from guildmark.credentials.jsonld.contexts import CREDENTIALS_V2
from guildmark.credentials.model.reading import Json

MIN_LENGTH = 131_072
"""Section 3.3: fewer entries would tell too much about who looks one up."""
MAX_LENGTH = 1 << 27
PURPOSES = ("revocation", "suspension")


def encode(indexes: Iterable[int], *, length: int = MIN_LENGTH) -> str:
    """`encodedList` with these bits set (section 3.3); bit 0 is the leftmost.

    Raises StatusError for a length under MIN_LENGTH or an index outside it.
    """
    if not MIN_LENGTH <= length <= MAX_LENGTH or length % 8:
        raise StatusError(f"a status list has {MIN_LENGTH} to {MAX_LENGTH} entries, by 8s")
    bits = bytearray(length // 8)
    for index in indexes:
        if not 0 <= index < length:
            raise StatusError(f"index {index} is outside the list of {length}")
        bits[index >> 3] |= 0x80 >> (index & 7)
    # No time in the header: the same bits give the same text.
    return encode_base64url(gzip.compress(bytes(bits), compresslevel=1, mtime=0))


def decode(encoded: object) -> bytes:
    """The bits of an `encodedList` (section 3.4), inflated within MAX_LENGTH.

    Raises StatusError where it is not multibase base64url of gzip, too long, or too short.
    """
    if not isinstance(encoded, str):
        raise StatusError("encodedList is not text")
    try:
        packed = decode_base64url(encoded)
        inflater = zlib.decompressobj(wbits=31)
        bits = inflater.decompress(packed, MAX_LENGTH // 8 + 1)
    except (IdentifierError, zlib.error) as error:
        raise StatusError(f"encodedList cannot be read: {error}") from error
    if len(bits) > MAX_LENGTH // 8 or not inflater.eof:
        raise StatusError(f"encodedList holds over {MAX_LENGTH} entries or is cut off")
    if len(bits) * 8 < MIN_LENGTH:
        raise StatusError(f"encodedList holds {len(bits) * 8} entries; it must have {MIN_LENGTH}")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit at `index` is 1. Raises StatusError outside the list (RANGE_ERROR)."""
    if not 0 <= index < len(bits) * 8:
        raise StatusError(f"index {index} is outside the list of {len(bits) * 8}")
    return bool(bits[index >> 3] & 0x80 >> (index & 7))


def random_index(*, length: int = MIN_LENGTH) -> int:
    """A random place, so that neighbours in the list have nothing to do with each other."""
    return secrets.randbelow(length)


def status_entry(*, list_url: str, purpose: str, index: int) -> Json:
    """A `BitstringStatusListEntry` (section 2.1)."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def status_list_document(
    *, list_url: str, issuer: str, purpose: str, encoded_list: str, valid_from: str
) -> Json:
    """An unsigned `BitstringStatusListCredential` (section 2.2)."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded_list,
        },
    }
