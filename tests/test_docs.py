"""What the documentation shows is true: its examples are run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from guildmark.cli.main import group

DOCS = Path(__file__).parent.parent / "docs"


def blocks(name: str, language: str) -> str:
    found = re.findall(
        rf"^```{language}\n(.*?)^```$", (DOCS / name).read_text(), re.MULTILINE | re.DOTALL
    )
    assert found
    return "\n".join(found)


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from commands(found, (*path, name))


COMMANDS = sorted(commands(group))


def test_the_examples_in_python_run() -> None:
    code = compile(blocks("credentials.md", "python"), "credentials.md", "exec")
    exec(code, {})  # noqa: S102  # our own documentation


def test_the_examples_of_the_command_line_run(tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "guildmark"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m guildmark.cli.main "$@"\n')
    shim.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", blocks("cli.md", "sh")],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Verified.\n") == 2
    assert "The issuer has revoked it." in done.stdout


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_and_is_told_of(path: tuple[str, ...]) -> None:
    if path != ("manage",):  # which hands --help on to Django
        done = CliRunner().invoke(group, [*path, "--help"])
        assert done.exit_code == 0
        assert done.stdout.startswith("Usage: ")
    assert f"| `guildmark {' '.join(path)}` |" in (DOCS / "cli.md").read_text()


def test_no_command_is_told_of_that_is_gone() -> None:
    told = re.findall(r"^\| `guildmark ([a-z -]+)` \|", (DOCS / "cli.md").read_text(), re.MULTILINE)
    assert sorted(tuple(one.split()) for one in told) == COMMANDS
