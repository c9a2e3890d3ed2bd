"""Matching: which skills of a framework a text or another framework's skill means.

Plain values in and out. The model comes inside a wheel; nothing is fetched.

    index = build_index([Skill(id="1", label="weld pipes"), Skill(id="2", label="read drawings")])
    index.match(["You read drawings."], top=1)[0][0].label  # "read drawings"
"""

from guildmark.analytics.matching.crosswalk import crosswalk
from guildmark.analytics.matching.errors import MatchingError, ModelError
from guildmark.analytics.matching.index import Index, Model, Progress, build_index
from guildmark.analytics.matching.values import By, Match, Reason, Relation, Skill, Suggestion

__all__ = [
    "By",
    "Index",
    "Match",
    "MatchingError",
    "Model",
    "ModelError",
    "Progress",
    "Reason",
    "Relation",
    "Skill",
    "Suggestion",
    "build_index",
    "crosswalk",
]
