"""Gaps: what job roles require minus what people hold. Arrays in, arrays out.

People, roles, skills and groups are indices from 0; whoever calls keeps what they stand for. A
level is a rank on one ordered scale (ILUO: 0 none to 4 teaches), a weight any positive number. A
gap counts in ranks; a fit is the weighted share of the required ranks that is held.
"""

from guildmark.analytics.gaps._arrays import (
    Bools,
    Floats,
    GapInputError,
    Ints,
    OutOfRangeError,
    RepeatedRequirementError,
    WrongLengthError,
    WrongTypeError,
)
from guildmark.analytics.gaps.groups import (
    GroupGaps,
    GroupSkillGaps,
    by_group,
    by_group_and_skill,
)
from guildmark.analytics.gaps.own_role import GapRows, Gaps, Held, Requirements, own_role_gaps

__all__ = [
    "Bools",
    "Floats",
    "GapInputError",
    "GapRows",
    "Gaps",
    "GroupGaps",
    "GroupSkillGaps",
    "Held",
    "Ints",
    "OutOfRangeError",
    "RepeatedRequirementError",
    "Requirements",
    "WrongLengthError",
    "WrongTypeError",
    "by_group",
    "by_group_and_skill",
    "own_role_gaps",
]
