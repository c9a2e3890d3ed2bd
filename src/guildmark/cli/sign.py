"""`guildmark sign` and `guildmark derive`: making proofs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from guildmark import securing
from guildmark.cli.credentials import (
    RefusedError,
    Time,
    controller_of,
    named,
    plain_errors,
    printable,
    read_document,
    read_signer,
    write_json,
    write_output,
)
from guildmark.credentials import CredentialError
from guildmark.credentials.proofs.data_integrity import PURPOSES
from guildmark.credentials.proofs.ecdsa_sd_2023 import derive as derive_proof

OUT = click.option("-o", "--out", metavar="FILE", help="Write here.  [default: standard output]")


@click.command(short_help="Sign a credential or presentation.")
@click.argument("document", metavar="FILE|-")
@click.option(
    "--key",
    "key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Multikey document, a JWK, or PEM. Its password: GUILDMARK_KEY_PASSWORD, or asked for.",
)
@click.option(
    "--suite",
    required=True,
    type=click.Choice(securing.NAMES),
    help="How to sign.",
)
@click.option("--created", type=Time(), help="The proof's time.  [default: now]")
@click.option(
    "--verification-method",
    metavar="URL",
    help="The public key's identifier, where the key file does not name it.",
)
@click.option(
    "--mandatory",
    multiple=True,
    metavar="POINTER",
    help="ecdsa-sd-2023: what is always disclosed, such as /issuer; repeatable.",
)
@click.option(
    "--purpose",
    type=click.Choice(PURPOSES),
    help="authentication for presentations.  [default: assertionMethod]",
)
@click.option("--challenge", help="For presentations: what the verifier asked to be repeated.")
@click.option("--domain", help="For presentations: the verifier for whom it is.")
@OUT
@plain_errors
def sign(
    document: str,
    key: Path,
    suite: str,
    created: dt.datetime | None,
    verification_method: str | None,
    mandatory: tuple[str, ...],
    purpose: str | None,
    challenge: str | None,
    domain: str | None,
    out: str | None,
) -> None:
    """Sign the JSON document in a file or from standard input.

    A further proof stands beside those that it has. vc-jwt and vc+jwt make a token of it. Exit
    status: 0 signed, 2 it could not be.
    """
    if securing.is_token(suite) and (created is not None or purpose is not None):
        name = "--created" if created is not None else "--purpose"
        raise click.UsageError(f"{name} belongs to proofs, and {suite} makes a token: leave it out")
    unsigned = read_document(document)
    signer = read_signer(key, verification_method)
    try:
        signed = securing.secure(
            unsigned,
            signer=signer,
            suite=suite,
            created=created or dt.datetime.now(dt.UTC),
            purpose=purpose or PURPOSES[0],
            domain=domain,
            challenge=challenge,
            mandatory=mandatory or None,
        )
    except CredentialError as error:
        raise RefusedError(printable(f"{named(document)}: {error}")) from error
    _warn_of_another(unsigned, signer.verification_method)
    if isinstance(signed, str):
        write_output(signed.encode() + b"\n", out)
    else:
        write_json(signed, out)


@click.command(short_help="Disclose part of a credential.")
@click.argument("document", metavar="FILE|-")
@click.option(
    "--pointer",
    "pointers",
    multiple=True,
    metavar="POINTER",
    help="JSON pointer to what is disclosed, such as /credentialSubject/achievement; repeatable.",
)
@OUT
@plain_errors
def derive(document: str, pointers: tuple[str, ...], out: str | None) -> None:
    """Disclose part of a credential that was signed with ecdsa-sd-2023.

    What its issuer made mandatory is always in it. No key is needed. Exit status: 0 derived, 2 it
    could not be.
    """
    whole = read_document(document)
    try:
        part = derive_proof(whole, pointers)
    except CredentialError as error:
        raise RefusedError(printable(f"{named(document)}: {error}")) from error
    if "credentialSubject" not in part:
        click.echo(
            "Note: without /credentialSubject, or a part of it, this is no credential.", err=True
        )
    write_json(part, out)


def _warn_of_another(document: dict[str, object], method: str) -> None:
    """A signature by a key that is not the issuer's is of no use to anybody."""
    name = "holder" if "VerifiablePresentation" in str(document.get("type")) else "issuer"
    signatory = document.get(name)
    if isinstance(signatory, dict):
        signatory = signatory.get("id")
    controller = controller_of(method)
    if isinstance(signatory, str) and signatory != controller:
        click.echo(
            printable(
                f"Note: {name} is {signatory[:200]}, and the key is of {controller[:200]}: "
                "whoever verifies it will say so."
            ),
            err=True,
        )
