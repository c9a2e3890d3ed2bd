"""A key that stays in a device: PKCS#11 2.40 and 3.0, through python-pkcs11.

Needs the extra `guildmark[pkcs11]` and the device's own library, such as SoftHSM's.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from guildmark.credentials.errors import IdentifierError, ProofError
from guildmark.credentials.identifiers.keys import KeyType, PublicKey

_DIGESTS = {KeyType.P256: hashlib.sha256, KeyType.P384: hashlib.sha384}
_PROBE = b"guildmark: does this private key belong to that public key?"


class Pkcs11Signer:
    """A signer whose private key a PKCS#11 token holds; use it in a `with` block, or close it.

    Several threads may share it, and several signers a token; they sign one after the other.
    """

    def __init__(
        self,
        library: Path | str,
        *,
        token: str,
        pin: str,
        key: str,
        verification_method: str,
    ) -> None:
        """Open the token of that label with its user's PIN and find the key pair of that label.

        `library` is the device's PKCS#11 library, a file. Raises IdentifierError where any of
        these is not there, where the key is of a type that is not used here, and where private
        and public key do not belong together.
        """
        self._pkcs11 = _load()
        self._verification_method = verification_method
        self._opened: _Token | None = _Token.open(self._pkcs11, str(library), token, pin)
        try:
            self._private: Any = self._find(self._pkcs11.ObjectClass.PRIVATE_KEY, key)
            self._public_key = self._read_public(key)
            self._public_key.verify(self.sign(_PROBE), _PROBE)
        except ProofError as error:
            self.close()
            raise IdentifierError(f"the two keys {key!r} do not belong together: {error}") from None
        except IdentifierError:
            self.close()
            raise

    def __enter__(self) -> Pkcs11Signer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the token; the signer is of no use afterwards."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.leave()

    @property
    def verification_method(self) -> str:
        """The identifier of the public key."""
        return self._verification_method

    @property
    def public_key(self) -> PublicKey:
        """The public key."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`. Raises ProofError where the device does not give one."""
        opened = self._opened
        if opened is None:
            raise ProofError("the signer is closed: open the token again")
        kind, mechanism = self._private.key_type, self._pkcs11.Mechanism
        if kind == self._pkcs11.KeyType.EC_EDWARDS:
            text, how = data, mechanism.EDDSA
        elif kind == self._pkcs11.KeyType.EC:
            # Devices that hash by themselves are few, so the digest is made here.
            text, how = _DIGESTS[self._public_key.type](data).digest(), mechanism.ECDSA
        else:
            text, how = data, mechanism.SHA256_RSA_PKCS
        try:
            with opened.lock:
                return bytes(self._private.sign(text, mechanism=how))
        except self._pkcs11.PKCS11Error as error:
            raise ProofError(f"the device did not sign: {_reason(error)}") from error

    def _find(self, kind: Any, label: str) -> Any:
        try:
            return self._opened.session.get_key(kind, label=label) if self._opened else None
        except self._pkcs11.PKCS11Error as error:
            raise IdentifierError(
                f"the token has no one {kind.name.lower()} {label!r}: {_reason(error)}"
            ) from None

    def _read_public(self, label: str) -> PublicKey:
        from pkcs11.util.ec import encode_ec_public_key
        from pkcs11.util.rsa import encode_rsa_public_key

        public = self._find(self._pkcs11.ObjectClass.PUBLIC_KEY, label)
        if public.key_type == self._pkcs11.KeyType.EC_EDWARDS:
            # The 32 bytes in a DER octet string, or in some devices bare.
            point = bytes(public[self._pkcs11.Attribute.EC_POINT])
            if len(point) not in (32, 34) or (len(point) == 34 and point[:2] != b"\x04\x20"):
                raise IdentifierError(f"the key {label!r} is not an Ed25519 key")
            return PublicKey(KeyType.ED25519, point[-32:])
        if public.key_type == self._pkcs11.KeyType.EC:
            return PublicKey.from_der(encode_ec_public_key(public))
        if public.key_type == self._pkcs11.KeyType.RSA:
            return PublicKey.from_der(encode_rsa_public_key(public))
        raise IdentifierError(f"the key {label!r} is of a type that is not used here")


@dataclass
class _Token:
    """A token that this process is logged in to: by the standard once, for all who use it."""

    name: tuple[str, str]
    session: Any
    pin: bytes
    users: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, pkcs11: ModuleType, library: str, label: str, pin: str) -> _Token:
        """The token, logged in to where that has not been done. Raises IdentifierError."""
        hidden = hashlib.sha256(pin.encode()).digest()
        with _OPENING:
            known = _OPEN.get((library, label))
            if known is not None:
                if not hmac.compare_digest(known.pin, hidden):
                    raise IdentifierError(f"the token {label!r} is open under another PIN")
                known.users += 1
                return known
            try:
                session = pkcs11.lib(library).get_token(token_label=label).open(user_pin=pin)
            except (pkcs11.PKCS11Error, RuntimeError) as error:
                raise IdentifierError(
                    f"the token {label!r} cannot be opened with {library}: {_reason(error)}"
                ) from None
            made = _OPEN[library, label] = cls((library, label), session, hidden)
            return made

    def leave(self) -> None:
        """Log out with the last who uses it."""
        with _OPENING:
            self.users -= 1
            if not self.users:
                del _OPEN[self.name]
                self.session.close()


_OPEN: dict[tuple[str, str], _Token] = {}
_OPENING = threading.Lock()


def _load() -> ModuleType:
    try:
        import pkcs11
    except ImportError:
        raise IdentifierError(
            "keys in devices need python-pkcs11: install guildmark[pkcs11]"
        ) from None
    return pkcs11


def _reason(error: Exception) -> str:
    """What went wrong; the library's errors often say so by their name alone."""
    return str(error) or type(error).__name__
