"""Taking in a release of O*NET: a public framework and its occupations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from guildmark.errors import InvalidError
from guildmark.skills.models import (
    Framework,
    JobRole,
    JobRoleTitle,
    ProficiencyLevel,
    ProficiencyScale,
    RoleRequirement,
    Skill,
    SkillLevelDescriptor,
)
from guildmark.skills.readers.onet import (
    ELEMENT_ADDRESS,
    OCCUPATION_ADDRESS,
    OnetRelease,
    Progress,
    read_onet,
)
from guildmark.skills.readers.spreadsheet import SpreadsheetError

IDENTIFIER = "https://www.onetcenter.org/database.html"
SCALE = "onet-level"
_BATCH = 5_000


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import read and what it made of it."""

    framework: Framework
    rows_read: dict[str, int]
    skills: int
    occupations: int
    requirements: int
    other_titles: int
    skipped: int
    """Ratings that O*NET marks as not relevant to the occupation, or of level 0."""


def import_onet(
    *, folder: Path, on_progress: Progress = lambda _table, _rows: None
) -> ImportReport:
    """Read the O*NET Excel distribution in `folder` and keep it as a public framework.

    One transaction: all or nothing. The same release again changes what differs and keeps every
    identifier, because people's records point to the skills; another release stands beside.
    `on_progress` hears of each table read and each step of writing. Raises InvalidError with the
    reader's words where a file does not hold.
    """
    try:
        release = read_onet(folder, on_progress=on_progress)
    except SpreadsheetError as error:
        raise InvalidError.of("folder", folder, str(error)) from error
    with transaction.atomic():
        return _Import(release, on_progress).run()


class _Import:
    def __init__(self, release: OnetRelease, on_progress: Progress) -> None:
        self._release, self._on_progress = release, on_progress

    def run(self) -> ImportReport:
        release = self._release
        self._framework, _ = Framework.objects.update_or_create(
            organization=None,
            identifier=IDENTIFIER,
            version=release.version,
            defaults={
                "title": "O*NET",
                "publisher": "U.S. Department of Labor, Employment and Training Administration",
                "licence": "CC BY 4.0",
                "attribution": release.attribution,
                "source": Framework.Source.ONET,
            },
        )
        levels = self._levels()
        skills = self._skills()
        self._descriptors(skills, levels)
        roles = self._occupations()
        titles = self._titles(roles)
        requirements = self._requirements(roles, skills, levels)
        return ImportReport(
            framework=self._framework,
            rows_read=release.counts,
            skills=len(skills),
            occupations=len(roles),
            requirements=requirements,
            other_titles=titles,
            skipped=len(release.ratings) - requirements,
        )

    def _levels(self) -> dict[int, ProficiencyLevel]:
        scale, _ = ProficiencyScale.objects.get_or_create(
            organization=None, code=SCALE, defaults={"name": "O*NET level"}
        )
        for rank in range(8):
            ProficiencyLevel.objects.get_or_create(
                scale=scale,
                rank=rank,
                defaults={"code": str(rank), "label": f"Level {rank} of 7"},
            )
        return {level.rank: level for level in scale.levels.all()}

    def _skills(self) -> dict[str, Skill]:
        Skill.objects.bulk_create(
            [
                Skill(
                    framework=self._framework,
                    identifier=ELEMENT_ADDRESS + element.code,
                    code=element.code,
                    label=element.name,
                    statement=element.description,
                    kind=element.kind,
                    group=element.kind.capitalize(),
                )
                for element in self._release.elements
            ],
            update_conflicts=True,
            unique_fields=["framework", "identifier"],
            update_fields=["code", "label", "statement", "kind", "group"],
        )
        self._on_progress("writing skills", len(self._release.elements))
        return {skill.code: skill for skill in self._framework.skills.all()}

    def _descriptors(self, skills: dict[str, Skill], levels: dict[int, ProficiencyLevel]) -> None:
        texts: dict[tuple[str, int], str] = {}
        for anchor in self._release.anchors:
            key = (anchor.element, anchor.level)
            texts[key] = f"{texts[key]}; {anchor.text}" if key in texts else anchor.text
        SkillLevelDescriptor.objects.bulk_create(
            [
                SkillLevelDescriptor(skill=skills[element], level=levels[rank], text=text)
                for (element, rank), text in texts.items()
            ],
            update_conflicts=True,
            unique_fields=["skill", "level"],
            update_fields=["text"],
        )

    def _occupations(self) -> dict[str, JobRole]:
        known = {role.code: role for role in self._framework.occupations.all()}
        made, changed = [], []
        for occupation in self._release.occupations:
            role = known.get(occupation.code)
            if role is None:
                role = JobRole(
                    framework=self._framework,
                    code=occupation.code,
                    identifier=OCCUPATION_ADDRESS + occupation.code,
                    title=occupation.title,
                    description=occupation.description,
                )
                made.append(role)
                known[occupation.code] = role
            elif (role.title, role.description) != (occupation.title, occupation.description):
                role.title, role.description = occupation.title, occupation.description
                changed.append(role)
        JobRole.objects.bulk_create(made, batch_size=_BATCH)
        JobRole.objects.bulk_update(changed, ["title", "description"], batch_size=500)
        self._on_progress("writing occupations", len(known))
        return known

    def _titles(self, roles: dict[str, JobRole]) -> int:
        pairs = {(code, title[:300]) for code, title in self._release.other_titles}
        kept, gone = set(), []
        rows = JobRoleTitle.objects.filter(job_role__framework=self._framework)
        for row_id, code, title in rows.values_list("id", "job_role__code", "title"):
            if (code, title) in pairs and (code, title) not in kept:
                kept.add((code, title))
            else:
                gone.append(row_id)
        JobRoleTitle.objects.filter(id__in=gone).delete()
        new = sorted(pairs - kept)
        for start in range(0, len(new), _BATCH):
            JobRoleTitle.objects.bulk_create(
                JobRoleTitle(job_role=roles[code], title=title)
                for code, title in new[start : start + _BATCH]
            )
            self._on_progress("writing other titles", min(start + _BATCH, len(new)))
        return len(pairs)

    def _requirements(
        self,
        roles: dict[str, JobRole],
        skills: dict[str, Skill],
        levels: dict[int, ProficiencyLevel],
    ) -> int:
        wanted = {
            (roles[rating.occupation].id, skills[rating.element].id): (
                levels[_whole(rating.level)].id,
                Decimal(str(rating.importance)),
            )
            for rating in self._release.ratings
            if rating.is_relevant and _whole(rating.level) > 0
        }
        missing, gone, changed = dict(wanted), [], []
        for row in RoleRequirement.objects.filter(job_role__framework=self._framework).iterator():
            values = missing.pop((row.job_role_id, row.skill_id), None)
            if values is None:
                gone.append(row.id)
            elif values != (row.level_id, row.weight):
                row.level_id, row.weight = values
                changed.append(row)
        RoleRequirement.objects.filter(id__in=gone).delete()
        RoleRequirement.objects.bulk_update(changed, ["level", "weight"], batch_size=500)
        new = list(missing.items())
        for start in range(0, len(new), _BATCH):
            RoleRequirement.objects.bulk_create(
                RoleRequirement(job_role_id=role, skill_id=skill, level_id=level, weight=weight)
                for (role, skill), (level, weight) in new[start : start + _BATCH]
            )
            self._on_progress("writing requirements", min(start + _BATCH, len(new)))
        return len(wanted)


def _whole(level: float) -> int:
    """The nearest whole level, a half upwards."""
    return int(level + 0.5)
