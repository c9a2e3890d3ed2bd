"""A release of a framework against the one that is there: first told, then taken in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guildmark.audit.services import record
from guildmark.errors import InvalidError
from guildmark.organizations.access import require
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization
from guildmark.skills.models import (
    Framework,
    FrameworkRelease,
    JobRole,
    JobRoleTitle,
    OccupationSkill,
    ProficiencyLevel,
    ProficiencyScale,
    RoleRequirement,
    Skill,
    SkillAlignment,
    SkillBroader,
    SkillLevelDescriptor,
    SkillRelation,
    SkillSearch,
    SkillWord,
)
from guildmark.skills.readers.shape import FrameworkRows, OccupationRow, SkillRow
from guildmark.skills.services.frameworks.bulk import (
    Progress,
    analyze,
    copy_in,
    delete_all,
    new_id,
    update_all,
)
from guildmark.skills.services.frameworks.report import FrameworkReport, PartReport, shown
from guildmark.skills.services.starter import ILUO, ensure_iluo

ONET_SCALE = "onet-level"
_SKILL_COLUMNS = (
    "label", "code", "statement", "scope_note", "group", "kind", "translations", "other_names",
    "details", "withdrawn_at", "withdrawn_in",
)  # fmt: skip
_ROLE_COLUMNS = (
    "title", "code", "description", "is_group", "broader_id", "translations", "details",
    "withdrawn_at", "withdrawn_in",
)  # fmt: skip
_QUIET: Progress = lambda _step, _rows: None  # noqa: E731


def preview_framework(rows: FrameworkRows) -> FrameworkReport:
    """What taking the release in as a public framework would change; nothing is written."""
    return _Import(rows, None, _QUIET, origin="").preview()


@transaction.atomic
def import_framework(
    rows: FrameworkRows, *, origin: str = "", on_progress: Progress = _QUIET
) -> FrameworkReport:
    """Take a release in as a public framework, for whoever runs the installation.

    All or nothing. What the release no longer has is withdrawn, never removed: records, job roles,
    achievements and alignments keep pointing to it. The same release again changes nothing.
    """
    return _Import(rows, None, on_progress, origin=origin).run()


def preview_own_framework(*, actor: Actor, rows: FrameworkRows) -> FrameworkReport:
    """What taking the release in as a framework of the actor's organization would change."""
    require(actor, "frameworks.import")
    return _Import(rows, actor.organization, _QUIET, origin="").preview()


@transaction.atomic
def import_own_framework(
    *, actor: Actor, rows: FrameworkRows, origin: str = "", on_progress: Progress = _QUIET
) -> FrameworkReport:
    """Take a release in as a framework of the actor's organization; as `import_framework`."""
    require(actor, "frameworks.import")
    if rows.occupations or rows.ratings:
        raise InvalidError.of(
            "file",
            rows.title,
            _("A framework with occupations is taken in for all organizations: ask who runs it."),
        )
    work = _Import(rows, actor.organization, on_progress, origin=origin)
    report = work.run()
    record(
        actor=actor,
        action="frameworks.import",
        target=work.framework,
        target_name=str(work.framework),
        details={"version": rows.version, "skills": report.parts["skills"].numbers()}
        if "skills" in report.parts
        else {"version": rows.version},
    )
    return report


