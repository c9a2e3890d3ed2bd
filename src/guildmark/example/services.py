"""Loading the example company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.utils import timezone

from guildmark.awards import services as awards
from guildmark.example import history
from guildmark.example.clock import Clock
from guildmark.example.company import PASSWORD, SignIn, build_company, build_provider
from guildmark.example.content import achievements
from guildmark.organizations.models import Organization
from guildmark.skills import services as skills

SEED = 1423


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was made, and how to sign in to it."""

    people: int
    achievements: int
    awards: int
    password: str
    sign_ins: tuple[SignIn, ...]


def is_empty() -> bool:
    """Whether no organization exists yet."""
    return not Organization.objects.exists()


def load(progress: Callable[[str], None] = lambda _: None) -> Loaded:
    """Make Norvale Works and its provider, with the year up to now.

    Each act is a transaction of its own, as it would be in life; run it on an empty database.
    """
    random = Random(SEED)  # noqa: S311 - a seeded history, not a secret
    now = timezone.now()
    clock = Clock(now - dt.timedelta(days=370))
    scale = skills.ensure_iluo()
    framework = skills.load_starter_framework()
    with clock.running():
        company = build_company(random)
        progress(f"{len(company.people)} people in 12 units")
        awards.create_issuer_profile(
            actor=company.operator,
            name=company.organization.name,
            description="Pump and valve parts, made in Hamburg, Katowice and Aarhus.",
        )
        history.build_roles(company, framework, scale)
        history.observe_experience(company, framework, scale, random)
        published = history.publish_achievements(company, achievements(), framework, scale)
        progress(f"{len(published)} achievements published")
        clock.set(clock.after(days=5))
        courses = history.plan_year(company, published, random, clock, now - dt.timedelta(days=2))
        granted = history.tell_year(company, courses, random, clock, progress)
        history.end_some(company, granted, random)
    build_provider()
    return Loaded(
        people=len(company.people),
        achievements=len(published),
        awards=len(granted),
        password=PASSWORD,
        sign_ins=tuple(company.sign_ins),
    )
