"""Taking in ESCO: the true release, and small releases made here."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from guildmark.skills.models import (
    Framework,
    JobRole,
    OccupationSkill,
    Skill,
    SkillBroader,
    SkillRelation,
)
from guildmark.skills.readers.esco import read_esco
from guildmark.skills.readers.shape import FrameworkFileError, check_rows
from guildmark.skills.services.frameworks import import_framework, preview_framework
from tests.support.shared_data import shared_data

BASE = "http://data.europa.eu/esco/"
Files = dict[str, str]


def release(language: str = "en") -> Files:
    """Two groups, three skills, one occupation under one ISCO group."""
    return {
        f"skillGroups_{language}.csv": (
            "conceptType,conceptUri,preferredLabel,altLabels,status,description,code\n"
            f"SkillGroup,{BASE}skill/S1,working with machinery,,released,About machines,S8\n"
        ),
        f"skills_{language}.csv": (
            "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,"
            "status,modifiedDate,scopeNote,definition,inScheme,description\n"
            f"KnowledgeSkillCompetence,{BASE}skill/a,skill/competence,cross-sector,weld metal,"
            '"join metal\nfuse steel",weld metl,released,2020,Only metal.,,,'
            '"Joins metal, by heat."\n'
            f"KnowledgeSkillCompetence,{BASE}skill/b,knowledge,sector-specific,welding gases,"
            "shielding gases | inert gases,,released,2020,,,,Gases for welding.\n"
            f"KnowledgeSkillCompetence,{BASE}skill/c,skill/competence,transversal,keep order,,,"
            "released,2020,,,,\n"
        ),
        f"skillsHierarchy_{language}.csv": (
            "Level 0 URI,Level 0 preferred term,Level 1 URI,Level 1 preferred term,Level 2 URI,"
            "Level 2 preferred term,Level 3 URI,Level 3 preferred term,Description,Scope note,"
            "Level 0 code,Level 1 code,Level 2 code,Level 3 code\n"
            f"{BASE}skill/S,skills,,,,,,,All skills,,S\n"
        ),
        "broaderRelationsSkillPillar.csv": (
            "conceptType,conceptUri,broaderType,broaderUri\n"
            f"SkillGroup,{BASE}skill/S1,SkillGroup,{BASE}skill/S\n"
            f"KnowledgeSkillCompetence,{BASE}skill/a,SkillGroup,{BASE}skill/S1\n"
            f"KnowledgeSkillCompetence,{BASE}skill/b,KnowledgeSkillCompetence,{BASE}skill/a\n"
        ),
        "skillSkillRelations.csv": (
            "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
            f"{BASE}skill/a,skill/competence,essential,knowledge,{BASE}skill/b\n"
        ),
        f"ISCOGroups_{language}.csv": (
            "conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description\n"
            f"ISCOGroup,{BASE}isco/C7212,7212,Welders,released,,,They weld\n"
        ),
        f"occupations_{language}.csv": (
            "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,description,code\n"
            f'Occupation,{BASE}occupation/w,7212,welder,"arc welder\nMIG welder",released,'
            "Welders weld.,7212.3\n"
        ),
        "broaderRelationsOccPillar.csv": (
            "conceptType,conceptUri,broaderType,broaderUri\n"
            f"Occupation,{BASE}occupation/w,ISCOGroup,{BASE}isco/C7212\n"
        ),
        "occupationSkillRelations.csv": (
            "occupationUri,relationType,skillType,skillUri\n"
            f"{BASE}occupation/w,essential,skill/competence,{BASE}skill/a\n"
            f"{BASE}occupation/w,optional,skill/competence,{BASE}skill/c\n"
        ),
    }


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    def make(files: Files, version: str = "1.1.0", language: str = "en") -> Path:
        path = tmp_path / f"ESCO dataset - v{version} - classification - {language} - csv.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(f"some folder/{name}", text)
        return path

    return make


def test_what_a_release_says(zipped: Callable[..., Path]) -> None:
    rows = check_rows(read_esco([zipped(release())]))
    assert (rows.version, rows.language, rows.attribution) == (
        "1.1.0",
        "en",
        "ESCO v1.1.0, European Commission",
    )
    skills = {row.identifier.rsplit("/", 1)[-1]: row for row in rows.skills or ()}
    assert {key: row.kind for key, row in skills.items()} == {
        "S": "group", "S1": "group", "a": "skill", "b": "knowledge", "c": "skill",
    }  # fmt: skip
    weld = skills["a"]
    assert weld.other_names == {
        "en": {"alternative": ["join metal", "fuse steel"], "hidden": ["weld metl"]}
    }
    assert weld.statement == "Joins metal, by heat."
    assert weld.scope_note == "Only metal."
    assert weld.details == {"reuseLevel": "cross-sector"}
    assert skills["b"].other_names["en"]["alternative"] == ["shielding gases", "inert gases"]
    assert (weld.group, skills["b"].group) == ("working with machinery", "working with machinery")
    assert skills["S1"].code == "S8"
    welder = next(row for row in rows.occupations or () if not row.is_group)
    assert welder.broader == f"{BASE}isco/C7212"
    assert welder.other_titles == (("en", "arc welder"), ("en", "MIG welder"))


def test_a_folder_with_zips_and_files_of_two_languages(
    zipped: Callable[..., Path], tmp_path: Path
) -> None:
    path = zipped(release("en") | release("de"))
    assert read_esco([path], language="de").language == "de"
    with pytest.raises(FrameworkFileError, match="say which one"):
        read_esco([path])
    zipped(release(), version="1.2")
    with pytest.raises(FrameworkFileError, match="are the same table"):
        read_esco([tmp_path])


@pytest.mark.django_db
def test_a_newer_release_adds_changes_and_withdraws(zipped: Callable[..., Path]) -> None:
    first = import_framework(read_esco([zipped(release())]), origin="first.zip")
    assert first.parts["skills"].numbers() == {
        "added": 5, "changed": 0, "withdrawn": 0, "unchanged": 0,
    }  # fmt: skip
    ids = dict(Skill.objects.values_list("identifier", "id"))
    files = release()
    files["skills_en.csv"] = files["skills_en.csv"].replace("weld metal", "weld metals")
    lines = files["skills_en.csv"].splitlines()
    files["skills_en.csv"] = "\n".join(lines[:-1]) + "\n" + lines[-1].replace("/c,", "/d,") + "\n"
    files["occupationSkillRelations.csv"] = files["occupationSkillRelations.csv"].replace(
        "optional,skill/competence,http://data.europa.eu/esco/skill/c",
        "optional,skill/competence,http://data.europa.eu/esco/skill/d",
    )
    rows = read_esco([zipped(files, version="1.2.0")])
    told = preview_framework(rows)
    assert told.as_json()["skills"] == {"added": 1, "changed": 1, "withdrawn": 1, "unchanged": 3}
    assert (told.previous_version, told.version) == ("1.1.0", "1.2.0")
    sample = told.parts["skills"].samples["changed"][0]
    assert sample["fields"] == {"label": ["weld metal", "weld metals"]}
    assert Framework.objects.get().version == "1.1.0"
    done = import_framework(rows)
    assert done.parts == told.parts
    after = dict(Skill.objects.values_list("identifier", "id"))
    assert {key: after[key] for key in ids} == ids
    gone = Skill.objects.get(identifier=f"{BASE}skill/c")
    assert gone.withdrawn_at is not None
    assert gone.withdrawn_in == "1.2.0"
    assert gone.label == "keep order"
    framework = Framework.objects.get()
    assert framework.version == "1.2.0"
    assert [one.version for one in framework.releases.all()] == ["1.2.0", "1.1.0"]
    again = import_framework(rows)
    assert not again.differs
    assert framework.releases.count() == 2
    back = import_framework(read_esco([zipped(release(), version="1.2.1")]))
    assert back.parts["skills"].numbers()["changed"] == 2
    gone.refresh_from_db()
    assert (gone.withdrawn_at, gone.withdrawn_in) == (None, "")


@pytest.mark.django_db
def test_another_language_of_the_same_release_becomes_translations(
    zipped: Callable[..., Path],
) -> None:
    import_framework(read_esco([zipped(release())]))
    german = release("de")
    german["skills_de.csv"] = (
        german["skills_de.csv"].replace("weld metal", "Metall schweißen").replace("fuse", "füge")
    )
    report = import_framework(read_esco([zipped(german, language="de")]))
    assert report.parts["skills"].numbers()["changed"] == 5
    weld = Skill.objects.get(identifier=f"{BASE}skill/a")
    assert weld.label == "weld metal"
    assert weld.translations["de"]["label"] == "Metall schweißen"
    assert set(weld.other_names) == {"en", "de"}
    assert Framework.objects.get().language == "en"
    assert not import_framework(read_esco([zipped(release())])).differs


@pytest.mark.django_db
def test_codes_that_move_between_occupations(zipped: Callable[..., Path]) -> None:
    files = release()
    name = "occupations_en.csv"
    other = f"Occupation,{BASE}occupation/x,7212,brazier,,released,Brazes.,7212.4\n"
    import_framework(read_esco([zipped(files | {name: files[name] + other})]))
    swapped = (files[name] + other).replace("7212.3", "tmp").replace("7212.4", "7212.3")
    swapped = swapped.replace("tmp", "7212.4")
    import_framework(read_esco([zipped(files | {name: swapped})]))
    assert JobRole.objects.get(title="welder").code == "7212.4"
    new = files[name].replace("/w,", "/new,").replace("welder,", "welding operator,")
    relations = {
        table: files[table].replace("occupation/w", "occupation/new")
        for table in ("occupationSkillRelations.csv", "broaderRelationsOccPillar.csv")
    }
    import_framework(read_esco([zipped(files | {name: new} | relations)]))
    assert JobRole.objects.get(title="welding operator").code == "7212.3"
    assert JobRole.objects.get(title="welder").withdrawn_at is not None


@pytest.mark.django_db
def test_classification_and_relations_apart(zipped: Callable[..., Path]) -> None:
    relations = {name: text for name, text in release().items() if "Relations" in name}
    rest = {name: text for name, text in release().items() if name not in relations}
    import_framework(read_esco([zipped(rest)]))
    assert not SkillBroader.objects.exists()
    import_framework(read_esco([zipped(relations)]))
    counts = [model.objects.count() for model in (SkillBroader, SkillRelation, OccupationSkill)]
    assert counts == [3, 1, 2]
    assert not preview_framework(read_esco([zipped(rest)])).parts["skills"].withdrawn


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("skills_en.csv", "preferredLabel,", "label,", "lacks the column 'preferredLabel'"),
        ("skills_en.csv", "skill/b,", "skill/a,", "row 3, column 'conceptUri'.*stands already"),
        ("skills_en.csv", "weld metal", " ", "row 2, column 'preferredLabel' is empty"),
        ("broaderRelationsSkillPillar.csv", "skill/S\n", "skill/b\n", "in a circle: .*skill/S1"),
        ("broaderRelationsSkillPillar.csv", "skill/S\n", "skill/no\n", "row 2.*skill/no"),
        ("skillSkillRelations.csv", "skill/b", "skill/no", "row 2, column 'relatedSkillUri'"),
        ("occupationSkillRelations.csv", "optional", "maybe", "row 3.*'maybe'.*'essential' or"),
        ("occupationSkillRelations.csv", "skill/c\n", "skill/no\n", "row 3, column 'skillUri'"),
        ("occupationSkillRelations.csv", "skill/competence,http://data.europa.eu/esco/skill/c\n",
         "skill", "cut off"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named(
    zipped: Callable[..., Path], table: str, old: str, new: str, told: str
) -> None:
    files = release()
    assert old in files[table]
    files[table] = files[table].replace(old, new, 1)
    with pytest.raises(FrameworkFileError, match=f"(?s){table}.*{told}"):
        check_rows(read_esco([zipped(files)]))


def test_what_cannot_be_read_is_named(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(release())
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(FrameworkFileError, match=r"csv\.zip cannot be read.*cut off or damaged"):
        read_esco([path])
    folder = tmp_path / "v1.0"
    folder.mkdir()
    latin = release()["skills_en.csv"].replace("weld metal", "schweißen").encode("latin-1")
    (folder / "skills_en.csv").write_bytes(latin)
    with pytest.raises(FrameworkFileError, match=r"skills_en\.csv.*0xdf is not UTF-8"):
        read_esco([folder])
    (folder / "skills_en.csv").write_text('conceptUri,preferredLabel\n"x,y')
    with pytest.raises(FrameworkFileError, match=r"skills_en\.csv.*cut off"):
        read_esco([folder])
    huge = "a" * 2_100_000
    (folder / "skills_en.csv").write_text(f"conceptUri,preferredLabel\n{huge},y\n")
    with pytest.raises(FrameworkFileError, match=r"field larger than field limit"):
        read_esco([folder])
    unnamed = tmp_path / "unnamed.zip"
    zipped(release()).rename(unnamed)
    with pytest.raises(FrameworkFileError, match="do not tell their release"):
        read_esco([unnamed])
    assert read_esco([unnamed], version="1.0.8").version == "1.0.8"


@pytest.mark.shared_data
@pytest.mark.django_db
def test_the_true_release() -> None:
    started = time.process_time()
    rows = read_esco([shared_data("esco-1.1.1")])
    assert rows.counts["skills_en.csv"] == 13_896
    assert rows.counts["occupations_en.csv"] == 3_007
    assert rows.counts["occupationSkillRelations.csv"] == 123_855
    report = import_framework(check_rows(rows))
    # One occupation that ESCO's own tables name is in none of its files, with 67 relations.
    assert report.parts["occupation_skills"].added == 123_788
    assert len(report.warnings) == 3
    assert Skill.objects.exclude(kind="group").count() == 13_896
    assert JobRole.objects.filter(is_group=False).count() == 3_007
    assert SkillBroader.objects.count() == 20_656
    assert SkillRelation.objects.count() == 5_898
    names = Skill.objects.values_list("other_names", flat=True)
    assert sum(len(one["en"].get("alternative", ())) for one in names if one) > 97_000
    assert OccupationSkill.objects.filter(relation="essential").count() == 64_891
    assert not preview_framework(rows).differs
    # This process alone: what the database does comes on top.
    assert time.process_time() - started < 60
