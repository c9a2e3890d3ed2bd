"""Bring the catalogues of translations up to date with the texts in code and templates.

Run `python tools/collect_messages.py` after changing texts: new ones are added untranslated, those
no longer used are taken out. With `--check` nothing is written; exit status 1 says that a
catalogue is behind or holds a text without translation.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "guildmark"
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2}
CALLS |= {"ngettext_lazy": 2, "pgettext": -1}
_TEMPLATE_CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext)\(")


@dataclass(frozen=True)
class Message:
    """A text to translate, with its plural where it has one."""

    text: str
    plural: str = ""


def collect() -> dict[Message, set[str]]:
    """Every text with the files it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for message in _in_python(path.read_text("utf-8")):
            found.setdefault(message, set()).add(str(path.relative_to(PACKAGE)))
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        for message in _in_template(path.read_text("utf-8")):
            found.setdefault(message, set()).add(str(path.relative_to(PACKAGE)))
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _of_call(node, node.func.id)


def _of_call(node: ast.Call, name: str) -> Iterator[Message]:
    if name not in CALLS:
        return
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if CALLS[name] == 2 and len(texts) >= 2:
        yield Message(texts[0], texts[1])
    elif CALLS[name] == 1 and texts:
        yield Message(texts[0])


def _in_template(source: str) -> Iterator[Message]:
    code = templatize(source)
    for match in _TEMPLATE_CALL.finditer(code):
        end = match.end()
        # The call ends at the first closing bracket that makes it an expression.
        while (end := code.find(")", end) + 1) > 0:
            try:
                tree = ast.parse(code[match.start() : end].strip(), mode="eval")
            except SyntaxError:
                continue
            if isinstance(tree.body, ast.Call):
                yield from _of_call(tree.body, match[1])
            break


def update(path: Path, messages: dict[Message, set[str]]) -> polib.POFile:
    """The catalogue at `path` with exactly these messages, translations kept."""
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile(wrapwidth=98)
    catalogue.metadata = {
        "Project-Id-Version": "Guildmark",
        "Language": path.parent.parent.name,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    known = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}
    result = polib.POFile(wrapwidth=98)
    result.metadata = catalogue.metadata
    for message in sorted(messages, key=lambda m: (m.text.lower(), m.text, m.plural)):
        entry = known.get((message.text, message.plural))
        made = polib.POEntry(msgid=message.text, msgid_plural=message.plural)
        if entry is not None:
            made.msgstr, made.msgstr_plural = entry.msgstr, entry.msgstr_plural
        elif message.plural:
            made.msgstr_plural = {0: "", 1: ""}
        if "%(" in message.text:
            made.flags.append("python-format")
        result.append(made)
    return result


def _texts(catalogue: polib.POFile) -> list[tuple[str, str]]:
    return [(entry.msgid, entry.msgid_plural) for entry in catalogue]


def main() -> int:
    """Update or check every catalogue."""
    settings.configure(USE_I18N=True)
    messages = collect()
    status = 0
    for path in sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/django.po")):
        updated = update(path, messages)
        missing = [e.msgid for e in updated if not e.translated()]
        language = path.parent.parent.name
        if "--check" in sys.argv:
            behind = _texts(polib.pofile(str(path))) != _texts(updated)
            if behind or missing:
                print(f"{language}: {len(missing)} without translation; behind: {behind}")
                print("\n".join(f"  {text[:90]!r}" for text in missing[:20]))
                status = 1
        else:
            updated.save(str(path))
            print(f"{language}: {len(updated)} texts, {len(missing)} without translation")
    return status


if __name__ == "__main__":
    sys.exit(main())
