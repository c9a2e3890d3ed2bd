"""Gaps: what job roles require minus what people hold. Arrays in, arrays out.

People, roles, skills and groups are indices from 0; whoever calls keeps what they stand for. A
level is a number on one ordered scale (ILUO: 0 none to 4 teaches), a weight any positive number. A
gap counts in levels; a fit is the weighted share of the required levels that is held, each held
level counted up to the required one.

`own_role_gaps` compares people with their own role, `fits` with every role, `near_fits` finds who
could move, `OwnRoles.what_if` says what a change would do, `trend` goes over days, `by_group` and
its like add up. `gaps_of_frame` takes data frames with names in place of indices.
"""

from guildmark.analytics.gaps._arrays import (
    Bools,
    Days,
    Floats,
    GapInputError,
    Ints,
    Levels,
    OutOfRangeError,
    RepeatedRequirementError,
    WrongLengthError,
    WrongTypeError,
)
from guildmark.analytics.gaps.all_roles import Fits, fit_blocks, fits
from guildmark.analytics.gaps.dates import DatedHeld, Staff, Trend, held_on, staff_on, trend
from guildmark.analytics.gaps.frames import gaps_of_frame
from guildmark.analytics.gaps.groups import (
    GroupGaps,
    GroupSkillGaps,
    by_goal,
    by_group,
    by_group_and_skill,
    by_membership,
)
from guildmark.analytics.gaps.moves import Missing, Moves, Steps, near_fits
from guildmark.analytics.gaps.named import NamedGaps, TableError, TableProblem
from guildmark.analytics.gaps.own_role import GapRows, Gaps, Held, Requirements, own_role_gaps
from guildmark.analytics.gaps.what_if import Changed, OwnRoles

__all__ = [
    "Bools",
    "Changed",
    "DatedHeld",
    "Days",
    "Fits",
    "Floats",
    "GapInputError",
    "GapRows",
    "Gaps",
    "GroupGaps",
    "GroupSkillGaps",
    "Held",
    "Ints",
    "Levels",
    "Missing",
    "Moves",
    "NamedGaps",
    "OutOfRangeError",
    "OwnRoles",
    "RepeatedRequirementError",
    "Requirements",
    "Staff",
    "Steps",
    "TableError",
    "TableProblem",
    "Trend",
    "WrongLengthError",
    "WrongTypeError",
    "by_goal",
    "by_group",
    "by_group_and_skill",
    "by_membership",
    "fit_blocks",
    "fits",
    "gaps_of_frame",
    "held_on",
    "near_fits",
    "own_role_gaps",
    "staff_on",
    "trend",
]
