"""Base58btc and base64url with their multibase letters (Controlled Identifiers 1.0, 2.4)."""

from __future__ import annotations

import base64
import binascii

from guildmark.credentials.errors import IdentifierError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_MAX_BASE58 = 1_000
_TEN_DIGITS = 58**10
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_NO_DIGIT = 0xFF
_DIGIT_VALUES = bytes(
    _ALPHABET.find(chr(byte)) if chr(byte) in _ALPHABET else _NO_DIGIT for byte in range(256)
)


def _joining_steps(places: int) -> list[tuple[int, int, int]]:
    """Shift, mask and factor that join neighbours: digits to pairs, pairs to fours, up to all."""
    sizes = [2**step for step in range(places.bit_length() - 1)]
    return [
        (8 * size, int.from_bytes((bytes(size) + b"\xff" * size) * (places // size // 2)), 58**size)
        for size in sizes
    ]


_STEPS = {places: _joining_steps(places) for places in (128, 1024)}


def encode_base58btc(data: bytes) -> str:
    """`z` and the base58btc digits of `data`."""
    number = int.from_bytes(data)
    pieces = []
    while number:
        # Long division is what costs, so ten digits are taken at a time.
        number, piece = divmod(number, _TEN_DIGITS)
        for _ in range(5):
            piece, pair = divmod(piece, 58 * 58)
            pieces.append(_PAIRS[pair])
    digits = "".join(reversed(pieces)).lstrip("1")
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def decode_base58btc(text: str) -> bytes:
    """The bytes of a `z…` text. Raises IdentifierError for anything else, or over 1,000 digits."""
    if not text.startswith("z") or len(text) > _MAX_BASE58:
        raise IdentifierError(f"{text[:40]!r} is not base58btc text that starts with z")
    digits = text[1:]
    values = digits.encode("ascii", "replace").translate(_DIGIT_VALUES)
    if _NO_DIGIT in values:
        wrong = next(digit for digit in digits if digit not in _ALPHABET)
        raise IdentifierError(f"{wrong!r} is not a base58btc digit")
    # All neighbours are joined at once within one number, in a few steps instead of one a digit.
    number = int.from_bytes(values)
    for shift, mask, factor in _STEPS[128 if len(values) <= 128 else 1024]:
        number = (number & mask) + factor * ((number >> shift) & mask)
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def encode_base64url(data: bytes) -> str:
    """`u` and the unpadded base64url of `data`."""
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """The bytes of a `u…` text without padding. Raises IdentifierError for anything else."""
    if not text.startswith("u") or "=" in text:
        raise IdentifierError(f"{text[:40]!r} is not unpadded base64url text that starts with u")
    body = text[1:].encode("ascii", "replace")
    try:
        decoded = base64.b64decode(body + b"=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise IdentifierError(f"{text[:40]!r} is not base64url: {error}") from error
    return decoded
