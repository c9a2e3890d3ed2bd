"""Hiding members of a JSON object behind digests, and showing them again (RFC 9901, 4.2)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from guildmark.credentials.errors import ProofError, UnreadableError
from guildmark.credentials.model.reading import MAX_DEPTH, Json, check_bounds
from guildmark.credentials.proofs.jose import segments

Path = tuple[str | int, ...]

DIGESTS: Final = "_sd"
DIGEST: Final = "..."
ALGORITHM: Final = "_sd_alg"
DEFAULT_HASH: Final = "sha-256"
MAX_DISCLOSURES: Final = 1_000
# IANA's Named Information Hash Algorithm Registry, those of full length.
HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
}
_RESERVED: Final = frozenset({DIGESTS, DIGEST, ALGORITHM})


def digest(hash_name: str, text: bytes) -> str:
    """The base64url digest of an encoded disclosure or presentation (section 4.2.3)."""
    return segments.encode(HASHES[hash_name](text).digest()).decode()


def new_salt() -> str:
    """128 random bits in base64url (section 9.3)."""
    return secrets.token_urlsafe(16)


@dataclass(slots=True)
class _Node:
    """What is to be hidden below a place."""

    hidden: bool = False
    children: dict[str | int, _Node] = field(default_factory=dict)


def hide(
    payload: Json,
    paths: Iterable[Path],
    *,
    hash_name: str = DEFAULT_HASH,
    decoys: int = 0,
    salt: Callable[[], str] = new_salt,
) -> tuple[Json, list[str]]:
    """The payload with digests in place of what `paths` name, and the disclosures.

    A path holds the names of members and the places in arrays from the top; a path below another
    makes a disclosure within a disclosure. Each object and array with digests gets `decoys` more
    that stand for nothing. Raises ProofError for a path that leads nowhere, and for reserved names
    in the payload.
    """
    if hash_name not in HASHES:
        raise ProofError(f"the hash is {hash_name!r}: give one of {', '.join(HASHES)}")
    _refuse_reserved(payload, 0)
    top = _Node()
    for path in paths:
        node = top
        for step in path:
            node = node.children.setdefault(step, _Node())
        if node is top:
            raise ProofError("the whole payload cannot be hidden: name a member")
        node.hidden = True
    made: list[str] = []

    def disclose(*content: Any) -> str:
        text = segments.encode(segments.write_json([salt(), *content]))
        made.append(text.decode())
        return digest(hash_name, text)

    def decoy() -> str:
        return digest(hash_name, secrets.token_bytes(32))

    def walk(value: Any, node: _Node, path: Path) -> Any:
        if not node.children:
            return value
        if isinstance(value, dict):
            shown, digests = dict(value), []
            for name, child in node.children.items():
                if name not in value:
                    raise ProofError(f"the payload has no {(*path, name)}")
                shown[str(name)] = walk(value[name], child, (*path, name))
                if child.hidden:
                    digests.append(disclose(name, shown.pop(str(name))))
            if digests:
                # Sorted by digest, so that the order tells nothing.
                shown[DIGESTS] = sorted(digests + [decoy() for _ in range(decoys)])
            return shown
        if not isinstance(value, list):
            raise ProofError(f"the payload has nothing below {path}")
        entries, hides = list(value), False
        for place, child in node.children.items():
            if not isinstance(place, int) or not 0 <= place < len(value):
                raise ProofError(f"the payload has no {(*path, place)}")
            entries[place] = walk(value[place], child, (*path, place))
            if child.hidden:
                entries[place] = {DIGEST: disclose(entries[place])}
                hides = True
        for _ in range(decoys if hides else 0):
            entries.insert(secrets.randbelow(len(entries) + 1), {DIGEST: decoy()})
        return entries

    hidden = walk(payload, top, ())
    if made:
        hidden[ALGORITHM] = hash_name
    return hidden, made


class Issued(NamedTuple):
    """A value of the payload as its issuer made it, with what is kept back counted."""

    members: dict[str, Issued] | None = None
    """Those that are known of an object."""
    entries: list[Issued] | None = None
    """All of an array, also those that are kept back."""
    is_selective: bool = False
    """It is a disclosure itself, shown or kept back."""
    is_known: bool = True
    is_whole: bool = True
    """Nothing of the object can be kept back."""


class Disclosures:
    """The disclosures of a token, put back into its payload (section 7.1, step 3)."""

    def __init__(self, payload: Json, texts: list[str]) -> None:
        """Raises UnreadableError or ProofError where the RFC has a token rejected: a hash that is
        not known, a digest that occurs twice, a disclosure that no digest names or that is not of
        the form of its place, a reserved name, and a name that is there already."""
        name = payload.get(ALGORITHM, DEFAULT_HASH)
        if not isinstance(name, str) or name not in HASHES:
            raise ProofError(f"_sd_alg is {str(name)[:40]!r}: {', '.join(HASHES)} are accepted")
        self.hash_name = name
        self.paths: dict[str, Path] = {}
        """The place of each disclosure, by its text."""
        self._by_digest: dict[str, tuple[str, list[Any]]] = {}
        for text in texts:
            raw = text.encode("ascii", "replace")
            content = segments.read_value(segments.decode("a disclosure", raw)) if raw else None
            if not isinstance(content, list) or not content or not isinstance(content[0], str):
                raise ProofError("a disclosure is not an array that begins with a salt")
            self._by_digest[digest(name, raw)] = (text, content)
        if len(self._by_digest) != len(texts):
            raise ProofError("a disclosure occurs twice")
        self._met: set[str] = set()
        self.payload: Json = self._object(payload, (), top=True)
        """The payload with what is disclosed, and without digests."""
        if len(self.paths) != len(texts):
            raise ProofError("a disclosure belongs to no digest in the token")
        # Each part was within the bounds; so must be the whole.
        check_bounds(self.payload)

    def as_issued(self, value: Any) -> Issued:
        """The signed payload, or a part of it, with what is known of how it was issued."""
        if isinstance(value, dict):
            named = {
                name: self.as_issued(part) for name, part in value.items() if name not in _RESERVED
            }
            digests = value.get(DIGESTS, [])
            for content in filter(None, map(self._content, digests)):
                named[content[1]] = self.as_issued(content[2])._replace(is_selective=True)
            is_whole = all(self._content(entry) is not None for entry in digests)
            return Issued(members=named, is_whole=is_whole)
        if isinstance(value, list):
            return Issued(entries=[self._issued_entry(entry) for entry in value])
        return Issued()

    def _issued_entry(self, entry: Any) -> Issued:
        if not isinstance(entry, dict) or DIGEST not in entry:
            return self.as_issued(entry)
        content = self._content(entry[DIGEST])
        if content is None:
            return Issued(is_selective=True, is_known=False)
        return self.as_issued(content[1])._replace(is_selective=True)

    def _content(self, named: str) -> list[Any] | None:
        return self._by_digest[named][1] if named in self._by_digest else None

    def _object(self, value: Json, path: Path, *, top: bool = False) -> Json:
        if DIGEST in value or (ALGORITHM in value and not top):
            raise ProofError(f"{DIGEST if DIGEST in value else ALGORITHM} stands out of its place")
        shown = {
            name: self._any(part, (*path, name))
            for name, part in value.items()
            if name not in _RESERVED
        }
        digests = value.get(DIGESTS, [])
        if not isinstance(digests, list) or not all(isinstance(entry, str) for entry in digests):
            raise ProofError("_sd is not an array of digests")
        for entry in digests:
            content = self._disclosed(entry, 3, path)
            if content is None:
                continue
            _, name, part = content
            if not isinstance(name, str) or name in _RESERVED:
                raise ProofError(f"a disclosure names the member {str(name)[:40]!r}")
            if name in shown:
                raise ProofError(f"a disclosure names {name[:60]!r}, which is there already")
            self.paths[self._by_digest[entry][0]] = (*path, name)
            shown[name] = self._any(part, (*path, name))
        return shown

    def _array(self, value: list[Any], path: Path) -> list[Any]:
        shown: list[Any] = []
        for entry in value:
            here = (*path, len(shown))
            if not isinstance(entry, dict) or DIGEST not in entry:
                shown.append(self._any(entry, here))
                continue
            named = entry[DIGEST]
            if len(entry) != 1 or not isinstance(named, str):
                raise ProofError("an entry with ... is not of one digest alone")
            content = self._disclosed(named, 2, path)
            if content is not None:
                self.paths[self._by_digest[named][0]] = here
                shown.append(self._any(content[1], here))
        return shown

    def _any(self, value: Any, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            raise UnreadableError(f"the payload is nested over {MAX_DEPTH} levels deep")
        if isinstance(value, dict):
            return self._object(value, path)
        return self._array(value, path) if isinstance(value, list) else value

    def _disclosed(self, named: str, size: int, path: Path) -> list[Any] | None:
        if named in self._met:
            raise ProofError(f"the digest {named[:60]!r} occurs twice")
        self._met.add(named)
        if named not in self._by_digest:
            return None
        content = self._by_digest[named][1]
        if len(content) != size:
            raise ProofError(f"a disclosure at {path} has {len(content)} entries, not {size}")
        return content


def _refuse_reserved(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableError(f"the payload is nested over {MAX_DEPTH} levels deep")
    if isinstance(value, dict):
        clash = _RESERVED & value.keys()
        if clash:
            raise ProofError(f"the payload has a member {min(clash)!r}, which SD-JWT reserves")
        for part in value.values():
            _refuse_reserved(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _refuse_reserved(part, depth + 1)
