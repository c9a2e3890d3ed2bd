"""StatusList2021, for reading (https://www.w3.org/TR/2023/WD-vc-status-list-20230427/).

The draft before Bitstring Status List: the same bits in plain base64 instead of multibase. New
lists are written as Bitstring Status List 1.0 only.
"""

from __future__ import annotations

import base64
import binascii

from guildmark.credentials.errors import StatusError
from guildmark.credentials.status.bitstring import inflate

_TO_PLAIN = str.maketrans("-_", "+/")


def decode_bits(encoded: object) -> bytes:
    """The bits of an `encodedList` (sections 2.2 and 3.4), inflated within bounds.

    The draft says base64 and shows base64url without padding; both are read. Raises StatusError.
    """
    if not isinstance(encoded, str) or not encoded.isascii():
        raise StatusError("encodedList is not base64 text")
    body = encoded.rstrip("=").translate(_TO_PLAIN)
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except binascii.Error as error:
        raise StatusError(f"encodedList is not base64: {error}") from error
    return inflate(packed)