class _Import:
    """One release beside one framework; `preview` compares, `run` writes what differs."""

    def __init__(
        self,
        rows: FrameworkRows,
        organization: Organization | None,
        on_progress: Progress,
        *,
        origin: str,
    ) -> None:
        self._rows, self._organization, self._told = rows, organization, on_progress
        self._origin = origin
        self._writes = False
        self._now = timezone.now()

    def preview(self) -> FrameworkReport:
        # As a transaction, so that all of it is compared with one state.
        with transaction.atomic():
            return self._compare()

    def run(self) -> FrameworkReport:
        self._writes = True
        report = self._compare()
        if report.differs:
            analyze(Skill, SkillSearch, SkillWord, SkillBroader, OccupationSkill, JobRole)
        known = self.framework.releases.filter(
            version=self._rows.version, language=self._rows.language
        )
        if report.differs or not known.exists():
            FrameworkRelease.objects.create(
                framework=self.framework,
                version=self._rows.version,
                language=self._rows.language,
                origin=self._origin[-400:],
                changes={name: part.numbers() for name, part in report.parts.items()},
            )
        return report

    def _compare(self) -> FrameworkReport:
        rows = self._rows
        framework = self._find()
        self._is_main = framework is None or framework.language == rows.language
        previous = framework.version if framework else ""
        if self._writes:
            framework = self._keep_frame(framework)
        self._framework = framework
        report = FrameworkReport(
            framework_id=str(framework.id) if framework else "",
            title=rows.title,
            version=rows.version,
            previous_version=previous,
            language=rows.language,
            source=rows.source,
            attribution=rows.attribution,
            licence=rows.licence,
            is_preview=not self._writes,
            rows_read=rows.counts,
            warnings=rows.warnings,
        )
        self._report = report
        skills = self._skills()
        if rows.broader is not None:
            self._hierarchy(skills, rows.broader)
        if rows.relations is not None:
            self._skill_relations(skills, rows.relations)
        if rows.alignments is not None:
            self._alignments(skills)
        roles = self._occupations() if rows.occupations is not None else self._known_roles()
        if rows.occupation_skills is not None:
            self._occupation_skills(roles, skills, rows.occupation_skills)
        if rows.ratings is not None:
            self._ratings(roles, skills)
        if rows.anchors is not None:
            ranks = {level.rank: str(level.id) for level in self._onet_levels()}
            self._descriptors("level_anchors", ONET_SCALE, skills, ranks, rows.anchors)
        if rows.levels is not None:
            scale = ensure_iluo() if self._writes else None
            letters = {level.code: str(level.id) for level in scale.levels.all()} if scale else {}
            self._descriptors("level_texts", ILUO, skills, letters, rows.levels)
        return report

    @property
    def framework(self) -> Framework:
        """The framework that was made or changed."""
        if self._framework is None:
            raise RuntimeError("a preview makes no framework")
        return self._framework

    def _find(self) -> Framework | None:
        """The framework of this identifier; of several releases beside each other the latest."""
        found = Framework.objects.filter(
            organization=self._organization, identifier=self._rows.identifier
        ).order_by("-created_at")
        return (found.select_for_update() if self._writes else found).first()

    def _keep_frame(self, framework: Framework | None) -> Framework:
        rows = self._rows
        if framework is None:
            framework = Framework(
                organization=self._organization,
                identifier=rows.identifier,
                language=rows.language,
            )
        framework.version = rows.version
        framework.source = rows.source
        if self._is_main:
            framework.title, framework.publisher = rows.title, rows.publisher[:300]
            framework.licence, framework.attribution = rows.licence[:100], rows.attribution
            framework.description, framework.details = rows.description, dict(rows.details)
        framework.save()
        return framework

    # Skills

    def _skills(self) -> dict[str, str]:
        """Compare skills; returns their ids by identifier, withdrawn ones among them."""
        known = self._known(Skill, _SKILL_COLUMNS)
        ids = {identifier: str(values["id"]) for identifier, values in known.items()}
        if self._rows.skills is None:
            return ids
        part = self._report.parts["skills"] = PartReport()
        languages = {lang for row in self._rows.skills for lang in row.translations}
        languages |= {lang for row in self._rows.skills for lang in row.other_names}
        languages.add(self._rows.language)
        added, changed = [], []
        for row in self._rows.skills:
            old = known.pop(row.identifier, None)
            new = self._skill_values(row, old, languages)
            if old is None:
                ids[row.identifier] = new_id()
                part.note("added", identifier=row.identifier, label=row.label)
                added.append((ids[row.identifier], *(new[name] for name in _SKILL_COLUMNS)))
            elif fields := _differences(old, new):
                part.note("changed", identifier=row.identifier, label=row.label, fields=fields)
                changed.append((old["id"], *(new[name] for name in _SKILL_COLUMNS)))
            else:
                part.unchanged += 1
        gone = [values for values in known.values() if values["withdrawn_at"] is None]
        for values in gone:
            part.note("withdrawn", identifier=values["identifier"], label=values["label"])
            values |= {"withdrawn_at": self._now, "withdrawn_in": self._rows.version}
            changed.append((values["id"], *(values[name] for name in _SKILL_COLUMNS)))
        self._withdrawn = {str(values["id"]) for values in known.values()}
        self._report.withdrawn_in_use = _count_in_use([values["id"] for values in gone])
        if self._writes:
            owner, by_id = str(self.framework.id), {ids[r.identifier]: r for r in self._rows.skills}
            copy_in(
                Skill,
                ["framework_id", "identifier", "id", *_SKILL_COLUMNS],
                ((owner, by_id[values[0]].identifier, *values) for values in added),
                lambda n: self._told("writing skills", n),
            )
            update_all(Skill, _SKILL_COLUMNS, changed)
        return ids

    def _skill_values(
        self, row: SkillRow, old: Mapping[str, Any] | None, languages: set[str]
    ) -> dict[str, Any]:
        texts = {
            "label": row.label,
            "statement": row.statement,
            "scope_note": row.scope_note,
            "group": row.group[:300],
        }
        translations = {lang: dict(words) for lang, words in row.translations.items()}
        main: Mapping[str, Any] = texts
        if not self._is_main:
            translations[self._rows.language] = {k: v for k, v in texts.items() if v}
            main = {k: old[k] for k in texts} if old else texts
        return {
            **main,
            "code": row.code,
            "kind": row.kind,
            "translations": _merged(old, "translations", translations, languages),
            "other_names": _merged(
                old,
                "other_names",
                {lang: dict(names) for lang, names in row.other_names.items()},
                languages,
            ),
            "details": dict(row.details),
            **self._withdrawal(old, is_withdrawn=row.is_withdrawn),
        }

    def _withdrawal(self, old: Mapping[str, Any] | None, *, is_withdrawn: bool) -> dict[str, Any]:
        if not is_withdrawn:
            return {"withdrawn_at": None, "withdrawn_in": ""}
        if old is not None and old["withdrawn_at"] is not None:
            return {name: old[name] for name in ("withdrawn_at", "withdrawn_in")}
        return {"withdrawn_at": self._now, "withdrawn_in": self._rows.version}

    def _known(
        self, model: type[models.Model], columns: Iterable[str]
    ) -> dict[str, dict[str, Any]]:
        if self._framework is None:
            return {}
        found = model._default_manager.filter(framework=self._framework).order_by()
        return {row["identifier"]: row for row in found.values("id", "identifier", *columns)}

    # What stands between skills

    def _hierarchy(self, skills: Mapping[str, str], pairs: Iterable[tuple[str, str, int]]) -> None:
        wanted = {
            (self._id(skills, narrower), self._id(skills, broader)): position
            for narrower, broader, position in pairs
        }
        self._pairs(
            "hierarchy",
            SkillBroader,
            ("skill_id", "broader_id"),
            ("position",),
            {key: (position,) for key, position in wanted.items()},
            SkillBroader.objects.filter(skill__framework=self._framework),
            # A withdrawn skill keeps its place, so that it can be read where it stood.
            keeps=lambda key: key[0] in self._withdrawn or key[1] in self._withdrawn,
        )

    def _skill_relations(
        self, skills: Mapping[str, str], relations: Iterable[tuple[str, str, str]]
    ) -> None:
        self._pairs(
            "skill_relations",
            SkillRelation,
            ("skill_id", "kind", "other_id"),
            (),
            {
                (self._id(skills, skill), kind, self._id(skills, other)): ()
                for skill, kind, other in relations
            },
            SkillRelation.objects.filter(skill__framework=self._framework),
        )

    def _alignments(self, skills: Mapping[str, str]) -> None:
        self._pairs(
            "alignments",
            SkillAlignment,
            ("skill_id", "target_identifier"),
            ("match", "target_label", "target_framework"),
            {
                (self._id(skills, one.skill), one.target_identifier): (
                    one.match,
                    one.target_label[:400],
                    one.target_framework[:300],
                )
                for one in self._rows.alignments or ()
            },
            SkillAlignment.objects.filter(skill__framework=self._framework, organization=None),
            fixed={"outcome": "confirmed", "method": "publisher", "decided_at": self._now},
        )

    # Occupations

    def _known_roles(self) -> dict[str, str]:
        return {key: str(row["id"]) for key, row in self._known(JobRole, ()).items()}

    def _occupations(self) -> dict[str, str]:
        known = self._known(JobRole, _ROLE_COLUMNS)
        ids = {identifier: str(values["id"]) for identifier, values in known.items()}
        rows = self._rows.occupations or ()
        for row in rows:
            ids.setdefault(row.identifier, new_id())
        part = self._report.parts["occupations"] = PartReport()
        added, changed = [], []
        for row in rows:
            old = known.pop(row.identifier, None)
            new = self._role_values(row, old, ids)
            if old is None:
                part.note("added", identifier=row.identifier, label=row.title)
                added.append((row.identifier, ids[row.identifier], new))
                continue
            old["broader_id"] = str(old["broader_id"]) if old["broader_id"] else None
            if fields := _differences(old, new):
                fields.pop("broader_id", None)
                part.note("changed", identifier=row.identifier, label=row.title, fields=fields)
                changed.append((str(old["id"]), new))
            else:
                part.unchanged += 1
        taken = {row.code for row in rows}
        for identifier, values in known.items():
            is_new = values["withdrawn_at"] is None
            if is_new:
                part.note("withdrawn", identifier=identifier, label=values["title"])
                values |= {"withdrawn_at": self._now, "withdrawn_in": self._rows.version}
            if values["code"] in taken:
                values["code"] = str(values["id"])
                is_new = True
            if is_new:
                changed.append((str(values["id"]), values))
        if self._writes:
            self._write_roles(added, changed)
        self._titles(ids)
        return ids

    def _role_values(
        self, row: OccupationRow, old: Mapping[str, Any] | None, ids: Mapping[str, str]
    ) -> dict[str, Any]:
        texts = {"title": row.title, "description": row.description}
        translations = {lang: dict(words) for lang, words in row.translations.items()}
        main: Mapping[str, Any] = texts
        if not self._is_main:
            translations[self._rows.language] = {k: v for k, v in texts.items() if v}
            main = {k: old[k] for k in texts} if old else texts
        return {
            **main,
            "code": row.code,
            "is_group": row.is_group,
            "broader_id": ids.get(row.broader),
            "translations": _merged(
                old, "translations", translations, {*translations, self._rows.language}
            ),
            "details": dict(row.details),
            **self._withdrawal(old, is_withdrawn=row.is_withdrawn),
        }

    def _write_roles(
        self,
        added: list[tuple[str, str, dict[str, Any]]],
        changed: Sequence[tuple[str, Mapping[str, Any]]],
    ) -> None:
        # Codes move from one occupation to another between releases: first nobody has them. What
        # stands above may be new as well: it is set when all are there.
        update_all(JobRole, ("code",), ((role, role) for role, _values in changed))
        owner = str(self.framework.id)
        columns = [name for name in _ROLE_COLUMNS if name != "broader_id"]
        update_all(
            JobRole, columns, ((role, *(v[name] for name in columns)) for role, v in changed)
        )
        copy_in(
            JobRole,
            ["framework_id", "identifier", "id", *columns],
            ((owner, iri, role, *(v[name] for name in columns)) for iri, role, v in added),
            lambda n: self._told("writing occupations", n),
        )
        above = [(role, v["broader_id"]) for _, role, v in added if v["broader_id"]]
        above += [(role, v["broader_id"]) for role, v in changed]
        update_all(JobRole, ("broader_id",), above)

    def _titles(self, roles: Mapping[str, str]) -> None:
        rows = self._rows.occupations or ()
        wanted = {
            (roles[row.identifier], language, title[:300]): ()
            for row in rows
            for language, title in row.other_titles
        }
        languages = {language for _, language, _ in wanted} | {self._rows.language}
        self._pairs(
            "other_titles",
            JobRoleTitle,
            ("job_role_id", "language", "title"),
            (),
            wanted,
            JobRoleTitle.objects.filter(
                job_role__framework=self._framework, language__in=languages
            ),
        )

    def _occupation_skills(
        self,
        roles: Mapping[str, str],
        skills: Mapping[str, str],
        named: Iterable[tuple[str, str, str]],
    ) -> None:
        self._pairs(
            "occupation_skills",
            OccupationSkill,
            ("occupation_id", "skill_id"),
            ("relation",),
            {
                (self._id(roles, job), self._id(skills, skill)): (relation,)
                for job, skill, relation in named
            },
            OccupationSkill.objects.filter(occupation__framework=self._framework),
        )

    def _ratings(self, roles: Mapping[str, str], skills: Mapping[str, str]) -> None:
        levels = {level.rank: str(level.id) for level in self._onet_levels()}
        self._pairs(
            "ratings",
            RoleRequirement,
            ("job_role_id", "skill_id"),
            ("level_id", "weight"),
            {
                (self._id(roles, one.occupation), self._id(skills, one.skill)): (
                    levels.get(int(one.level + 0.5), ""),  # the nearest, a half upwards
                    Decimal(str(one.importance)).quantize(Decimal("0.01")),
                )
                for one in self._rows.ratings or ()
            },
            RoleRequirement.objects.filter(job_role__framework=self._framework),
            fixed={"is_critical": False},
        )

    def _descriptors(
        self,
        name: str,
        scale: str,
        skills: Mapping[str, str],
        levels: Mapping[Any, str],
        wanted: Iterable[tuple[str, Any, str]],
    ) -> None:
        texts: dict[tuple[Hashable, ...], str] = {}
        for skill, level, text in wanted:
            key = (self._id(skills, skill), levels.get(level, str(level)))
            texts[key] = f"{texts[key]}; {text}" if key in texts else text
        self._pairs(
            name,
            SkillLevelDescriptor,
            ("skill_id", "level_id"),
            ("text",),
            {key: (text,) for key, text in texts.items()},
            SkillLevelDescriptor.objects.filter(
                skill__framework=self._framework, level__scale__code=scale
            ),
            fixed={"translations": {}},
        )

    def _onet_levels(self) -> list[ProficiencyLevel]:
        if self._writes:
            scale, _made = ProficiencyScale.objects.get_or_create(
                organization=None, code=ONET_SCALE, defaults={"name": "O*NET level"}
            )
            ProficiencyLevel.objects.bulk_create(
                (
                    ProficiencyLevel(
                        scale=scale, rank=rank, code=str(rank), label=f"Level {rank} of 7"
                    )
                    for rank in range(8)
                ),
                ignore_conflicts=True,
            )
        return list(
            ProficiencyLevel.objects.filter(scale__organization=None, scale__code=ONET_SCALE)
        )

    # Rows that only tie two others

    def _pairs(
        self,
        name: str,
        model: type[models.Model],
        key_columns: tuple[str, ...],
        value_columns: tuple[str, ...],
        wanted: dict[Any, tuple[Any, ...]],
        rows: models.QuerySet[Any],
        *,
        fixed: Mapping[str, Any] | None = None,
        keeps: Callable[[tuple[Any, ...]], bool] = lambda _key: False,
    ) -> None:
        part = self._report.parts[name] = PartReport()
        width = len(key_columns)
        missing, gone, changed = dict(wanted), [], []
        if self._framework is not None:
            found = rows.order_by().values_list("id", *key_columns, *value_columns)
            for row_id, *values in found.iterator(chunk_size=20_000):
                key = tuple(_flat(one) for one in values[:width])
                new = missing.pop(key, None)
                if new is None:
                    if not keeps(key):
                        gone.append(row_id)
                elif tuple(_flat(one) for one in values[width:]) != new:
                    changed.append((row_id, *new))
                else:
                    part.unchanged += 1
        part.added, part.changed, part.withdrawn = len(missing), len(changed), len(gone)
        if not self._writes:
            return
        delete_all(model, gone)
        update_all(model, value_columns, changed)
        same = dict(fixed or {})
        what = name.replace("_", " ")
        copy_in(
            model,
            [*key_columns, *value_columns, *same],
            ((*key, *values, *same.values()) for key, values in missing.items()),
            lambda n: self._told(f"writing {what}", n),
        )

    def _id(self, known: Mapping[str, str], identifier: str) -> str:
        found = known.get(identifier)
        if found is None:
            raise InvalidError.of(
                "file",
                identifier,
                _(
                    "%(identifier)s is named by a relation, but is not there: take in the file "
                    "that has it, together with this one or before."
                )
                % {"identifier": identifier[:200]},
            )
        return found


def _flat(value: Any) -> Any:
    return value if isinstance(value, str | int | float | Decimal) else str(value)


def _merged(
    old: Mapping[str, Any] | None, field: str, new: dict[str, Any], languages: set[str]
) -> dict[str, Any]:
    """The new texts, and the old ones of languages that the release does not speak."""
    kept = {k: v for k, v in old[field].items() if k not in languages} if old else {}
    return kept | {language: words for language, words in new.items() if words}


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [shown(old[name]), shown(value)]
        if name != "withdrawn_at"
        else [old[name] is not None, value is not None]
        for name, value in new.items()
        if old[name] != value
    }


def _count_in_use(skills: list[Any]) -> int:
    """How many of the skills something keeps from being removed: records, job roles, and more."""
    used: set[Any] = set()
    for relation in Skill._meta.related_objects if skills else ():
        if getattr(relation, "on_delete", None) is models.PROTECT:
            rows = relation.related_model._default_manager.filter(
                **{f"{relation.field.name}__in": skills}
            )
            if relation.related_model is RoleRequirement:
                rows = rows.exclude(job_role__organization=None)
            used.update(rows.values_list(relation.field.attname, flat=True))
    return len(used)
