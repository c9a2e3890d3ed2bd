"""Forms of the skill pages, and the choosing of skills and levels that other pages share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.actor import Actor
from guildmark.skills.models import Framework, ProficiencyLevel, Skill, SkillKind
from guildmark.skills.selectors import iluo_levels, visible_skills

_BIGGEST = 300
"""A framework with more skills is not offered in a list that has no search."""


class LevelField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A level of ILUO above none, with what it means."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Level"))
        super().__init__(ProficiencyLevel.objects.none(), widget=forms.RadioSelect, **kwargs)
        self.empty_label = None

    def label_from_instance(self, level: ProficiencyLevel) -> str:
        """`L · alone: Does it alone, to standard.`"""
        meaning = level.told("descriptor")
        return f"{level}: {meaning}" if meaning else str(level)

    def offer(self) -> None:
        """Offer the levels as they are in the database."""
        ids = [level.id for level in iluo_levels()]
        self.queryset = ProficiencyLevel.objects.filter(id__in=ids).order_by("rank")


class SkillField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A skill out of a list by group, in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Skill.objects.none(), label=_("Skill"), **kwargs)

    def offer(self, skills: QuerySet[Skill], first: Iterable[Skill] = ()) -> None:
        """Offer `first` in a group of their own, then the others by framework and group."""
        skills = skills.exclude(kind__in=(SkillKind.GROUP, SkillKind.TASK, SkillKind.TOOL))
        self.queryset = skills
        near = {skill.id: skill for skill in first}
        groups: dict[str, list[tuple[str, str]]] = {}
        for skill in near.values():
            groups.setdefault(str(_("The work asks for")), []).append(_choice(skill))
        for skill in skills.filter(framework_id__in=_small_frameworks(skills)).order_by(
            "framework__title", "framework__version", "group", "code"
        ):
            if skill.id not in near:
                group = f"{skill.framework}: {skill.told('group')}"
                groups.setdefault(group, []).append(_choice(skill))
        self.choices = [("", "—"), *groups.items()]


class SkillLevelForm(forms.Form):
    """A skill and a level of it; O*NET's general skills only where `first` or `with_onet`."""

    skill = SkillField()
    level = LevelField()

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        first: Iterable[Skill] = (),
        with_onet: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        skill, level = self.fields["skill"], self.fields["level"]
        if isinstance(skill, SkillField) and isinstance(level, LevelField):
            near = list(first)
            skills = visible_skills(actor)
            if not with_onet:
                onet = skills.filter(framework__source=Framework.Source.ONET)
                onet = onet.exclude(id__in=[one.id for one in near])
                skills = skills.exclude(id__in=onet.values("id"))
            skill.offer(skills, near)
            level.offer()


class ClaimForm(SkillLevelForm):
    """What a person says of themself."""

    note = forms.CharField(label=_("Where did you learn it?"), required=False, max_length=300)


class ObservationForm(SkillLevelForm):
    """What a manager has seen a person do."""

    note = forms.CharField(label=_("What did you see?"), required=False, max_length=300)


def _choice(skill: Skill) -> tuple[str, str]:
    return str(skill.id), skill.name


def _small_frameworks(skills: QuerySet[Skill]) -> list[uuid.UUID]:
    counts: dict[uuid.UUID, int] = {}
    for framework_id in skills.order_by().values_list("framework_id", flat=True):
        counts[framework_id] = counts.get(framework_id, 0) + 1
    return [framework_id for framework_id, count in counts.items() if count <= _BIGGEST]
