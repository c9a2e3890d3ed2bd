"""The frameworks in shared/data as the benchmark needs them: ESCO's CSV files, O*NET's tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from guildmark.analytics.matching import Skill


@dataclass(frozen=True)
class Esco:
    skills: list[Skill]
    knowledge: set[str]
    """The ids of what ESCO calls knowledge; the others are skills."""
    occupations: dict[str, list[str]]
    """The ids of the skills that each occupation asks for."""
    isco: dict[str, str]
    """The ISCO group of each occupation."""


def read_esco(folder: Path) -> Esco:
    classification = next(folder.glob("*classification*.zip"))
    relations = next(folder.glob("*relations*.zip"))
    rows = list(_rows(classification, "skills_en.csv"))
    known = {row["conceptUri"] for row in rows}
    occupations: dict[str, list[str]] = defaultdict(list)
    uses: dict[str, int] = defaultdict(int)
    for row in _rows(relations, "occupationSkillRelations.csv"):
        if row["skillUri"] in known:
            occupations[row["occupationUri"]].append(row["skillUri"])
            uses[row["skillUri"]] += 1
    skills = [
        Skill(
            id=row["conceptUri"],
            label=row["preferredLabel"].strip(),
            alternatives=tuple(
                name.strip()
                for name in f"{row['altLabels']}\n{row['hiddenLabels']}".split("\n")
                if name.strip()
            ),
            description=" ".join(row["description"].split()),
            uses=uses[row["conceptUri"]],
        )
        for row in rows
    ]
    return Esco(
        skills=skills,
        knowledge={row["conceptUri"] for row in rows if row["skillType"] == "knowledge"},
        occupations=dict(occupations),
        isco={
            row["conceptUri"]: row["iscoGroup"]
            for row in _rows(classification, "occupations_en.csv")
        },
    )


def read_onet(folder: Path) -> tuple[list[Skill], dict[str, set[str]]]:
    """O*NET's detailed work activities as a framework, and its task statements with the ids of
    the activities that O*NET's analysts gave them."""
    activities: dict[str, str] = {}
    for row in _sheet(folder / "DWA Reference.xlsx"):
        activities[row["DWA ID"]] = row["DWA Title"].rstrip(".")
    tasks: dict[str, set[str]] = defaultdict(set)
    for row in _sheet(folder / "Tasks to DWAs.xlsx"):
        if row["DWA ID"] in activities:
            tasks[row["Task"]].add(row["DWA ID"])
    return [Skill(id=key, label=label) for key, label in activities.items()], dict(tasks)


def read_technologies(folder: Path) -> set[str]:
    """The names of the technologies that O*NET's occupations use."""
    return {row["Example"] for row in _sheet(folder / "Technology Skills.xlsx")}


def _rows(archive: Path, name: str) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with zipfile.ZipFile(archive) as file:
        path = next(path for path in file.namelist() if path.rsplit("/", 1)[-1] == name)
        with file.open(path) as data:
            return list(csv.DictReader(io.TextIOWrapper(data, encoding="utf-8-sig", newline="")))


def _sheet(path: Path) -> list[dict[str, str]]:
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in rows]
