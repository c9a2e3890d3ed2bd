"""Forms of the skill pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildmark.organizations.actor import Actor
from guildmark.skills.models import Framework, ProficiencyLevel, Skill
from guildmark.skills.selectors import iluo_levels, visible_skills


class SkillLevelForm(forms.Form):
    """A skill and a level of it."""

    skill = forms.ModelChoiceField(Skill.objects.none(), label=_("Skill"))
    level = forms.ModelChoiceField(ProficiencyLevel.objects.none(), label=_("Level"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skills = self.fields["skill"]
        levels = self.fields["level"]
        if isinstance(skills, forms.ModelChoiceField):
            skills.queryset = (
                visible_skills(actor)
                .exclude(framework__source=Framework.Source.ONET)
                .order_by("group", "code")
            )
        if isinstance(levels, forms.ModelChoiceField):
            levels.queryset = ProficiencyLevel.objects.filter(
                id__in=[level.id for level in iluo_levels()]
            ).order_by("rank")


class ClaimForm(SkillLevelForm):
    """What a person says of themself."""

    note = forms.CharField(label=_("Where did you learn it?"), required=False, max_length=300)
