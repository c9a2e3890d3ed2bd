"""The reference from docstrings: every public name says what it is, and raises what it says."""

from __future__ import annotations

import ast
import builtins
import inspect
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from guildmark import credentials

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs" / "credentials.md"
TOOL = ROOT / "tools" / "make_reference.py"
SECTIONS = [
    "A first credential in ten lines",
    "Issuing an Open Badge",
    "Verifying",
    "Revoking",
    "Presenting",
    "Showing only a part",
]
MODULES = [
    import_module(found.name)
    for found in pkgutil.walk_packages(credentials.__path__, f"{credentials.__name__}.")
]


def public() -> Iterator[tuple[str, Any]]:
    """Every name of the public face, and the functions and methods behind each."""
    for name in credentials.__all__:
        value = getattr(credentials, name)
        yield name, value
        if isinstance(value, ModuleType):
            members = [
                (key, part)
                for key, part in vars(value).items()
                if inspect.isfunction(part) and part.__module__ == value.__name__
            ]
        elif inspect.isclass(value):
            members = list(vars(value).items())
        else:
            members = []
        for key, member in members:
            function = _function_of(member)
            if not key.startswith("_") and function is not None:
                yield f"{name}.{key}", function


def _function_of(member: Any) -> Any:
    found = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    return found if inspect.isfunction(found) else None


PUBLIC = dict(public())


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_its_docstring(name: str) -> None:
    text = inspect.getdoc(PUBLIC[name])
    assert text is not None, name
    assert len(text.split()) >= 3, name
    # What dataclasses write by themselves tells nothing.
    assert not re.match(rf"{name}\(", text), name


# What this library made up itself, or what is of no one specification.
OWN = {
    *("Bundle", "BundleResolver", "ByteResolver", "KnownResolver", "RecordingResolver", "Resolver"),
    *("Carried", "Check", "CheckCode", "Expected", "Outcome", "PresentationReport", "Report"),
    *("KeyType", "LocalSigner", "PrivateKey", "Signer", "Trust", "SecuredToken", "TokenFormat"),
    *("IndexAllocator", "read_bundle", "read_json", "read_key_file"),
    *("write_jwk_file", "write_multikey_file", "write_pem_file"),
}


@pytest.mark.parametrize("name", sorted(set(credentials.__all__) - OWN))
def test_what_is_of_a_specification_names_its_place(name: str) -> None:
    value = getattr(credentials, name)
    if inspect.isclass(value) and issubclass(value, Exception):
        return
    text = inspect.getdoc(value) or ""
    assert re.search(r"section|appendix|data models|https://|RFC \d", text), text


def _raised(text: str) -> set[str]:
    """The names of errors in the sentences of a docstring that tell what is raised."""
    said = " ".join(re.findall(r"[Rr]aises? [^.]*(?:\.(?! )[^.]*)*", text))
    return set(re.findall(r"\b[A-Z]\w*Error\b", said))


def _errors_of(module: ModuleType) -> set[str]:
    return {name for name, value in vars(module).items() if _is_error(value)}


def _is_error(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, BaseException)


KNOWN = set().union(*map(_errors_of, [*MODULES, credentials, builtins]))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__[22:])
def test_what_is_said_to_be_raised_exists(module: ModuleType) -> None:
    path = inspect.getsourcefile(module)
    assert path is not None
    for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            assert _raised(text) <= KNOWN, f"{getattr(node, 'name', module.__name__)}: {text}"
            if isinstance(node, ast.FunctionDef):
                assert (
                    _raised(text)
                    or "Raises " not in text
                    or re.search(r"Raises (as|what|nothing)", text)
                ), f"{module.__name__}.{node.name} raises something without a name: {text}"


def test_the_guide_teaches_in_this_order_and_needs_one_import() -> None:
    text = DOCS.read_text("utf-8")
    places = [text.index(f"\n## {section}\n") for section in SECTIONS]
    assert places == sorted(places)
    for section, place in zip(SECTIONS, places, strict=True):
        assert "```python" in text[place:].partition("\n## ")[2].partition("\n## ")[0], section
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    imports = [line for line in code.splitlines() if re.match(r"(from|import) ", line)]
    ours = [line for line in imports if "guildmark" in line]
    assert ours == ["from guildmark import credentials as gc"]
    used = set(re.findall(r"\bgc\.(\w+)", code))
    assert used <= set(credentials.__all__)


def test_the_first_example_has_ten_statements_at_most() -> None:
    text = DOCS.read_text("utf-8")
    first = re.search(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert first is not None
    assert len(ast.parse(first[1]).body) <= 10


def test_the_reference_is_written_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(TOOL), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "guildmark" / "credentials.html").read_text("utf-8")
    for name in credentials.__all__:
        value = getattr(credentials, name)
        if isinstance(value, ModuleType):
            assert tmp_path.joinpath(*value.__name__.split(".")).with_suffix(".html").is_file()
        else:
            assert f'id="{name}"' in page
