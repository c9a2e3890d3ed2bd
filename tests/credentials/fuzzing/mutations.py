"""Changes to inputs: of bytes, and of JSON that stays JSON, so that they get deep."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Mutate = Callable[[bytes, random.Random], bytes]
_Place = tuple[Any, Any]

_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**53, -(2**63) - 1, 10**29, 0.0, -0.0, 0.1, 1e-7, 1e20, 1e300),
    *("", " ", "x", "\ud800", "\0", "\u202e", "\U0001f600", "ﬀ", "é", "é", "0", "-1", "1" * 41),
    *("_:b0", "#key", "relative", "did:web:evil.example", "did:key:z6Mk", "did:jwk:e30"),
    *("https://[", "https://℀.example", "https://xn--a", "urn:x:1", "data:,", "data:;base64,AA"),
    *("2026-06-30T23:59:60Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("2026-06-01T12:00:00Z", "uH4sIAAAAAAAAA2NgGAWjYBSMVAAAjNLz2QAIAAA", "zzz", "u", "~", "ext:x"),
    *([], {}, [[]], [None], {"id": "_:b0"}, {"@value": "x"}, {"@value": {}, "@type": "@json"}),
    *({"@list": ["x"]}, {"@set": []}, {"@id": "urn:x:1"}, {"@language": "de", "@value": "x"}),
    *("VerifiableCredential", "OpenBadgeCredential", "EndorsementCredential", "ClrCredential"),
    *(
        "DataIntegrityProof",
        "eddsa-jcs-2022",
        "ecdsa-sd-2023",
        "https://www.w3.org/ns/credentials/v2",
    ),
)
_NAMES = (
    *(
        "@context",
        "@id",
        "@type",
        "@value",
        "@language",
        "@graph",
        "@reverse",
        "@included",
        "@nest",
    ),
    *("id", "type", "issuer", "credentialSubject", "proof", "credentialStatus", "validFrom"),
    *("validUntil", "name", "description", "evidence", "endorsement", "endorsementJwt", "creator"),
    *(
        "verifiableCredential",
        "credentialSchema",
        "refreshService",
        "termsOfUse",
        "relatedResource",
    ),
    *("holder", "previousProof", "cryptosuite", "proofPurpose", "verificationMethod", "created"),
    *("expires", "domain", "challenge", "nonce", "proofValue", "iss", "sub", "jti", "nbf", "exp"),
    *(
        "iat",
        "aud",
        "cnf",
        "vct",
        "status",
        "vc",
        "vp",
        "_sd",
        "...",
        "_sd_alg",
        "alg",
        "kid",
        "typ",
    ),
    *("cty", "crit", "b64", "jwk", "x5c", "kty", "crv", "x", "y", "d", "e", "n", "keys", "p2c"),
    *("statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage"),
    *("encodedList", "revokedCredential", "revoked", "publicKeyMultibase", "publicKeyJwk", "x:y"),
)


def mutate_bytes(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, put in, taken out or repeated."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randrange(len(made) + 1)
        end = min(len(made), place + chance.choice((1, 1, 4, 16, 64)))
        match chance.randrange(6):
            case 0:
                made[place:end] = chance.randbytes(end - place)
            case 1:
                del made[place:end]
            case 2:
                made[place:place] = made[place:end] * chance.choice((1, 2, 50))
            case 3:
                made[place:place] = chance.randbytes(chance.choice((1, 2, 8)))
            case 4 if end > place:
                made[place] ^= 1 << chance.randrange(8)
            case _:
                made[place:place] = chance.choice(
                    (b"\0", b"\xff", b"~", b".", b"=", b'"', b"{", b"[")
                )
    return bytes(made)


def mutate_json(data: bytes, chance: random.Random) -> bytes:
    """A member changed, nested, doubled, moved or of another type; now and then only bytes."""
    if chance.random() < 0.1:
        return mutate_bytes(data, chance)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return mutate_bytes(data, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        value = _changed(value, chance)
    try:
        return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def _places(value: Any) -> Iterator[_Place]:
    """Every part of a value as where it stands and under which name."""
    queue = [value]
    while queue:
        part = queue.pop()
        if isinstance(part, dict | list):
            for name in part if isinstance(part, dict) else range(len(part)):
                yield part, name
                queue.append(part[name])


def _changed(value: Any, chance: random.Random) -> Any:
    places = list(_places(value))
    if not places:
        return chance.choice(_VALUES)
    where, name = chance.choice(places)
    part = where[name]
    other_where, other_name = chance.choice(places)
    other = other_where[other_name]
    match chance.randrange(12):
        case 0:
            where[name] = _copy(chance.choice(_VALUES))
        case 1:
            where[name] = _copy(other)
        case 2:
            del where[name]
        case 3 if isinstance(where, dict):
            where[chance.choice(_NAMES)] = where.pop(name)
        case 4 if isinstance(where, dict):
            where[chance.choice(_NAMES)] = _copy(other)
        case 5 if isinstance(where, list):
            where += [_copy(part) for _ in range(chance.choice((1, 1, 2, 20)))]
        case 6:
            where[name] = _nested(part, chance)
        case 7:
            where[name] = _of_another_type(part, chance)
        case 8 if isinstance(part, list):
            chance.shuffle(part)
        case 9 if isinstance(part, dict):
            items = list(part.items())
            chance.shuffle(items)
            where[name] = dict(items)
        case 10 if isinstance(part, str):
            where[name] = _text(part, chance)
        case _:
            if isinstance(part, str):
                where[name] = _text(part, chance)
            elif isinstance(part, int | float) and not isinstance(part, bool):
                small = part if abs(part) < 10**40 else 7
                where[name] = chance.choice(
                    (small + 1, -small, small * 10**9, small / 3, str(small))
                )
            else:
                where[name] = _copy(chance.choice(_VALUES))
    return value


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def _nested(part: Any, chance: random.Random) -> Any:
    for _ in range(chance.choice((1, 1, 2, 50))):
        part = [part] if chance.random() < 0.5 else {chance.choice(_NAMES): part}
    return part


def _of_another_type(part: Any, chance: random.Random) -> Any:
    if isinstance(part, list) and part and chance.random() < 0.7:
        return part[0]
    if isinstance(part, dict) and part and chance.random() < 0.7:
        return chance.choice((next(iter(part.values())), list(part), part.get("id")))
    return chance.choice(([part], {"id": part}, {"@value": part}, str(part), [part, part]))


def _text(part: str, chance: random.Random) -> str:
    place = chance.randrange(len(part) + 1)
    put = chance.choice((*(value for value in _VALUES if isinstance(value, str)), part[:9], part))
    cut = chance.choice((0, 0, 1, 5, len(part)))
    return (part[:place] + put + part[place + cut :])[:20_000]


def sequence(seeds: Sequence[bytes], mutate: Mutate, count: int, seed: str) -> Iterator[bytes]:
    """The seeds, then `count` mutations of them, the same each time."""
    yield from seeds
    chance = random.Random(seed)
    for _ in range(count):
        made = chance.choice(seeds)
        for _ in range(chance.choice((1, 2, 4))):
            made = mutate(made, chance)
        yield made
