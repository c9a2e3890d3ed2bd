"""What the operator sets: every GUILDMARK_* environment variable, read in one place.

docs/operating.md lists them; a test keeps the two alike.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from guildmark.config.errors import EnvironmentInvalidError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
VARIABLES = (
    "GUILDMARK_DATABASE_URL",
    "GUILDMARK_DATA",
    "GUILDMARK_PUBLIC_URL",
    "GUILDMARK_HOSTS",
    "GUILDMARK_TRUSTED_PROXIES",
    "GUILDMARK_PORT",
    "GUILDMARK_SECRET_KEY",
    "GUILDMARK_DEBUG",
)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The settings an operator makes, checked and with defaults filled in."""

    database_url: str | None
    data_folder: Path
    public_url: str
    public_url_is_set: bool
    """Otherwise it is a guess that holds on this machine alone."""
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    port: int
    debug: bool

    @property
    def evidence_folder(self) -> Path:
        """Where evidence files are kept by hash; never below the web root."""
        return self.data_folder / "evidence"

    def secret_key(self) -> str:
        """The installation's secret: from GUILDMARK_SECRET_KEY, else kept in the data folder.

        It signs sessions and encrypts the organizations' private keys, so it must outlive
        restarts and is written for its owner alone.
        """
        given = os.environ.get("GUILDMARK_SECRET_KEY")
        if given:
            if len(given) < 32:
                raise EnvironmentInvalidError(
                    "GUILDMARK_SECRET_KEY is shorter than 32 characters: give a longer random text."
                )
            return given
        path = self.data_folder / "secret.key"
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return _new_secret(path)


def _new_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked into place, so that two first starts agree on one secret.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def read_environment() -> Environment:
    """Read GUILDMARK_* from the process environment.

    Raises EnvironmentInvalidError naming the variable, its value and the mend.
    """
    port_text = os.environ.get("GUILDMARK_PORT", "8000")
    if not port_text.isdecimal() or not 0 < int(port_text) < 65536:
        raise EnvironmentInvalidError(
            f"GUILDMARK_PORT is {port_text!r}: give a port number from 1 to 65535."
        )
    port = int(port_text)
    public_url = os.environ.get("GUILDMARK_PUBLIC_URL", f"http://localhost:{port}").rstrip("/")
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise EnvironmentInvalidError(
            f"GUILDMARK_PUBLIC_URL is {public_url!r}: give the address people use, "
            "such as https://skills.example.com, without a path."
        )
    hosts = [host for host in os.environ.get("GUILDMARK_HOSTS", "").split(",") if host]
    database_url = os.environ.get("GUILDMARK_DATABASE_URL") or None
    if database_url is not None:
        database_settings(database_url)
    return Environment(
        database_url=database_url,
        data_folder=data_folder(),
        public_url=public_url,
        public_url_is_set="GUILDMARK_PUBLIC_URL" in os.environ,
        allowed_hosts=tuple(dict.fromkeys([parts.hostname, "localhost", "127.0.0.1", *hosts])),
        trusted_proxies=_networks(os.environ.get("GUILDMARK_TRUSTED_PROXIES", "")),
        port=port,
        debug=os.environ.get("GUILDMARK_DEBUG") == "1",
    )


def _networks(text: str) -> tuple[Network, ...]:
    found = []
    for given in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(given))
        except ValueError as error:
            raise EnvironmentInvalidError(
                f"GUILDMARK_TRUSTED_PROXIES holds {given!r}, which is no address or network "
                f"({error}): give the addresses of your proxies, separated by commas, such as "
                "127.0.0.1,10.1.0.0/16."
            ) from error
    return tuple(found)


def data_folder() -> Path:
    """GUILDMARK_DATA, else /var/lib/guildmark for root and for others the XDG data folder."""
    given = os.environ.get("GUILDMARK_DATA")
    if given:
        return Path(given).expanduser().resolve()
    if os.geteuid() == 0:
        # PostgreSQL runs as another account then, which root's home is closed to.
        return Path("/var/lib/guildmark")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "guildmark"


def database_settings(url: str) -> dict[str, object]:
    """Django's database settings for a `postgresql://user:password@host:port/name` address.

    A `host` query parameter names the folder of a Unix socket, as libpq has it.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        shown = parts._replace(netloc=parts.hostname or "").geturl()
        raise EnvironmentInvalidError(
            f"GUILDMARK_DATABASE_URL is {shown!r}: give "
            "postgresql://user:password@host:port/database."
        )
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "")) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: unquote(value) for key, value in options.items()},
    }
