"""The written part of the example: places, names, job roles and achievements, from YAML."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, kw_only=True)
class ItemContent:
    """A test question as written down."""

    stem: str
    options: tuple[tuple[str, bool], ...]
    number: Decimal | None
    tolerance: Decimal | None
    unit: str

    @property
    def kind(self) -> str:
        """single, multiple or numeric, as the number of right answers has it."""
        if self.number is not None:
            return "numeric"
        return "single" if sum(right for _, right in self.options) == 1 else "multiple"


@dataclass(frozen=True, kw_only=True)
class AchievementContent:
    """An achievement with its test and rubric as written down."""

    area: str
    code: str
    name: str
    description: str
    criteria: str
    hours: Decimal
    eqf: int
    validity_months: int | None
    assessment_type: str
    skills: tuple[tuple[str, str], ...]
    """Pairs of the starter framework's skill code and the ILUO letter."""
    items: tuple[ItemContent, ...]
    task: str
    rubric: tuple[tuple[str, bool], ...]


@cache
def read(name: str) -> Any:
    """A YAML file of this room's data, by its name without ending."""
    return yaml.safe_load((files(__package__) / "data" / f"{name}.yaml").read_text("utf-8"))


def achievements() -> list[AchievementContent]:
    """The twenty achievements of Norvale Works."""
    codes: dict[str, str] = read("skills")
    found = []
    for area, name in (
        ("Automation", "achievements-automation"),
        ("3D printing", "achievements-additive"),
        ("Data analytics", "achievements-data"),
    ):
        found += [_achievement(area, raw, codes) for raw in read(name)]
    return found


def _achievement(area: str, raw: dict[str, Any], codes: dict[str, str]) -> AchievementContent:
    rubric = raw.get("rubric") or {"task": "", "criteria": []}
    return AchievementContent(
        area=area,
        code=raw["code"],
        name=raw["name"],
        description=raw["description"],
        criteria=raw["criteria"].strip(),
        hours=Decimal(raw["hours"]),
        eqf=raw["eqf"],
        validity_months=raw["validity_months"],
        assessment_type=raw.get("type", "test_and_practical"),
        skills=tuple((codes[key], letter) for key, letter in raw["skills"].items()),
        items=tuple(_item(item) for item in raw["items"]),
        task=rubric["task"],
        rubric=tuple((c["text"], bool(c.get("critical"))) for c in rubric["criteria"]),
    )


def _item(raw: dict[str, Any]) -> ItemContent:
    number = raw.get("number")
    return ItemContent(
        stem=raw["stem"],
        options=tuple((o["text"], bool(o.get("right"))) for o in raw.get("options", [])),
        number=None if number is None else Decimal(str(number)),
        tolerance=None if number is None else Decimal(str(raw["tolerance"])),
        unit=raw.get("unit", ""),
    )
