"""`guildmark keys`: making keys, and the document that shows their public part."""

from __future__ import annotations

from pathlib import Path

import click

from guildmark.cli.credentials import (
    KEY_TYPES,
    controller_of,
    new_password,
    plain_errors,
    read_signer,
    write_json,
    write_output,
)
from guildmark.credentials import KeyType, PrivateKey, VerificationMethod, did_document
from guildmark.credentials.identifiers import keyfile
from guildmark.credentials.identifiers.did import did_key


@click.group(short_help="Make keys to sign with.")
def keys() -> None:
    """Make keys to sign with."""


@keys.command("new", short_help="Make a key.")
@click.option("--type", "kind", required=True, type=click.Choice(list(KEY_TYPES)))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Write here, for its owner only; never over a file.  [default: standard output]",
)
@click.option(
    "--controller",
    metavar="DID|URL",
    help="Whose key it is, such as did:web:example.com.  [default: a did:key of its own]",
)
@click.option(
    "--password",
    "with_password",
    is_flag=True,
    help="Put it under a password: GUILDMARK_KEY_PASSWORD, or asked for.",
)
@plain_errors
def new(kind: str, out: Path | None, controller: str | None, with_password: bool) -> None:
    """Make a key: a Multikey document, or a JWK for RSA.

    What is written is a secret. `guildmark keys document` shows the public part.
    """
    if controller is not None and (":" not in controller or "#" in controller):
        raise click.BadParameter(
            f"{controller!r} is neither a DID nor a URL, such as did:web:example.com.",
            param_hint="--controller",
        )
    password = new_password() if with_password else None
    secret = PrivateKey.generate(KEY_TYPES[kind])
    own = did_key(secret.public)
    owner = controller or own
    name = own.removeprefix("did:key:")
    if controller is not None and secret.type is KeyType.RSA:
        name = secret.public.thumbprint()
    method = f"{owner}#{name}"
    if secret.type is KeyType.RSA:
        if out is not None:
            keyfile.write_jwk_file(out, secret, method_id=method, password=password)
        else:
            text = keyfile.jwk_text(secret, method_id=method, password=password)
    elif out is not None:
        keyfile.write_multikey_file(
            out, secret, method_id=method, controller=owner, password=password
        )
    else:
        text = keyfile.multikey_text(secret, method_id=method, controller=owner, password=password)
    if out is None:
        write_output(text.encode(), None)
    else:
        click.echo(f"Wrote {out}. Keep it secret. Its controller, for issuer: {owner}")


@keys.command("document", short_help="Show the public part as a DID document.")
@click.argument("key", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--verification-method", metavar="URL", help="Where the key file does not name itself."
)
@plain_errors
def document(key: Path, verification_method: str | None) -> None:
    """Show the public part of the key in a file as the document of its controller.

    For did:web:example.com it belongs at https://example.com/.well-known/did.json.
    """
    signer = read_signer(key, verification_method)
    controller = controller_of(signer.verification_method)
    method = VerificationMethod(
        id=signer.verification_method, controller=controller, public_key=signer.public_key
    )
    write_json(did_document(controller, [method]), None)
