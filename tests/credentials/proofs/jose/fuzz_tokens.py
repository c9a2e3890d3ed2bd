"""Coverage-guided fuzzing of everything that reads tokens.

`python -m tests.credentials.proofs.jose.fuzz_tokens -runs=1000000 -rss_limit_mb=200`
"""

from __future__ import annotations

import contextlib
import hashlib
import sys

import atheris

with atheris.instrument_imports(include=["guildmark.credentials"]):
    from guildmark.credentials import PrivateKey, ProofError, UnreadableError, cbor
    from guildmark.credentials.proofs.jose import sd_jwt, segments
    from guildmark.credentials.proofs.jose.reading import read_envelope, read_token
    from guildmark.credentials.proofs.jose.secured import SecuredToken

KEY = PrivateKey.from_seed(bytes(32)).public
TYPES = ("JWT", "vc+jwt", "vp+jwt", "vc+sd-jwt", "dc+sd-jwt", "")


def use(token: SecuredToken) -> None:
    """What a verifier asks of a token."""
    _ = token.verification_method, token.not_before, token.expires, token.own_key
    token.check(KEY)


def one_payload(data: bytes) -> None:
    """The rest as the payload, under a header that lets it be read."""
    typ = TYPES[data[0] % len(TYPES)] if data else ""
    header = segments.encode(b'{"alg":"EdDSA","typ":"%b"}' % typ.encode())
    payload, *contents = data[1:].split(b"\0")
    texts = [segments.encode(content) for content in contents]
    for place, text in enumerate(texts):
        # The fuzzer cannot guess digests: it writes their place.
        named = segments.encode(hashlib.sha256(text).digest())
        payload = payload.replace(b"#%d" % place, named)
    token = b"%b.%b.AAAA" % (header, segments.encode(payload))
    if typ.endswith("sd-jwt"):
        token = b"~".join([token, *texts, b""])
    use(read_token(token.decode()))


def one_input(data: bytes) -> None:
    """One input, for the reader that its first byte names."""
    rest = data[1:]
    with contextlib.suppress(ProofError, UnreadableError):
        match data[0] % 6 if data else 0:
            case 0:
                use(read_token(rest))
            case 1:
                use(read_token(rest.decode("latin-1")))
            case 2:
                one_payload(rest)
            case 3:
                cbor.decode(rest)
            case 4:
                sd_jwt.read(rest.decode("latin-1"))
            case 5:
                use(read_envelope(segments.read_object(rest)))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
