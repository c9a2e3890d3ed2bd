"""What must hold before a version is published, including what rooms above ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guildmark.achievements.models import AchievementVersion
from guildmark.errors import Text


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something that must be there first. `part` says where: version, skills, test or rubric."""

    part: str
    message: Text


Check = Callable[[AchievementVersion], Iterable[Missing]]
_checks: tuple[Check, ...] = ()


def connect_checks(checks: Sequence[Check]) -> None:
    """Set the checks of rooms above, replacing what was set before. Called by the wiring alone."""
    global _checks  # noqa: PLW0603 - the one registration of the composition
    _checks = tuple(checks)


def missing_for_publication(version: AchievementVersion) -> list[Missing]:
    """Everything that is still missing, in the order a training lead would add it."""
    missing = []
    for field, words in (
        ("description", _("Say in the description what it is about.")),
        ("criteria", _("Write down the criteria: what a person must show.")),
    ):
        if not getattr(version, field).strip():
            missing.append(Missing(part="version", message=words))
    if not version.skills.exists():
        missing.append(
            Missing(part="skills", message=_("Choose at least one skill that it attests."))
        )
    return missing + [found for check in _checks for found in check(version)]
