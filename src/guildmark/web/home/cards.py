"""What each role finds on the start page: one function for each card.

A card asks the rooms' own selectors, so it shows what the actor may see and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildmark.achievements.models import AchievementVersion
from guildmark.achievements.selectors import list_versions
from guildmark.assessment.models import Attempt, PracticalAssessment
from guildmark.assessment.selectors import attempts_of, list_practicals
from guildmark.audit.selectors import audit_events
from guildmark.awards.models import Award, AwardStatus
from guildmark.awards.selectors import awards_ending, decisions_waiting
from guildmark.organizations import selectors
from guildmark.organizations.access import allows
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Role
from guildmark.skills.gaps import gaps_of_person, unit_summaries
from guildmark.wallet.selectors import own_awards
from guildmark.web.audit.words import action_words

SHOWN = 5
SOON = dt.timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a card: where it leads and a word about it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """Something to know or do, with the way there. `is_task`: somebody waits for it."""

    title: str
    text: str = ""
    lines: tuple[Line, ...] = ()
    action: str = ""
    url: str = ""
    is_task: bool = False


def cards(actor: Actor) -> list[Card]:
    """The cards for this actor, what there is to do before what there is to know."""
    found = [card for make in MAKERS if (card := make(actor)) is not None]
    return sorted(found, key=lambda card: not card.is_task)


def _open_test(actor: Actor) -> Card | None:
    if actor.person is None:
        return None
    attempt = (
        attempts_of(actor, actor.person)
        .filter(state=Attempt.State.OPEN, due_at__gt=timezone.now())
        .first()
    )
    if attempt is None:
        return None
    return Card(
        title=_("Your test is under way"),
        text=_("%(name)s, until %(end)s.")
        % {
            "name": attempt.test.version.name,
            "end": date_format(timezone.localtime(attempt.due_at), "H:i T"),
        },
        action=_("Go on with the test"),
        url=reverse("exam", args=[attempt.id]),
        is_task=True,
    )


def _own_gaps(actor: Actor) -> Card | None:
    if actor.person is None:
        return None
    gaps = gaps_of_person(actor, actor.person)
    if gaps is None or gaps.role is None:
        return None
    if not gaps.gap_count:
        text = _("You have every skill that your job needs.")
    else:
        text = ngettext(
            "%(n)d skill of your job is still open.",
            "%(n)d skills of your job are still open.",
            gaps.gap_count,
        ) % {"n": gaps.gap_count}
    return Card(
        title=_("Your next steps"),
        text=text,
        lines=tuple(
            Line(
                text=cell.skill.name,
                url=reverse("skill", args=[cell.skill.id]),
                note=_("%(required)s is asked for; you have %(held)s")
                % {"required": cell.required, "held": cell.held}
                if cell.held.rank
                else _("%(required)s is asked for") % {"required": cell.required},
            )
            for cell in gaps.open_cells[:3]
        ),
        action=_("My skills"),
        url=reverse("my_skills"),
    )


def _own_awards(actor: Actor) -> Card | None:
    if actor.person is None:
        return None
    awards = list(own_awards(actor)[:3])
    if not awards and not actor.has(Role.WORKER):
        return None
    return Card(
        title=_("Your newest credentials"),
        text="" if awards else _("You have none yet. Look in the catalogue what you could earn."),
        lines=tuple(
            Line(
                text=award.version.name,
                url=reverse("wallet_credential", args=[award.id]),
                note=_with_state(award, _day(award.awarded_at)),
            )
            for award in awards
        ),
        action=_("My credentials") if awards else _("Achievements"),
        url=reverse("wallet" if awards else "achievements"),
    )


def _with_state(award: Award, day: str) -> str:
    state = award.status_now
    return day if state == AwardStatus.ACTIVE else f"{day}, {state.label}"


def _practicals(actor: Actor) -> Card | None:
    if not actor.has(Role.ASSESSOR):
        return None
    begun = list_practicals(actor).filter(
        assessor=actor.person, state=PracticalAssessment.State.DRAFT
    )
    rows = list(begun[:SHOWN])
    return Card(
        title=_("Assessments you have begun"),
        text="" if rows else _("None is open."),
        lines=tuple(
            Line(
                text=row.person.name,
                url=reverse("practical", args=[row.id]),
                note=row.rubric.version.name,
            )
            for row in rows
        ),
        action=_("Assess"),
        url=reverse("practicals"),
        is_task=bool(rows),
    )


def _units(actor: Actor) -> Card | None:
    if not actor.has(Role.MANAGER) or not allows(actor, "gaps.view"):
        return None
    summaries = unit_summaries(actor)
    return Card(
        title=_("Your units"),
        text="" if summaries else _("Nobody works in your units today."),
        lines=tuple(
            Line(
                text=summary.unit.name,
                url=reverse("unit_gaps", args=[summary.unit.id]),
                note=ngettext("%(n)d open gap", "%(n)d open gaps", summary.open_gaps)
                % {"n": summary.open_gaps},
            )
            for summary in summaries[:SHOWN]
        ),
        action=_("All gaps"),
        url=reverse("gaps"),
    )


def _decisions(actor: Actor) -> Card | None:
    if not allows(actor, "awards.decide"):
        return None
    waiting = decisions_waiting(actor)
    return Card(
        title=_("Decisions that wait"),
        text=ngettext("%(n)d person waits.", "%(n)d people wait.", len(waiting))
        % {"n": len(waiting)}
        if waiting
        else _("Nobody waits for a decision."),
        lines=tuple(
            Line(
                text=row.person.name,
                url=reverse("decide", args=[row.version.id, row.person.id]),
                note=row.version.name,
            )
            for row in waiting[:SHOWN]
        ),
        action=_("All that wait"),
        url=reverse("decisions"),
        is_task=bool(waiting),
    )


def _drafts(actor: Actor) -> Card | None:
    if not allows(actor, "achievements.edit"):
        return None
    drafts = list(list_versions(actor, state=AchievementVersion.State.DRAFT)[:SHOWN])
    return Card(
        title=_("Drafts"),
        text="" if drafts else _("No achievement is being written."),
        lines=tuple(
            Line(
                text=draft.name,
                url=reverse("achievement", args=[draft.id]),
                note=draft.achievement.code,
            )
            for draft in drafts
        ),
        action=_("Achievements"),
        url=reverse("achievements"),
    )


def _ending(actor: Actor) -> Card | None:
    if not allows(actor, "awards.list"):
        return None
    awards = list(awards_ending(actor, until=actor.today + SOON)[:SHOWN])
    if not awards:
        return None
    return Card(
        title=_("Awards that end soon"),
        lines=tuple(
            Line(
                text=award.person.name,
                url=reverse("award", args=[award.id]),
                note=f"{award.version.name}, {_day(award.valid_until)}"
                if award.valid_until
                else award.version.name,
            )
            for award in awards
        ),
        action=_("Awards"),
        url=reverse("awards"),
    )


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def _administration(actor: Actor) -> Card | None:
    if not actor.has(Role.ADMINISTRATOR):
        return None
    accounts = selectors.memberships(actor).count()
    people = selectors.list_people(actor).count()
    last = audit_events(actor, action="people.import").first()
    lines = [
        Line(
            text=ngettext("%(n)d person", "%(n)d people", people) % {"n": people},
            url=reverse("people"),
        ),
        Line(
            text=ngettext("%(n)d account", "%(n)d accounts", accounts) % {"n": accounts},
            url=reverse("accounts"),
        ),
        Line(text=_("Units, stations and shifts"), url=reverse("units")),
    ]
    if last is not None:
        lines.append(
            Line(
                text=_("Last import of people"),
                url=f"{reverse('audit')}?action=people.import",
                note=date_format(timezone.localtime(last.occurred_at), "SHORT_DATETIME_FORMAT"),
            )
        )
    return Card(
        title=_("Administration"),
        lines=tuple(lines),
        action=_("Import people"),
        url=reverse("people_import"),
    )


def _trail(actor: Actor) -> Card | None:
    if not actor.has(Role.AUDITOR):
        return None
    return Card(
        title=_("Newest in the audit trail"),
        lines=tuple(
            Line(
                text=event.object_name,
                url=f"{reverse('audit')}?object_id={event.object_id}"
                if event.object_id
                else reverse("audit"),
                note=f"{action_words(event.action)}, {event.actor_name}",
            )
            for event in audit_events(actor)[:SHOWN]
        ),
        action=_("Audit trail"),
        url=reverse("audit"),
    )


MAKERS: tuple[Callable[[Actor], Card | None], ...] = (
    _open_test,
    _practicals,
    _decisions,
    _own_gaps,
    _own_awards,
    _units,
    _drafts,
    _ending,
    _administration,
    _trail,
)
