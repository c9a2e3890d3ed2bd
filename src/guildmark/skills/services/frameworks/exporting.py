"""A framework as others read it: rows for a writer, and the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from guildmark.errors import InvalidError
from guildmark.organizations.models import Organization
from guildmark.skills.models import (
    Framework,
    SkillAlignment,
    SkillBroader,
    SkillLevelDescriptor,
    SkillRelation,
)
from guildmark.skills.readers.shape import AlignmentRow, FrameworkRows, SkillRow
from guildmark.skills.services.starter import ILUO
from guildmark.skills.writers.case import write_case
from guildmark.skills.writers.ctdl_asn import write_ctdl_asn
from guildmark.skills.writers.template import write_template


@dataclass(frozen=True, kw_only=True)
class ExportedFile:
    """A file to hand over."""

    name: str
    media_type: str
    data: bytes


def export_framework(
    framework: Framework, file_format: str, *, organization: Organization | None = None
) -> ExportedFile:
    """The framework as `csv`, `case` (1.1) or `ctdl-asn`: skills, not occupations.

    With an organization its own confirmed alignments go along. Raises InvalidError for another
    format.
    """
    if file_format not in FORMATS:
        raise InvalidError.of("format", file_format, _("Choose csv, case or ctdl-asn."))
    ending, media_type, write = FORMATS[file_format]
    rows = rows_of(framework, organization)
    stem = "".join(one if one.isalnum() else "-" for one in str(framework).lower())
    return ExportedFile(
        name=f"{stem.strip('-')[:80] or 'framework'}.{ending}",
        media_type=media_type,
        data=write(rows, changed_at(framework)),
    )


def changed_at(framework: Framework) -> dt.datetime:
    """When something of it last changed."""
    last = framework.releases.aggregate(at=Max("imported_at"))["at"]
    return last or framework.created_at


def rows_of(framework: Framework, organization: Organization | None = None) -> FrameworkRows:
    """The framework in the shape of every format, in seven statements."""
    skills = list(framework.skills.order_by("group", "code", "label", "identifier"))
    by_id = {skill.id: skill.identifier for skill in skills}
    owners = Q(organization=None) | Q(organization=organization)
    levels = SkillLevelDescriptor.objects.filter(
        skill__framework=framework, level__scale__organization=None, level__scale__code=ILUO
    )
    return FrameworkRows(
        identifier=framework.identifier,
        title=framework.title,
        version=framework.version,
        source=framework.source,
        language=framework.language,
        publisher=framework.publisher,
        licence=framework.licence,
        attribution=framework.attribution,
        description=framework.description,
        details=framework.details,
        skills=tuple(
            SkillRow(
                identifier=skill.identifier,
                label=skill.label,
                kind=skill.kind,
                code=skill.code,
                statement=skill.statement,
                scope_note=skill.scope_note,
                group=skill.group,
                translations=skill.translations,
                other_names=skill.other_names,
                details=skill.details,
                is_withdrawn=skill.withdrawn_at is not None,
            )
            for skill in skills
        ),
        broader=tuple(
            (by_id[low], by_id[high], at)
            for low, high, at in SkillBroader.objects.filter(skill__framework=framework)
            .order_by("broader_id", "position", "id")
            .values_list("skill_id", "broader_id", "position")
        ),
        relations=tuple(
            (by_id[skill], kind, by_id[other])
            for skill, kind, other in SkillRelation.objects.filter(skill__framework=framework)
            .order_by("id")
            .values_list("skill_id", "kind", "other_id")
        ),
        alignments=tuple(
            AlignmentRow(
                skill=by_id[one.skill_id],
                match=one.match,
                target_identifier=one.target_identifier,
                target_label=one.target_label,
                target_framework=one.target_framework,
            )
            # One's own decision comes last, and is the one that stays where both say something.
            for one in {
                (one.skill_id, one.target_identifier): one
                for one in SkillAlignment.objects.filter(
                    owners, skill__framework=framework, outcome=SkillAlignment.Outcome.CONFIRMED
                ).order_by("organization_id", "id")
            }.values()
        ),
        levels=tuple(
            (by_id[skill], letter, text)
            for skill, letter, text in levels.order_by("skill__code", "level__rank").values_list(
                "skill_id", "level__code", "text"
            )
        )
        or None,
    )


def _csv(rows: FrameworkRows, _at: dt.datetime) -> bytes:
    # With the mark by which spreadsheets know UTF-8.
    return b"\xef\xbb\xbf" + write_template(rows).encode()


def _case(rows: FrameworkRows, at: dt.datetime) -> bytes:
    return _json(write_case(rows, changed_at=at))


def _ctdl_asn(rows: FrameworkRows, _at: dt.datetime) -> bytes:
    return _json(write_ctdl_asn(rows))


def _json(document: Any) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


Write = Callable[[FrameworkRows, dt.datetime], bytes]
FORMATS: dict[str, tuple[str, str, Write]] = {
    "csv": ("csv", "text/csv; charset=utf-8", _csv),
    "case": ("case.json", "application/json", _case),
    "ctdl-asn": ("ctdl-asn.json", "application/ld+json", _ctdl_asn),
}
