"""`guildmark skills import`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildmark.audit.models import AuditEvent
from guildmark.cli import skills as command
from guildmark.cli.main import LazyGroup
from guildmark.errors import InvalidError, NotFoundError
from guildmark.skills.models import Framework, Skill
from tests.support import factories
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
        r"30,369  skills, areas of knowledge, tasks, tools and groups",
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


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command.skills, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_table_of_ones_own_in_and_out_in_every_format(tmp_path: Path) -> None:
    organization = factories.organization(slug="works")
    path = tmp_path / "ours.csv"
    path.write_text(
        "code;label;label [de];statement;broader;alternative names;level L\n"
        "W;Welding;Schweißen;;;;\n"
        'W1;MIG welding;;Welds steel;W;"MAG\nGMAW";Alone, to plan\n'
    )
    with pytest.raises(InvalidError, match="does not say what the framework is called"):
        run("import", str(path))
    arguments = ["import", str(path), "--framework", "Ours", "--organization", "works", "--json"]
    told = json.loads(run(*arguments, "--preview"))
    assert told["preview"] is True
    assert told["skills"] == {"added": 2, "changed": 0, "withdrawn": 0, "unchanged": 0}
    assert not Framework.objects.exists()
    done = json.loads(run(*arguments))
    framework = Framework.objects.get()
    assert (done["framework"], framework.organization) == (str(framework.id), organization)
    assert framework.skills.get(code="W").translations == {"de": {"label": "Schweißen"}}
    assert AuditEvent.objects.filter(action="frameworks.import").count() == 1
    for file_format in ("csv", "case", "ctdl-asn"):
        out = tmp_path / f"out.{'csv' if file_format == 'csv' else 'json'}"
        shared = ["--organization", "works"]
        run("export", "--framework", "ours", "--format", file_format, "--output", str(out), *shared)
        again = json.loads(run("import", str(out), *shared, "--json"))
        for part in ("skills", "hierarchy", "level_texts"):
            numbers = again[part]
            assert numbers["unchanged"] == sum(numbers.values()) > 0, (file_format, part)
    assert framework.releases.count() == 1


def test_what_is_no_framework(tmp_path: Path) -> None:
    for name, text in (("a.txt", "nothing"), ("b.json", '{"a": 1}'), ("c.json", '{"CFDocument"')):
        (tmp_path / name).write_text(text)
        with pytest.raises(InvalidError, match=r"is no framework that is known|is not whole JSON"):
            run("import", str(tmp_path / name))
    with pytest.raises(InvalidError, match=r"recognized in a\.txt, b\.json, c\.json"):
        run("import", str(tmp_path))


def test_a_package_of_a_case_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    package = {
        "CFDocument": {
            "identifier": "c649d172-d7cb-11e8-824f-0242ac160002",
            "uri": "https://case.example/uri/c649d172-d7cb-11e8-824f-0242ac160002",
            "creator": "A state",
            "title": "Manufacturing",
            "lastChangeDateTime": "2025-05-01T10:00:00+00:00",
            "adoptionStatus": "Adopted",
        },
        "CFItems": [
            {
                "identifier": "70d64823-d7cc-11e8-824f-0242ac160002",
                "uri": "https://case.example/uri/70d64823-d7cc-11e8-824f-0242ac160002",
                "fullStatement": "Read a drawing",
                "humanCodingScheme": "M.1",
                "CFItemType": "Standard",
                "educationLevel": ["12"],
                "lastChangeDateTime": "2025-05-01T10:00:00+00:00",
            }
        ],
        "CFAssociations": [],
    }

    def read(_self: object, address: str) -> bytes:
        asked.append(address)
        return json.dumps(package).encode()

    monkeypatch.setattr("guildmark.documents.network.NetworkResolver.read", read)
    told = run("import", "https://case.example/ims/case/v1p0/CFDocuments/c649d172")
    assert asked == ["https://case.example/ims/case/v1p0/CFPackages/c649d172"]
    assert "Manufacturing 2025-05-01 is in" in told
    skill = Skill.objects.get()
    assert (skill.label, skill.code, skill.framework.publisher) == (
        "Read a drawing",
        "M.1",
        "A state",
    )
    assert skill.details["case"] == {"CFItemType": "Standard", "educationLevel": ["12"]}
    out = json.loads(run("export", "--framework", "Manufacturing", "--format", "case"))
    assert out["CFItems"][0]["identifier"] == "70d64823-d7cc-11e8-824f-0242ac160002"
    assert out["CFItems"][0]["educationLevel"] == ["12"]
    assert out["CFDocument"]["adoptionStatus"] == "Adopted"
