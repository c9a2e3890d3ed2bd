"""`guildmark vc-api`: the VC-API on loopback, for conformance suites."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from pathlib import Path

import click

from guildmark import securing
from guildmark.cli.credentials import (
    RefusedError,
    Sources,
    controller_of,
    plain_errors,
    read_signer,
    source_options,
)
from guildmark.vc_api.lists import StatusLists
from guildmark.vc_api.operations import Issuing
from guildmark.vc_api.server import LISTS, Server, Service


@click.command("vc-api", short_help="Serve the VC-API on this machine.")
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option(
    "--key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key to issue with: a Multikey document, a JWK, or PEM.",
)
@click.option(
    "--suite", type=click.Choice(securing.NAMES), help="How to sign.  [default: by the key]"
)
@click.option(
    "--verification-method", metavar="URL", help="Where the key file does not name itself."
)
@click.option(
    "--set-issuer",
    is_flag=True,
    help="Put the key's controller in place of the issuer that a credential names.",
)
@click.option(
    "--status-lists", is_flag=True, help="Give each credential issued a place in a status list."
)
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM with certificate and key: serve under https.",
)
@source_options
@plain_errors
def vc_api(
    port: int,
    key: Path,
    suite: str | None,
    verification_method: str | None,
    set_issuer: bool,
    status_lists: bool,
    certificate: Path | None,
    known: tuple[Path, ...],
    documents: Path | None,
    offline: bool,
) -> None:
    """Serve the VC-API of the W3C Credentials Community Group on 127.0.0.1, until Ctrl-C.

    For conformance suites: whoever can reach the port can issue with the key. Nothing is kept when
    it ends. What does not verify is answered with status 400.
    """
    signer = read_signer(key, verification_method)
    chosen = suite or securing.usual_suite(signer.public_key)
    issuer = controller_of(signer.verification_method)
    sources = Sources(known=known, documents=documents, offline=offline)
    try:
        server = Server(port, certificate=certificate)
    except OSError as error:
        where = str(certificate) if error.filename or "SSL" in str(error) else f"port {port}"
        raise RefusedError(f"{where}: {error.strerror or error}; give another.") from error

    def sign(document: dict[str, object]) -> dict[str, object] | str:
        return securing.secure(
            document, signer=signer, suite=chosen, created=dt.datetime.now(dt.UTC)
        )

    lists = None
    if status_lists:
        lists = StatusLists(base_url=f"{server.url}{LISTS}", issuer=issuer, sign=sign)
    service = Service(
        issuing=Issuing(
            signer=signer, suite=chosen, issuer=issuer, sets_issuer=set_issuer, lists=lists
        ),
        resolver=sources.fresh,
    )

    def stop(*_: object) -> None:
        # Not in this thread, which is the one that serves.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    click.echo(f"Issuing as {issuer} with {chosen} at {server.url}. Stop with Ctrl-C.")
    with server:
        server.serve(service)
