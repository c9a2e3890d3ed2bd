"""Where the issuer's keys and the credential library meet: making keys, signing documents."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from guildmark.awards import keys
from guildmark.awards.models import IssuerKey, IssuerProfile
from guildmark.credentials import KeyType, LocalSigner, PrivateKey, add_proof
from guildmark.credentials.model.part import timestamp
from guildmark.credentials.model.reading import Json
from guildmark.credentials.proofs import eddsa_rdfc_2022
from guildmark.credentials.status import bitstring

SUITE = eddsa_rdfc_2022.NAME


def generate() -> tuple[bytes, str]:
    """A new Ed25519 seed and its public key as Multikey text."""
    key = PrivateKey.generate(KeyType.ED25519)
    return key.to_seed(), key.public.to_multikey()


def current_key(profile: IssuerProfile) -> IssuerKey:
    """The key the issuer signs with now."""
    return IssuerKey.objects.get(profile=profile, valid_until__isnull=True)


def signer_of(key: IssuerKey) -> LocalSigner:
    """What signs with the key. Raises KeyUnreadableError."""
    secret = PrivateKey.from_seed(keys.unseal(bytes(key.encrypted_secret), key_id=key.id))
    return LocalSigner(secret, verification_method=key.verification_method)


def signed(key: IssuerKey, document: Json, *, now: dt.datetime) -> str:
    """The document with an eddsa-rdfc-2022 proof, as the text that is kept and handed out.

    Raises KeyUnreadableError, or the library's JsonLdError for a document that says something
    its contexts do not define.
    """
    proven = add_proof(document, signer=signer_of(key), created=now, suite=SUITE)
    return json.dumps(proven, ensure_ascii=False, indent=2)


def signed_status_list(
    key: IssuerKey,
    *,
    did: str,
    url: str,
    purpose: str,
    length: int,
    set_indexes: Iterable[int],
    now: dt.datetime,
) -> str:
    """A signed Bitstring Status List credential with these bits set."""
    document = bitstring.status_list_document(
        list_url=url,
        issuer=did,
        purpose=purpose,
        encoded_list=bitstring.encode(set_indexes, length=length),
        valid_from=timestamp(now),
    )
    return signed(key, document, now=now)
