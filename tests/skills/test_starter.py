"""The starter framework: complete, in two languages, and aligned to what truly exists."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter

import pytest

from guildmark.skills.readers.spreadsheet import read_table
from guildmark.skills.starter import FRAMEWORKS, LETTERS, load_starter
from tests.support.shared_data import shared_data


def test_each_area_has_eight_to_twelve_skills_in_two_languages() -> None:
    skills = load_starter()
    areas = Counter(skill.area["en"] for skill in skills)
    assert len(areas) == 3
    assert all(8 <= count <= 12 for count in areas.values())
    for skill in skills:
        texts = [skill.label, skill.statement, *(skill.levels[letter] for letter in LETTERS)]
        assert all(text["en"].strip() and text["de"].strip() for text in texts)
        assert skill.statement["en"].startswith("Can ")
        assert skill.alignments
    sentences = [skill.levels[letter]["en"] for skill in skills for letter in LETTERS]
    assert len(set(sentences)) == len(sentences), "each level is described in words of its own"


@pytest.mark.shared_data
def test_every_alignment_exists_where_it_points() -> None:
    folder = shared_data("onet-29.3")
    known = {
        (FRAMEWORKS["onet"][0], row.text("DWA ID")): row.text("DWA Title")
        for row in read_table(folder / "DWA Reference.xlsx", ["DWA ID", "DWA Title"])
    }
    archive = next(shared_data("esco-1.1.1").glob("*classification*.zip"))
    with zipfile.ZipFile(archive) as packed:
        name = next(one for one in packed.namelist() if one.endswith("skills_en.csv"))
        text = io.TextIOWrapper(packed.open(name), "utf-8", newline="")
        for row in csv.DictReader(text):
            code = row["conceptUri"].rsplit("/", 1)[-1]
            known[FRAMEWORKS["esco"][0], code] = row["preferredLabel"]
    for skill in load_starter():
        for alignment in skill.alignments:
            label = known.get((alignment.framework, alignment.target_code))
            assert label == alignment.target_label, (skill.code, alignment.target_code)
