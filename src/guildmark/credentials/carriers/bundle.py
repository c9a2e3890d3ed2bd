"""A credential with everything needed to verify it offline, in one JSON file.

One JSON object and no archive (docs/decisions/0011): its texts stand in it exactly as they came,
so every signature still fits; it has no file names to escape by, nothing that inflates, and one
reading; and the same bundle is always the same bytes.

A bundle shows what its maker saw, not whose keys they are: whoever makes one can put a key of
their own under another's did:web. Verify with bundles that you or somebody you trust has made,
or compare `digest` with one that came another way. Self-certifying identifiers (did:key) need no
such trust.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guildmark.credentials.carriers.carried import Kind, kind_of
from guildmark.credentials.errors import CarrierError, NotAvailableError
from guildmark.credentials.model.reading import MAX_BYTES, Json, read_json
from guildmark.credentials.model.times import moment
from guildmark.credentials.verification.resolver import Resolver, read_bytes

TYPE = "CredentialBundle"
VERSION = 1
MAX_BUNDLE = 16 << 20
MAX_DOCUMENTS = 200
_MAX_ADDRESS = 2_000
_MAX_BETWEEN = 20_000
_TEXTS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A document as it stood at its address (a DID or URL) at a time."""

    address: str
    captured: dt.datetime
    text: str
    exact: bool = False
    """The text is that which stood there byte for byte, not the document written anew."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A credential's text (JSON, JWT or SD-JWT) and the documents captured for it."""

    credential: str
    documents: tuple[Captured, ...]

    def to_bytes(self) -> bytes:
        """The bundle as UTF-8 JSON; documents by address, always the same bytes.

        Raises CarrierError where it would not be read back.
        """
        if any(one.captured.tzinfo is None for one in self.documents):
            raise CarrierError("a time of capture has no time zone")
        whole = {
            "type": TYPE,
            "version": VERSION,
            "credential": self.credential,
            "documents": [
                {
                    "address": one.address,
                    "captured": one.captured.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "text": one.text,
                    **({"exact": True} if one.exact else {}),
                }
                for one in sorted(self.documents, key=lambda one: one.address)
            ],
        }
        try:
            data = json.dumps(whole, ensure_ascii=False, indent=1).encode()
        except UnicodeEncodeError as error:
            raise CarrierError("the bundle has half a surrogate pair in it") from error
        read_bundle(data)
        return data

    @property
    def digest(self) -> str:
        """SHA-256 of the bundle's bytes in hexadecimal, to compare with what its maker says."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def read_bundle(data: bytes) -> Bundle:
    """The bundle in `data`. Raises CarrierError where it is none within bounds.

    At most 16 MiB, 200 documents, and 1 MB for each text. The documents themselves are read,
    with the bounds of every document, where they are asked for.
    """
    if len(data) > MAX_BUNDLE:
        raise CarrierError(f"the bundle has {len(data)} bytes; at most {MAX_BUNDLE} are read")
    try:
        text = data.decode("utf-8")
        # What is no text in it is little: anything else could take much memory to read.
        if len("".join(_TEXTS.sub("", text).split())) > _MAX_BETWEEN:
            raise CarrierError("the bundle holds other things than texts")
        whole = json.loads(text, object_pairs_hook=_unique)
    except CarrierError:
        raise
    except (ValueError, RecursionError) as error:
        raise CarrierError(f"the bundle is not JSON: {str(error)[:120]}") from error
    if not isinstance(whole, dict) or whole.get("type") != TYPE:
        raise CarrierError(f"the file is no bundle: its type is not {TYPE}")
    if whole.get("version") != VERSION:
        raise CarrierError(f"the bundle is of a version not known here, not {VERSION}")
    if whole.keys() != {"type", "version", "credential", "documents"}:
        raise CarrierError("the bundle has other members than type, version, credential, documents")
    documents = whole["documents"]
    if not isinstance(documents, list) or len(documents) > MAX_DOCUMENTS:
        raise CarrierError(f"documents is no list of at most {MAX_DOCUMENTS}")
    credential = _text(whole["credential"], "credential")
    if kind_of(credential.strip()) in (None, Kind.URL):
        raise CarrierError("the bundle's credential is neither JSON nor a signed token")
    read = tuple(_captured(one) for one in documents)
    if len({one.address for one in read}) != len(read):
        raise CarrierError("the bundle has two documents for one address")
    return Bundle(credential=credential, documents=read)


class BundleResolver:
    """Answers with a bundle's documents and nothing else.

    With `max_age` documents captured longer before `now` are not available, and neither are those
    captured after it: how old a status list may be is the verifier's to say.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        now: dt.datetime | None = None,
        max_age: dt.timedelta | None = None,
    ) -> None:
        if max_age is not None and now is None:
            raise ValueError("max_age needs now")
        self._documents = {one.address: one for one in bundle.documents}
        self._now = now
        self._max_age = max_age
        self._read: dict[str, Json] = {}

    def resolve(self, identifier: str) -> Json:
        """The document captured at this address.

        Raises NotAvailableError where there is none or it is too old, UnreadableError where it is
        no JSON within bounds.
        """
        found = self._found(identifier)
        if identifier not in self._read:
            self._read[identifier] = read_json(found.text)
        return self._read[identifier]

    def read(self, address: str) -> bytes:
        """The very bytes captured at this address. Raises NotAvailableError where the bundle has
        none, or only the document as it was written anew, or they are too old."""
        found = self._found(address)
        if not found.exact:
            raise NotAvailableError(f"the bundle has no bytes of {address[:200]!r}")
        return found.text.encode()

    def _found(self, address: str) -> Captured:
        found = self._documents.get(address)
        if found is None:
            raise NotAvailableError(f"{address[:200]!r} is not in the bundle")
        if self._now is not None:
            age = self._now - found.captured
            if age < dt.timedelta() or (self._max_age is not None and age > self._max_age):
                raise NotAvailableError(
                    f"{address[:200]!r} was captured {found.captured.isoformat()}, "
                    "which is too long ago or still to come"
                )
        return found


