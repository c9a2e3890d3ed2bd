"""What would be if records, requirements or roles were otherwise: only what changes is reckoned."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from guildmark.analytics.gaps._arrays import Ints, Levels, ints, one_length
from guildmark.analytics.gaps._placing import Wanted, spread
from guildmark.analytics.gaps.own_role import (
    Gaps,
    Held,
    Requirements,
    beside,
    checked_held,
    checked_requirements,
)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The people whom a change reaches, before and after it.

    `people` are their indices; in `before` and `after` the n-th of them is person n.
    """

    people: Ints
    before: Gaps
    after: Gaps
    whole: Gaps
    """Everybody before the change."""

    def gaps(self) -> Gaps:
        """Everybody after the change, as if all had been reckoned anew."""
        stays = np.ones(len(self.whole.fit), dtype=np.bool_)
        stays[self.people] = False
        kept = np.flatnonzero(stays[self.whole.person])
        person = np.concatenate([self.whole.person[kept], self.people[self.after.person]])
        order = np.argsort(person, kind="stable")
        columns = {
            field.name: np.concatenate(
                [getattr(self.whole, field.name)[kept], getattr(self.after, field.name)]
            )[order]
            for field in fields(Gaps)
            if field.name not in ("person", "fit")
        }
        fit = self.whole.fit.copy()
        fit[self.people] = self.after.fit
        return Gaps(person=person[order], fit=fit, **columns)


class OwnRoles:
    """Own-role gaps of everybody, with what it takes to say what a change would do.

    `gaps` are those of `own_role_gaps`, which has the arguments and errors.
    """

    def __init__(
        self, *, person_role: npt.ArrayLike, requirements: Requirements, held: Held, skills: int
    ) -> None:
        self._roles = ints("person_role", person_role, low=-1)
        self._required = checked_requirements(requirements, skills)
        records = checked_held(held, len(self._roles), skills)
        self._skills = skills
        order = np.argsort(records.person, kind="stable")
        self._held = Held(**{name: values[order] for name, values in vars(records).items()})
        self._first = np.searchsorted(self._held.person, np.arange(len(self._roles) + 1))
        wanted = Wanted(self._roles, self._required.role, self._required.skill, skills)
        best = wanted.best(self._held.person, self._held.skill, self._held.level)
        self.gaps = beside(wanted, self._required, best)
        self._row = np.searchsorted(self.gaps.person, np.arange(len(self._roles) + 1))

    def what_if(
        self,
        *,
        held: Held | None = None,
        moves: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
        requirements: Requirements | None = None,
        roles: npt.ArrayLike | None = None,
    ) -> Changed:
        """What a change would do; nothing here is changed by it.

        `held`: these people hold these skills at these levels, in place of what they hold of them;
        level 0 takes a skill away. `moves`: people and the role each has then, -1 for none.
        `requirements`: `roles` (those it names) require this in place of all they require. The
        work grows with the people whom it reaches. Raises a GapInputError.
        """
        people = len(self._roles)
        none = np.zeros(0, dtype=np.int64)
        instead = Held(person=none, skill=none, level=none) if held is None else held
        instead = checked_held(instead, people, self._skills)
        new_role = self._roles
        reached = [instead.person]
        if moves is not None:
            who = ints("moves.person", moves[0], below=people)
            to = ints("moves.role", moves[1], low=-1)
            one_length("moves", person=who, role=to)
            new_role = new_role.copy()
            new_role[who] = to
            reached.append(who)
        required = self._required
        if requirements is not None:
            given = checked_requirements(requirements, self._skills)
            replaced = np.unique(given.role if roles is None else ints("roles", roles))
            stays = np.flatnonzero(~np.isin(required.role, replaced))
            required = Requirements(
                **{
                    name: np.concatenate([values[stays], getattr(given, name)])
                    for name, values in vars(required).items()
                }
            )
            reached.append(np.flatnonzero(np.isin(new_role, replaced)))
        concerned = np.unique(np.concatenate(reached))
        after = self._reckoned(concerned, new_role[concerned], required, instead)
        return Changed(people=concerned, before=self._now(concerned), after=after, whole=self.gaps)

    def _reckoned(self, people: Ints, roles: Ints, required: Requirements, instead: Held) -> Gaps:
        needed = np.flatnonzero(np.isin(required.role, roles))
        required = Requirements(**{name: v[needed] for name, v in vars(required).items()})
        person, record = spread(self._first, people)
        skill, level = self._held.skill[record], self._held.level[record]
        # What is held otherwise then does not count as it is now.
        others = np.searchsorted(people, instead.person)
        kept = ~np.isin(person * self._skills + skill, others * self._skills + instead.skill)
        wanted = Wanted(roles, required.role, required.skill, self._skills)
        best = wanted.best(
            np.concatenate([person[kept], others]),
            np.concatenate([skill[kept], instead.skill]),
            np.concatenate([level[kept], instead.level]),
        )
        return beside(wanted, required, best)

    def _now(self, people: Ints) -> Gaps:
        person, row = spread(self._row, people)
        columns: dict[str, Levels] = {
            field.name: getattr(self.gaps, field.name)[row]
            for field in fields(Gaps)
            if field.name not in ("person", "fit")
        }
        return Gaps(person=person, fit=self.gaps.fit[people], **columns)
