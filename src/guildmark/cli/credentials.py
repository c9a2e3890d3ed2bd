"""What the commands on credentials share: inputs, keys, sources of documents, plain errors."""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from guildmark.credentials import (
    CredentialError,
    KeyType,
    KnownResolver,
    NotAvailableError,
    Resolver,
    UnreadableError,
    read_json,
)
from guildmark.credentials.carriers.png import MAX_PICTURE
from guildmark.credentials.identifiers.keyfile import read_key
from guildmark.credentials.identifiers.sealed import is_sealed
from guildmark.credentials.identifiers.signer import LocalSigner
from guildmark.credentials.model.reading import Json
from guildmark.credentials.model.times import moment
from guildmark.documents.sources import FirstOf, FolderResolver

if TYPE_CHECKING:
    from guildmark.documents.network import NetworkResolver

KEY_TYPES = {
    "ed25519": KeyType.ED25519,
    "p256": KeyType.P256,
    "p384": KeyType.P384,
    "rsa": KeyType.RSA,
}
PASSWORD_VARIABLE = "GUILDMARK_KEY_PASSWORD"  # noqa: S105  # a name, not a password
_MAX_KEY_FILE = 50_000

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class RefusedError(click.ClickException):
    """Something that the user can mend: one line, exit status 2."""

    exit_code = 2


