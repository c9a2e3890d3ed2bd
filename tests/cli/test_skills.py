"""`guildmark skills import`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildmark.cli import skills as command
from guildmark.cli.main import LazyGroup
from guildmark.errors import InvalidError, NotFoundError
from guildmark.skills.models import Framework, Skill
from tests.support.shared_data import shared_data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _database_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test has its own; starting another one is tested with `guildmark run`.
    monkeypatch.setattr("guildmark.config.database.ensure_database", lambda _environment: None)


def test_it_is_offered() -> None:
    result = CliRunner().invoke(LazyGroup("guildmark"), ["--help"])
    assert "skills" in result.output


def test_starter() -> None:
    for _ in range(2):
        result = CliRunner().invoke(command.skills, ["import", "starter"], catch_exceptions=False)
        assert result.exit_code == 0
        found = re.fullmatch(r"Guildmark starter framework 1: (\d+) skills\.\n", result.output)
        assert found is not None
        assert int(found[1]) == Skill.objects.count() > 0
    assert Framework.objects.count() == 1


def test_a_folder_that_does_not_hold(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="not a folder"):
        CliRunner().invoke(
            command.skills,
            ["import", "onet", str(tmp_path / "nowhere")],
            catch_exceptions=False,
        )
    assert not Framework.objects.exists()


@pytest.mark.shared_data
def test_onet_says_what_it_read_and_made() -> None:
    result = CliRunner().invoke(
        command.skills, ["import", "onet", str(shared_data("onet-29.3"))], catch_exceptions=False
    )
    assert result.exit_code == 0
    for line in (
        r"1,016  Occupation Data",
        r"61,530  Skills",
        r"56,560  Alternate Titles",
        r"68  skills and areas of knowledge",
        r"1,016  occupations",
        r"O\*NET 29\.3 is in, after \d+ s\.",
        r"O\*NET 29\.3 Database, U\.S\. Department of Labor, Employment and Training "
        r"Administration \(CC BY 4\.0\)\.",
    ):
        assert re.search(line, result.output), (line, result.output)


def test_match_reads_a_text_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDMARK_DATA", str(tmp_path))
    CliRunner().invoke(command.skills, ["import", "starter"], catch_exceptions=False)
    skill = Skill.objects.order_by("identifier")[0]
    arguments = ["match", "--framework", "Guildmark starter framework", "--top", "3", "--json", "-"]
    result = CliRunner().invoke(
        command.skills, arguments, input=f"{skill.label}\n\n", catch_exceptions=False
    )
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["matches"][0]["id"] == skill.identifier
    assert first["matches"][0]["label"] == skill.label
    assert len(first["matches"]) == 3
    assert 0 < first["matches"][0]["score"] <= 1
    assert second["matches"] == []


def test_match_names_the_frameworks_there_are() -> None:
    CliRunner().invoke(command.skills, ["import", "starter"], catch_exceptions=False)
    with pytest.raises(NotFoundError, match="Guildmark starter framework 1"):
        CliRunner().invoke(
            command.skills,
            ["match", "--framework", "ESCO", "-"],
            input="x\n",
            catch_exceptions=False,
        )
