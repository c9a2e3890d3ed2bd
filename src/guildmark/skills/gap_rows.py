"""What gaps are reckoned from, read by one statement as columns of bytes.

A company has a hundred thousand records. As objects they would take ten times as long to make as
to reckon with, so the database packs them and numpy unpacks them; `guildmark.analytics` does the
arithmetic for one person and for all.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from guildmark.analytics import gaps as analytics
from guildmark.organizations.models import Employment, Organization
from guildmark.skills.models import RoleRequirement
from guildmark.skills.selectors import counting_records

# One number a record: who, which skill and which rank, with room for 8 million people, 16 million
# skills and every rank that the database holds.
_SKILL_BITS, _RANK_BITS = 24, 16

# Everything in one statement, so that an index means the same person in each column. Which skill a
# role requires is asked as a condition: joined, it would lead to looking each record up by itself.
_COLUMNS = """
WITH people AS MATERIALIZED (
    SELECT e.n, e.person_id, e.employment_id,
           coalesce(unit.n, 0) AS unit, coalesce(role.n, 0) AS role
    FROM ({people}) AS e
    LEFT JOIN unnest(%s::uuid[]) WITH ORDINALITY AS unit(id, n) ON unit.id = e.unit_id
    LEFT JOIN unnest(%s::uuid[]) WITH ORDINALITY AS role(id, n) ON role.id = e.role_id
)
SELECT
    (SELECT string_agg(uuid_send(employment_id), '' ORDER BY n) FROM people),
    (SELECT string_agg(int8send(unit), '' ORDER BY n) FROM people),
    (SELECT string_agg(int8send(role), '' ORDER BY n) FROM people),
    (SELECT string_agg(int8send(
                ((people.n - 1) << {person_shift}) | ((skill.n - 1) << {skill_shift}) | held.rank
            ), '')
     FROM ({records}) AS held
     JOIN people ON people.person_id = held.person_id
     JOIN unnest(%s::uuid[]) WITH ORDINALITY AS skill(id, n) ON skill.id = held.skill_id
     WHERE people.role * %s + skill.n = ANY(%s::bigint[]))
"""


@dataclass(frozen=True, kw_only=True)
class GapColumns:
    """People by index, each beside their job role; `unit` and `role` are -1 for none.

    `skills` are the identifiers that the skill indices of `gaps` stand for.
    """

    gaps: analytics.Gaps
    unit: analytics.Ints
    role: analytics.Ints
    skills: tuple[uuid.UUID, ...]
    employments: bytes

    def employment(self, person: int) -> uuid.UUID:
        """The identifier of a person's employment."""
        return uuid.UUID(bytes=self.employments[16 * person : 16 * (person + 1)])


def gap_columns(
    organization: Organization,
    employed: QuerySet[Employment],
    *,
    units: Sequence[uuid.UUID] = (),
    roles: Sequence[uuid.UUID],
    on: dt.date,
) -> GapColumns:
    """Compare these employments' people, in their order, with what the roles require.

    At most one employment a person; `units` and `roles` are what `unit` and `role` index.
    """
    required = list(
        RoleRequirement.objects.filter(job_role__in=roles)
        .order_by("id")
        .values_list("job_role_id", "skill_id", "level__rank", "weight", "is_critical")
    )
    role_index = _indices(roles)
    skills = tuple(dict.fromkeys(skill for _role, skill, *_rest in required))
    skill_index = _indices(skills)
    role_of = np.array([role_index[row[0]] for row in required], dtype=np.int64)
    skill_of = np.array([skill_index[row[1]] for row in required], dtype=np.int64)
    employments, unit, role, held = _read(
        employed,
        units,
        roles,
        counting_records(organization, on).values("person_id", "skill_id", rank=F("level__rank")),
        skills,
        (role_of, skill_of),
    )
    found = analytics.own_role_gaps(
        person_role=role,
        requirements=analytics.Requirements(
            role=role_of,
            skill=skill_of,
            level=np.array([row[2] for row in required], dtype=np.int64),
            weight=np.array([row[3] for row in required], dtype=np.float64),
            critical=np.array([row[4] for row in required], dtype=np.bool_),
        ),
        held=analytics.Held(
            person=held >> (_SKILL_BITS + _RANK_BITS),
            skill=(held >> _RANK_BITS) & ((1 << _SKILL_BITS) - 1),
            level=held & ((1 << _RANK_BITS) - 1),
        ),
        skills=max(1, len(skills)),
    )
    return GapColumns(gaps=found, unit=unit, role=role, skills=skills, employments=employments)


def _read(
    employed: QuerySet[Employment],
    units: Sequence[uuid.UUID],
    roles: Sequence[uuid.UUID],
    records: QuerySet[Any, Any],
    skills: Sequence[uuid.UUID],
    needed: tuple[analytics.Ints, analytics.Ints],
) -> tuple[bytes, analytics.Ints, analytics.Ints, analytics.Ints]:
    people = employed.order_by().values(
        "person_id",
        "unit_id",
        employment_id=F("id"),
        role_id=F("position__job_role__id"),
        n=Window(RowNumber(), order_by=[str(name) for name in employed.query.order_by] or None),
    )
    people_sql, people_parameters = people.query.sql_with_params()
    records_sql, records_parameters = records.order_by().query.sql_with_params()
    statement = _COLUMNS.format(
        people=people_sql,
        records=records_sql,
        person_shift=_SKILL_BITS + _RANK_BITS,
        skill_shift=_RANK_BITS,
    )
    # In the statement indices start at 1, and 0 is none.
    stride = len(skills) + 1
    role_of, skill_of = needed
    pairs = ((role_of + 1) * stride + skill_of + 1).tolist()
    parameters = [
        *people_parameters,
        list(units),
        list(roles),
        *records_parameters,
        list(skills),
        stride,
        pairs,
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        employments, *columns = (value or b"" for value in cursor.fetchone())
    unit, role, held = (np.frombuffer(one, dtype=">i8").astype(np.int64) for one in columns)
    return bytes(employments), unit - 1, role - 1, held


def _indices(values: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    return {value: n for n, value in enumerate(values)}
