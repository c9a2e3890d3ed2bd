"""`guildmark gaps`: two files in, gaps out, and every mistake named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guildmark.cli import gap_files
from guildmark.cli import gaps as command
from guildmark.cli.main import group

PEOPLE = "person,role,skill,level\nAnn,Welder,TIG,3\nAnn,Welder,MIG,1.5\nBob,Welder,,\n"
REQUIREMENTS = "role,skill,level,weight,critical\nWelder,TIG,4,2,true\nWelder,MIG,2.5,,\n"


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Run the command on two contents."""

    def run(
        people: str | bytes = PEOPLE, requirements: str | bytes = REQUIREMENTS, *options: str
    ) -> Result:
        paths = []
        for name, content in (("people.csv", people), ("requirements.csv", requirements)):
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(str(path))
        arguments = ["gaps", "--people", paths[0], "--requirements", paths[1], *options]
        return CliRunner().invoke(group, arguments, catch_exceptions=False)

    return run


def found(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    assert not result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_json_has_what_is_asked_and_no_more(files: Any) -> None:
    answer = found(files(PEOPLE, REQUIREMENTS, "--json"))
    ann = {"person": "Ann", "role": "Welder"}
    bob = {"person": "Bob", "role": "Welder"}
    assert answer == {
        "gaps": [
            {**ann, "skill": "TIG", "required": 4, "held": 3, "gap": 1},
            {**ann, "skill": "MIG", "required": 2.5, "held": 1.5, "gap": 1},
            {**bob, "skill": "TIG", "required": 4, "held": 0, "gap": 4},
            {**bob, "skill": "MIG", "required": 2.5, "held": 0, "gap": 2.5},
        ],
        "people": [{**ann, "fit": pytest.approx(7.5 / 10.5)}, {**bob, "fit": 0}],
    }


def test_a_table_for_people(files: Any) -> None:
    result = files()
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "2 people, 4 gaps, 2 of them critical, mean fit 36 %."
    assert "Bob     Welder   0 %     2         1" in lines
    assert "Ann     Welder  71 %     2         1" in lines
    assert "Bob     Welder  TIG           4     0    4  yes" in lines


def test_long_tables_say_how_much_more_there_is(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SHOWN", 1)
    lines = files().stdout.splitlines()
    assert "… and 1 people more; --json has them all." in lines
    assert "… and 3 gaps more; --json has them all." in lines


EXCEL = (
    "\ufeffsep=;\r\nCritical;Level;Weight;Note;Skill;Role\r\n"
    'yes;"2,5";0,5;"of the\nyear";TIG;" Welder "\r\n\r\n;;;;;\r\nno;1;;;MIG;Welder'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_files_as_spreadsheets_write_them(files: Any, encoding: str) -> None:
    people = "Person;Role;Skill;Level\nAnn;Welder;TIG;1,5\n\nAnn;Welder\n"
    answer = found(
        files(
            people,
            EXCEL.lstrip("\ufeff" if encoding == "utf-16" else "").encode(encoding),
            "--json",
        )
    )
    assert [row["gap"] for row in answer["gaps"]] == [1, 1]
    assert answer["people"] == [
        {"person": "Ann", "role": "Welder", "fit": pytest.approx(0.75 / 2.25)}
    ]


def test_equal_lines_count_once_and_roles_share_skills(files: Any) -> None:
    people = (
        "person,role,skill,level\nAnn,Welder,TIG,3\nAnn,Welder,TIG,3.0\nAnn,Fitter,TIG,3\n"
        "Ann,Guard,,\nAnn,Welder,Knots,9\n"
    )
    requirements = (
        "role,skill,level,weight,critical\nWelder,TIG,3,,\nFitter,TIG,2.7,,x\nFitter,MIG,1,3,N\n"
        "Fitter,MIG,1,3,N\nGuard,,,,\nNobody,Juggling,3,1,1\n"
    )
    answer = found(files(people, requirements, "--json"))
    assert answer["people"] == [
        {"person": "Ann", "role": "Welder", "fit": 1},
        {"person": "Ann", "role": "Fitter", "fit": pytest.approx(2.7 / 5.7)},
        {"person": "Ann", "role": "Guard", "fit": 1},
    ]
    assert answer["gaps"] == [
        {"person": "Ann", "role": "Fitter", "skill": "MIG", "required": 1, "held": 0, "gap": 1}
    ]


def test_decimals_are_told_without_dust(files: Any) -> None:
    people = "person,role,skill,level\nAnn,Welder,TIG,2.7\n"
    answer = found(files(people, "role,skill,level\nWelder,TIG,3\n", "--json"))
    assert answer["gaps"][0]["gap"] == 0.3


def test_nobody_is_no_error(files: Any) -> None:
    assert found(files("person,role,skill,level\n", REQUIREMENTS, "--json")) == {
        "gaps": [],
        "people": [],
    }
    assert files("person,role,skill,level\n").stdout == "0 people, 0 gaps, 0 of them critical.\n"


WRONG: list[tuple[str | bytes, str]] = [
    ("", "people.csv: is empty. Its first line names the columns person, role, skill, level."),
    ("\n\n", "people.csv: is empty."),
    (
        "person,role,skill\nAnn,Welder,TIG\n",
        "people.csv, row 1, column level: is missing in the first line. "
        "The first line names the columns person, role, skill, level; here it has: person, role",
    ),
    ("Ann,Welder,TIG,3\n", "row 1, column person: is missing in the first line"),
    ("person,role,skill,level,Level\n", "row 1, column level: is there twice"),
    (PEOPLE + "Cy,Welder,TIG,-2\n", "row 5, column level: '-2' is out of range. Give a number"),
    (PEOPLE + "Cy,Welder,TIG,NaN\n", "row 5, column level: 'NaN' is not a number"),
    (PEOPLE + "Cy,Welder,TIG,1e9\n", "row 5, column level: '1e9' is out of range"),
    (PEOPLE + "Cy,Welder,TIG,1_0\n", "row 5, column level: '1_0' is not a number"),
    (PEOPLE + "Cy,Welder,TIG,٣\n", "row 5, column level: '٣' is not a number"),
    (PEOPLE + 'Cy,Welder,TIG,"2,5"\n', "row 5, column level: '2,5' has a comma. Write 2.5."),
    (PEOPLE + "Cy,Welder,TIG,\n", "row 5, column level: is empty beside the skill TIG."),
    (PEOPLE + "Cy,Welder,,3\n", "row 5, column skill: is empty beside the level 3."),
    (PEOPLE + ",Welder,,\n", "row 5, column person: is empty."),
    (PEOPLE + "Cy,,TIG,3\n", "row 5, column role: is empty."),
    (PEOPLE + "Cy,Weldre,,\n", "row 5, column role: 'Weldre' is not in the requirements. Did you"),
    (
        PEOPLE + "\nAnn,Welder,TIG,2\n",
        "row 6, column level: '2' is not what row 2 says of 'Ann' in 'TIG': 3. Keep one",
    ),
    (
        'person,role,skill,level\n"Ann\nLee",Welder,TIG,3\nBob,Welder,TIG,x\n',
        "row 4, column level: 'x' is not a number",
    ),
    (PEOPLE + "Cy,Welder,TIG, by hand,3\n", "row 5: has 5 cells, the first line 4."),
    (PEOPLE + 'Cy,Welder,"TIG,3\n', "row 5: cannot be read (unexpected end of data)"),
    (PEOPLE.encode() + b"C\xfc,Welder,,\n", "is not UTF-8. Save it as 'CSV UTF-8'."),
    (b"PK\x03\x04 workbook", "people.csv: is a workbook. Save it as 'CSV UTF-8'."),
]


@pytest.mark.parametrize(("people", "words"), WRONG)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_is_wrong_is_named_and_nothing_printed(
    files: Any, people: str | bytes, words: str, options: tuple[str, ...]
) -> None:
    result = files(people, REQUIREMENTS, *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert "people.csv" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_both_files_are_read_before_anything_is_told(files: Any) -> None:
    result = files(PEOPLE + "Cy,Welder,TIG,x\nDi,Welder,TIG,y\n", "role,skill\n")
    assert "people.csv, row 5, column level: 'x'" in result.stderr
    assert "row 6, column level: 'y'" in result.stderr
    assert "requirements.csv, row 1, column level: is missing" in result.stderr


def test_a_name_cannot_steer_the_terminal(files: Any) -> None:
    sneaky = "person,role,skill,level\nA\x1b[2Jnn,Welder,,\n"
    assert "\x1b" not in files(sneaky).stdout
    assert "\x1b" not in files(sneaky + "B\x1b[2Job,\x1b[2J,,\n").stderr
    assert found(files(sneaky, REQUIREMENTS, "--json"))["people"][0]["person"] == "A\x1b[2Jnn"


def test_files_that_are_not_there(files: Any, tmp_path: Path) -> None:
    files()
    there = str(tmp_path / "people.csv")
    for name in (str(tmp_path / "nowhere.csv"), str(tmp_path)):
        result = CliRunner().invoke(group, ["gaps", "--people", name, "--requirements", there])
        assert result.exit_code == 2
        assert name in result.stderr
    result = CliRunner().invoke(group, ["gaps", "--people", "-", "--requirements", "-"])
    assert result.exit_code == 2
    assert "Only one" in result.stderr


def test_it_needs_neither_database_nor_settings(files: Any, tmp_path: Path) -> None:
    files()
    done = subprocess.run(
        [
            *(sys.executable, "-X", "importtime", "-m", "guildmark.cli.main", "gaps"),
            *("--people", "-", "--requirements", str(tmp_path / "requirements.csv"), "--json"),
        ],
        input=PEOPLE.encode(),
        capture_output=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["gaps"]) == 4
    assert b"django" not in done.stderr


def test_long_files_are_read_line_by_line(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # 50,000 lines in a few tenths of a second; the bound on a heading is none on the file.
    monkeypatch.setattr(gap_files, "_MAX_HEADING", 100)
    lines = "".join(f"P{n},Welder,TIG,{n % 5}\n" for n in range(50_000))
    answer = found(files("person,role,skill,level\n" + lines, REQUIREMENTS, "--json"))
    assert len(answer["people"]) == 50_000
    assert len(answer["gaps"]) == 90_000
