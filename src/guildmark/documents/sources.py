"""Documents from files, and several sources one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guildmark.credentials import NotAvailableError, Resolver, UnreadableError, did_web_url
from guildmark.credentials.errors import IdentifierError
from guildmark.credentials.model.reading import MAX_BYTES, Json, read_json
from guildmark.credentials.verification.resolver import read_bytes
from guildmark.documents.answers import document_of

INDEX = "index.json"


class FolderResolver:
    """Serves the files of a folder as what stands at addresses, as its index.json maps them.

    The index is one object from URL to file name. The document of a did:web may stand in it under
    the DID or under its https address.
    """

    def __init__(self, folder: Path) -> None:
        """Reads the index. Raises UnreadableError, which names the file and what is wrong."""
        self._folder = folder
        self._files = _read_index(folder)

    def read(self, url: str) -> bytes:
        """The bytes at this address. Raises NotAvailableError where the index has none."""
        for address in _addresses(url):
            if address in self._files:
                return _read_file(self._folder / self._files[address], MAX_BYTES)
        raise NotAvailableError(f"{url[:200]!r} is not in {self._folder / INDEX}")

    def resolve(self, identifier: str) -> Json:
        """The document at this address or of this DID.

        Raises NotAvailableError where the index has none, or the file does not hold one.
        """
        data = self.read(identifier)
        try:
            return document_of(data)
        except UnreadableError as error:
            raise NotAvailableError(
                f"the file for {identifier[:200]!r} in {self._folder} cannot be read: {error}"
            ) from error


class FirstOf:
    """Asks each source in turn, until one has an answer."""

    def __init__(self, sources: Sequence[Resolver]) -> None:
        self._sources = sources

    def resolve(self, identifier: str) -> Json:
        """The first answer. Raises NotAvailableError with the last source's reason."""
        reason = NotAvailableError(f"{identifier[:200]!r} was not given")
        for source in self._sources:
            try:
                return source.resolve(identifier)
            except NotAvailableError as error:
                reason = error
        raise reason

    def read(self, address: str) -> bytes:
        """The bytes at this address, by the first source that has any. Raises as `resolve`."""
        reason = NotAvailableError(f"{address[:200]!r} was not given")
        for source in self._sources:
            try:
                return read_bytes(source, address)
            except NotAvailableError as error:
                reason = error
        raise reason


def _read_index(folder: Path) -> dict[str, str]:
    path = folder / INDEX
    try:
        index = read_json(_read_file(path, MAX_BYTES))
    except (NotAvailableError, UnreadableError) as error:
        raise UnreadableError(
            f"{path} cannot be read: {error}. It is one JSON object from URL to file name"
        ) from error
    for url, name in index.items():
        if not isinstance(name, str):
            raise UnreadableError(f"{path}: under {url[:200]!r} stands no file name")
        place = (folder / name).resolve()
        if not place.is_relative_to(folder.resolve()):
            raise UnreadableError(f"{path}: {name[:200]!r} is outside of the folder")
        if not place.is_file():
            raise UnreadableError(f"{path}: there is no file {name[:200]!r} in the folder")
    return index


def _addresses(identifier: str) -> list[str]:
    """How the document may be called in an index, the most exact first."""
    found = [identifier, identifier.partition("#")[0]]
    if identifier.startswith("did:web:"):
        try:
            found.append(did_web_url(found[1]))
        except IdentifierError as error:
            raise NotAvailableError(str(error)) from error
    return found


def _read_file(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise NotAvailableError(f"{path}: {error.strerror or error}") from error
    if len(data) > most:
        raise NotAvailableError(f"{path} has over {most} bytes")
    return data