def plain_errors(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Turn the library's errors and those of files into one line with exit status 2."""

    @wraps(command)
    def wrapped(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except CredentialError as error:
            raise RefusedError(printable(str(error))) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            raise RefusedError(f"{error.filename or 'A file'}: {error.strerror}") from error

    return wrapped


class Time(click.ParamType[dt.datetime]):
    """A time with its zone."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        """The time, or what is wrong with it."""
        if isinstance(value, dt.datetime):
            return value
        found = moment(value)
        if found is None:
            self.fail(
                f"{value!r} is not a time with its zone, such as 2026-03-31T12:00:00Z.", param, ctx
            )
        return found


def read_input(name: str, most: int = MAX_PICTURE) -> bytes:
    """The bytes of a file, or of standard input where the name is `-`.

    Raises OSError where there is no such file, UnreadableError where it has over `most` bytes.
    """
    if name == "-":
        data = sys.stdin.buffer.read(most + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(f"{name} has over {most} bytes, more than is read")
    return data


def read_document(name: str) -> Json:
    """The JSON object in a file or standard input. Raises UnreadableError that names the file."""
    try:
        return read_json(read_input(name))
    except UnreadableError as error:
        raise UnreadableError(f"{named(name)}: {error}") from error


def named(name: str) -> str:
    """How a message calls an input."""
    return "standard input" if name == "-" else name


def write_output(data: bytes, out: str | None) -> None:
    """Write to a file, or to standard output where none or `-` is given."""
    if out is None or out == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(out).write_bytes(data)


def write_json(document: Json, out: str | None) -> None:
    """Write a document as `write_output` does."""
    write_output(json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n", out)


def read_signer(path: Path, verification_method: str | None) -> LocalSigner:
    """The signer of a key file, its password from the environment or a prompt.

    Raises IdentifierError and OSError.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_KEY_FILE + 1)
    if len(data) > _MAX_KEY_FILE:
        raise UnreadableError(f"{path} is no key file: it has over {_MAX_KEY_FILE} bytes")
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None and _is_locked(data):
        if not sys.stdin.isatty():
            raise RefusedError(
                f"{path} is under a password: set {PASSWORD_VARIABLE}, or start this in a terminal."
            )
        password = click.prompt(f"Password of {path}", hide_input=True, err=True)
    try:
        return read_key(
            data,
            password=None if password is None else password.encode(),
            verification_method=verification_method,
        )
    except CredentialError as error:
        hint = "" if verification_method else " (--verification-method names it)"
        where = hint if "names the key" in str(error) else ""
        raise RefusedError(f"{path}: {error}{where}") from None


def new_password() -> bytes:
    """The password for a key to be written, from the environment or a prompt."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is None:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return str(given).encode()


def controller_of(verification_method: str) -> str:
    """Who a verification method is said to belong to: what stands before its fragment."""
    return verification_method.partition("#")[0]


def printable(text: str) -> str:
    """The text without signs that could steer a terminal: others wrote it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def source_options(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The options that say where other people's documents come from; see `sources`."""
    for option in (
        click.option(
            "--offline", is_flag=True, help="Ask nothing of the network: only what is given here."
        ),
        click.option(
            "--documents",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            metavar="DIR",
            help="Take what stands at URLs from files; DIR/index.json maps URL to file name.",
        ),
        click.option(
            "--known",
            multiple=True,
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A DID document or status list credential (JSON), found by its id; repeatable.",
        ),
    ):
        command = option(command)
    return command


class Sources:
    """Where documents come from, in this order: --known, --documents, the network."""

    def __init__(self, *, known: tuple[Path, ...], documents: Path | None, offline: bool) -> None:
        """Raises click.BadParameter that names the file at fault."""
        given: list[Resolver] = []
        if known:
            given.append(KnownResolver([_read_known(path) for path in known]))
        self._folder: FolderResolver | None = None
        if documents is not None:
            try:
                self._folder = FolderResolver(documents)
            except UnreadableError as error:
                raise click.BadParameter(str(error), param_hint="--documents") from error
            given.append(self._folder)
        self._offline = offline
        self.given: tuple[Resolver, ...] = tuple(given)

    def fresh(self) -> Resolver:
        """All of them; what it has from the network it keeps as long as it lives."""
        return FirstOf([*self.given, _Offline() if self._offline else _Online()])

    def read(self, url: str) -> bytes:
        """The file at a URL: of the folder, else of the network. Raises NotAvailableError."""
        if self._folder is not None:
            try:
                return self._folder.read(url)
            except NotAvailableError:
                if self._offline:
                    raise
        if self._offline:
            raise NotAvailableError(f"{url[:200]!r} is on the network: leave --offline out")
        from guildmark.documents.network import CREDENTIAL_TYPES, Bounds, NetworkResolver

        return NetworkResolver(bounds=Bounds(max_bytes=MAX_PICTURE)).fetch(url, CREDENTIAL_TYPES)


class _Offline:
    """Has nothing, and says what to do about it."""

    def resolve(self, identifier: str) -> Json:
        """Raises NotAvailableError."""
        raise _not_given(identifier)

    def read(self, address: str) -> bytes:
        """Raises NotAvailableError."""
        raise _not_given(address)


def _not_given(identifier: str) -> NotAvailableError:
    return NotAvailableError(
        f"{identifier[:200]!r} was not given: add its document with --known or --documents, "
        "or leave --offline out"
    )


class _Online:
    """The network, whose modules are imported when it is first asked."""

    @functools.cached_property
    def _network(self) -> NetworkResolver:
        from guildmark.documents.network import NetworkResolver

        return NetworkResolver()

    def resolve(self, identifier: str) -> Json:
        """What the network has. Raises NotAvailableError."""
        return self._network.resolve(identifier)

    def read(self, address: str) -> bytes:
        """The bytes that the network has there. Raises NotAvailableError."""
        return self._network.read(address)


def _read_known(path: Path) -> Json:
    try:
        document = read_json(path.read_bytes())
    except UnreadableError as error:
        raise click.BadParameter(f"{path}: {error}", param_hint="--known") from error
    if not isinstance(document.get("id"), str):
        raise click.BadParameter(f"{path}: it has no id", param_hint="--known")
    return document


def _is_locked(data: bytes) -> bool:
    if data.lstrip().startswith(b"-----BEGIN"):
        return b"ENCRYPTED" in data
    return b'"encryptedSecretKey"' in data or is_sealed(data.decode("utf-8", "replace").strip())
