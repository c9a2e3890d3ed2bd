"""Which achievements close a gap."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guildmark.achievements.models import AchievementVersion, AttestedSkill
from guildmark.achievements.selectors import published_attesting
from guildmark.organizations.actor import Actor
from guildmark.skills.gaps import Cell

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Way:
    """A published achievement that brings a person further in a skill."""

    attested: AttestedSkill
    closes: bool
    """Whether its level is the required one or above; else it only comes nearer."""

    @property
    def version(self) -> AchievementVersion:
        """The achievement."""
        return self.attested.version


def ways_to_close(actor: Actor, cells: Iterable[Cell]) -> Mapping[uuid.UUID, list[Way]]:
    """For each skill with a gap up to three achievements, by the skill's identifier.

    Those that close the gap come first, of them the one that asks for least; then those that
    bring the person nearest. One query for all cells.
    """
    open_cells = [cell for cell in cells if cell.gap]
    attesting = published_attesting(actor, [cell.skill.id for cell in open_cells])
    found: dict[uuid.UUID, list[Way]] = {}
    for cell in open_cells:
        rows = [a for a in attesting.get(cell.skill.id, []) if a.level.rank > cell.held.rank]
        enough = [a for a in rows if a.level.rank >= cell.required.rank]
        nearer = [a for a in rows if a.level.rank < cell.required.rank]
        enough.sort(key=lambda a: a.level.rank)
        found[cell.skill.id] = [
            *(Way(attested=a, closes=True) for a in enough),
            *(Way(attested=a, closes=False) for a in nearer),
        ][:SHOWN]
    return found