class RecordingResolver:
    """Passes on what another resolver answers, and keeps it for a bundle.

    Verify a credential with it, and `bundle` holds what that took: DID documents, status lists,
    the endorsers' keys.
    """

    def __init__(self, resolver: Resolver, *, now: dt.datetime) -> None:
        """`now` is the time of capture and must know its time zone."""
        if now.tzinfo is None:
            raise ValueError(f"now is {now.isoformat()}: give it a time zone")
        self._resolver = resolver
        self._now = now
        self._seen: dict[str, Json] = {}
        self._bytes: dict[str, bytes] = {}

    def resolve(self, identifier: str) -> Json:
        """What the other resolver answers; its errors are passed on and not kept."""
        if identifier not in self._seen:
            self._seen[identifier] = self._resolver.resolve(identifier)
        return self._seen[identifier]

    def read(self, address: str) -> bytes:
        """The bytes that the other resolver has there; its errors are passed on."""
        if address not in self._bytes:
            self._bytes[address] = read_bytes(self._resolver, address)
        return self._bytes[address]

    def bundle(self, credential: str | bytes) -> Bundle:
        """The credential's text with all that was answered so far; of bytes those that are text."""
        return Bundle(
            credential=credential.decode() if isinstance(credential, bytes) else credential,
            documents=tuple(self._captured()),
        )

    def _captured(self) -> Iterator[Captured]:
        for address, document in self._seen.items():
            text = json.dumps(document, ensure_ascii=False)
            yield Captured(address=address, captured=self._now, text=text)
        for address, data in self._bytes.items():
            # One address has one text; a document that was asked for is needed as such.
            if address not in self._seen:
                with contextlib.suppress(UnicodeDecodeError):
                    yield Captured(
                        address=address, captured=self._now, text=data.decode(), exact=True
                    )


def _captured(value: Any) -> Captured:
    names = value.keys() - {"exact"} if isinstance(value, Mapping) else ()
    if names != {"address", "captured", "text"}:
        raise CarrierError("a document of the bundle has not address, captured and text")
    exact = value.get("exact", False)
    if not isinstance(exact, bool):
        raise CarrierError("exact of a document of the bundle is neither true nor false")
    address, captured = value["address"], moment(value["captured"])
    if not isinstance(address, str) or ":" not in address or len(address) > _MAX_ADDRESS:
        raise CarrierError("a document of the bundle has no DID or URL as its address")
    if captured is None or not dt.MINYEAR < captured.year < dt.MAXYEAR:
        raise CarrierError(f"captured of {address[:100]!r} is not a time with its zone")
    text = _text(value["text"], address)
    return Captured(address=address, captured=captured, text=text, exact=exact)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise CarrierError(f"the bundle holds no text for {name[:100]!r}")
    if len(value) > MAX_BYTES:
        raise CarrierError(f"the text of {name[:100]!r} has over {MAX_BYTES} signs")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CarrierError("a name occurs twice in one object of the bundle")
    return found
