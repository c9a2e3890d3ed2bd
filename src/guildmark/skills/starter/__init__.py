"""The starter framework in our own words, read from the YAML files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

IDENTIFIER = "https://guildmark.org/frameworks/starter"
VERSION = "1"
FRAMEWORKS = {
    "esco": ("ESCO v1.1.1", "http://data.europa.eu/esco/skill/"),
    "onet": ("O*NET 29.3", "https://www.onetonline.org/search/dwas/?element="),
}
LETTERS = ("I", "L", "U", "O")

Words = Mapping[str, str]
"""One text by language: `en` always, `de` as well."""


class StarterInvalidError(ValueError):
    """A file of the starter framework does not hold; the message names file, skill and field."""


@dataclass(frozen=True, kw_only=True)
class StarterAlignment:
    """A skill beside one of a public framework, as a SKOS match."""

    match: str
    target_identifier: str
    target_code: str
    target_label: str
    framework: str


@dataclass(frozen=True, kw_only=True)
class StarterSkill:
    """One skill with its level descriptors by ILUO letter."""

    identifier: str
    code: str
    area: Words
    label: Words
    statement: Words
    levels: Mapping[str, Words]
    alignments: tuple[StarterAlignment, ...]


def load_starter() -> tuple[StarterSkill, ...]:
    """All skills of the starter framework, in the order of their codes.

    Raises StarterInvalidError where a file lacks a field or repeats a code.
    """
    skills: list[StarterSkill] = []
    for name in ("automation", "additive-manufacturing", "data-analytics"):
        raw = yaml.safe_load((files(__package__) / f"{name}.yaml").read_text("utf-8"))
        skills += [_skill(name, raw["area"], one) for one in raw["skills"]]
    codes = [skill.code for skill in skills]
    if len(set(codes)) != len(codes):
        raise StarterInvalidError("two skills of the starter framework have the same code")
    return tuple(skills)


def _skill(file: str, area: Mapping[str, Any], raw: Mapping[str, Any]) -> StarterSkill:
    where = f"{file}.yaml, {raw.get('code', 'a skill without code')}"

    def words(value: Any, field: str) -> Words:
        if not isinstance(value, dict) or not all(value.get(lang) for lang in ("en", "de")):
            raise StarterInvalidError(f"{where}: {field} needs a text in en and in de")
        return value

    levels = raw.get("levels", {})
    if tuple(levels) != LETTERS:
        raise StarterInvalidError(f"{where}: levels must be {', '.join(LETTERS)}, in this order")
    return StarterSkill(
        identifier=f"{IDENTIFIER}/{area['slug']}/{raw['slug']}",
        code=raw["code"],
        area=words(area["label"], "area"),
        label=words(raw.get("label"), "label"),
        statement=words(raw.get("statement"), "statement"),
        levels={letter: words(text, f"level {letter}") for letter, text in levels.items()},
        alignments=tuple(_alignment(where, one) for one in raw.get("alignments", [])),
    )


def _alignment(where: str, raw: Any) -> StarterAlignment:
    match, framework, code, label = raw
    if framework not in FRAMEWORKS or match not in {"exact", "close", "broad", "narrow", "related"}:
        raise StarterInvalidError(f"{where}: {raw!r} is not match, framework, code and label")
    title, prefix = FRAMEWORKS[framework]
    return StarterAlignment(
        match=match,
        target_identifier=prefix + code,
        target_code=code,
        target_label=label,
        framework=title,
    )
