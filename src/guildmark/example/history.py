"""A year of the example company: who took what, how it ended."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from random import Random

from guildmark.achievements import services as achievements
from guildmark.achievements.models import AchievementVersion
from guildmark.assessment import services as assessment
from guildmark.assessment.models import Attempt, Item, PracticalAssessment
from guildmark.awards import services as awards
from guildmark.awards.models import Award
from guildmark.example.clock import Clock
from guildmark.example.company import Company
from guildmark.example.content import AchievementContent, ItemContent, read
from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Person, Position, Role
from guildmark.skills import services as skills
from guildmark.skills.models import Framework, ProficiencyLevel, ProficiencyScale, Skill

RANKS = {"I": 1, "L": 2, "U": 3, "O": 4}
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Published:
    """A published achievement with what the generator knows of its answers."""

    content: AchievementContent
    version: AchievementVersion
    answers: dict[str, ItemContent]
    """By the text of the question."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """One person's way to one achievement, planned before it is told."""

    starts: dt.datetime
    person: Person
    published: Published
    talent: float


def build_roles(company: Company, framework: Framework, scale: ProficiencyScale) -> None:
    """The twelve job roles with their required skills."""
    by_code = {skill.code: skill for skill in framework.skills.all()}
    levels = {level.code: level for level in scale.levels.all()}
    codes: dict[str, str] = read("skills")
    positions = {p.code: p for p in Position.objects.filter(organization=company.organization)}
    for code, raw in read("roles").items():
        role = skills.create_job_role(
            actor=company.lead,
            code=code,
            title=raw["title"],
            description=raw["description"],
            position=positions[code],
        )
        for line in raw["skills"]:
            key, letter, weight, *critical = line.split()
            skills.set_requirement(
                actor=company.lead,
                job_role=role,
                skill=by_code[codes[key]],
                level=levels[letter],
                weight=weight,
                is_critical=bool(critical),
            )


def publish_achievements(
    company: Company,
    contents: list[AchievementContent],
    framework: Framework,
    scale: ProficiencyScale,
) -> list[Published]:
    """Define, equip and publish every achievement; authorize the assessors for its skills."""
    by_code = {skill.code: skill for skill in framework.skills.all()}
    levels = {level.code: level for level in scale.levels.all()}
    authorized: set[tuple[str, str]] = set()
    done = []
    for content in contents:
        attested = [(by_code[code], levels[letter]) for code, letter in content.skills]
        version = _define(company.lead, content, attested)
        if content.rubric:
            assessment.set_rubric(
                actor=company.lead,
                version=version,
                task=content.task,
                min_points=max(1, round(1.5 * len(content.rubric))),
                criteria=list(content.rubric),
            )
        published = achievements.publish_version(actor=company.lead, version=version)
        for assessor in company.assessors:
            for skill, _ in attested:
                key = (assessor.name, skill.code)
                if assessor.person is not None and key not in authorized:
                    authorized.add(key)
                    assessment.authorize_assessor(
                        actor=company.lead,
                        person=assessor.person,
                        skill=skill,
                        valid_from=company.organization.today(),
                    )
        done.append(
            Published(
                content=content,
                version=published,
                answers={item.stem: item for item in content.items},
            )
        )
    return done


def _define(
    lead: Actor, content: AchievementContent, attested: list[tuple[Skill, ProficiencyLevel]]
) -> AchievementVersion:
    version = achievements.create_achievement(
        actor=lead,
        code=content.code,
        name=content.name,
        description=content.description,
        criteria=content.criteria,
        area=content.area,
        workload_hours=content.hours,
        eqf_level=content.eqf,
        assessment_type=content.assessment_type,
        validity_months=content.validity_months,
        quality_assurance="Two people look at each award: the assessor and whoever decides.",
    )
    achievements.set_attested_skills(actor=lead, version=version, skills=attested)
    items = [
        assessment.create_item(
            actor=lead,
            skill=attested[index % len(attested)][0],
            kind=item.kind,
            stem=item.stem,
            options=list(item.options),
            number=item.number,
            tolerance=item.tolerance,
            unit=item.unit,
        )
        for index, item in enumerate(content.items)
    ]
    assessment.set_test(
        actor=lead,
        version=version,
        items=items,
        time_limit_minutes=20,
        cut_score_percent=70 if len(items) > 3 else 66,
        max_attempts=3,
    )
    return version


def plan_year(
    company: Company, published: list[Published], random: Random, clock: Clock, until: dt.datetime
) -> list[Course]:
    """Who sets out for which achievement when: what the job role needs, most of all."""
    needs: dict[str, set[str]] = {
        code: {line.split()[0] for line in raw["skills"]} for code, raw in read("roles").items()
    }
    codes: dict[str, str] = read("skills")
    span = (until - clock.moment).total_seconds()
    courses = []
    for person in company.people:
        needed = {codes[key] for key in needs[company.position_of[person.number]]}
        fitting = [p for p in published if needed & {code for code, _ in p.content.skills}]
        share = random.uniform(0.0, 0.38)
        for one in fitting:
            if random.random() < share:
                # More people each month: the programme grows over the year.
                offset = span * random.random() ** 0.7
                starts = clock.moment + dt.timedelta(seconds=offset)
                if company.organization.day_of(starts) <= company.hired_on[person.number]:
                    continue
                if company.lead.person == person and one.version.needs_test:
                    continue  # who has written a test does not take it
                courses.append(
                    Course(
                        starts=starts,
                        person=person,
                        published=one,
                        talent=random.betavariate(7, 1.5),
                    )
                )
    return sorted(courses, key=lambda course: course.starts)


def worker(company: Company, person: Person) -> Actor:
    """The person at a kiosk, without an account of their own."""
    return Actor(
        organization=company.organization,
        person=person,
        roles=frozenset({Role.WORKER}),
        source="kiosk",
    )


def tell_year(
    company: Company, courses: list[Course], random: Random, clock: Clock, progress: Progress
) -> list[Award]:
    """Let all courses happen side by side, each step at its time.

    A course is a generator that yields the moment of its next step. Steps that would fall after
    the last start stay undone: tests half taken, practicals half scored, decisions waiting.
    """
    granted: list[Award] = []
    end = courses[-1].starts
    walks = [_walk(company, course, random, clock, granted) for course in courses]
    queue = [(course.starts, number) for number, course in enumerate(courses)]
    heapq.heapify(queue)
    month = ""
    while queue:
        moment, number = heapq.heappop(queue)
        clock.set(moment)
        if f"{moment:%B %Y}" != month:
            month = f"{moment:%B %Y}"
            progress(f"{month}: {len(granted)} credentials so far")
        following = next(walks[number], None)
        if following is not None and following <= end:
            heapq.heappush(queue, (following, number))
    return granted


def _walk(
    company: Company, course: Course, random: Random, clock: Clock, granted: list[Award]
) -> Iterator[dt.datetime]:
    version = course.published.version
    if version.needs_test:
        passed = False
        for trial in range(2):
            yield from _take_test(company, course, random, clock, trial=trial)
            passed = bool(
                Attempt.objects.filter(test__version=version, person=course.person)
                .order_by("-started_at")
                .values_list("passed", flat=True)[0]
            )
            if passed or random.random() < 0.4:
                break
            yield clock.after(days=random.uniform(1, 9))
        if not passed:
            return
    if version.needs_practical:
        yield clock.after(days=random.uniform(0.5, 8))
        practical = yield from _take_practical(company, course, random, clock)
        if not practical.passed:
            return
    yield clock.after(days=random.uniform(0.2, 5))
    award = _decide(company, course, random)
    if award is not None:
        granted.append(award)


def _take_test(
    company: Company, course: Course, random: Random, clock: Clock, *, trial: int
) -> Iterator[dt.datetime]:
    actor = worker(company, course.person)
    attempt = assessment.start_attempt(actor=actor, version=course.published.version)
    for item in _drawn_items(attempt):
        yield clock.after(minutes=random.uniform(0.4, 2.5))
        knows = random.random() < min(0.98, course.talent + 0.12 * trial)
        answer = _answer(item, course.published.answers[item.stem], random, knows=knows)
        assessment.save_answer(actor=actor, attempt=attempt, item_id=item.id, answer=answer)
    assessment.submit_attempt(actor=actor, attempt=attempt)


def _drawn_items(attempt: Attempt) -> list[Item]:
    responses = attempt.responses.select_related("item").prefetch_related("item__options")
    return [response.item for response in responses]


def _answer(item: Item, content: ItemContent, random: Random, *, knows: bool) -> object:
    if content.number is not None:
        number = content.number if knows else content.number + content.number / 4 + 1
        return str(number)
    right = [str(o.id) for o in item.options.all() if o.is_right]
    if not knows:
        wrong = [str(o.id) for o in item.options.all() if not o.is_right]
        right = [*right[:-1], random.choice(wrong)] if wrong else right[:-1]
    return right[0] if content.kind == "single" else right


def _take_practical(
    company: Company, course: Course, random: Random, clock: Clock
) -> Generator[dt.datetime, None, PracticalAssessment]:
    others = [a for a in company.assessors if a.person and a.person.id != course.person.id]
    assessor = random.choice(others)
    practical = assessment.start_practical(
        actor=assessor, version=course.published.version, person=course.person
    )
    for criterion in practical.rubric.criteria.all():
        yield clock.after(minutes=random.uniform(1, 6))
        shown = random.random() < course.talent + 0.1
        assessment.score_criterion(
            actor=assessor,
            practical=practical,
            criterion=criterion,
            score=2 if shown else 1,
            note="" if shown else "Needed a hint.",
        )
    note = (
        f"{course.person.name}: {course.published.content.task}\n"
        f"Seen on {clock.moment:%Y-%m-%d} by {assessor.name}.\n"
    )
    assessment.add_evidence(
        actor=assessor,
        practical=practical,
        name="observation.txt",
        data=note.encode(),
        caption="Notes beside the machine",
    )
    return assessment.submit_practical(actor=assessor, practical=practical)


def _decide(company: Company, course: Course, random: Random) -> Award | None:
    decider = company.lead if random.random() < 0.6 else company.quality
    if decider.person is not None and decider.person.id == course.person.id:
        decider = company.quality if decider is company.lead else company.lead
    refused = random.random() < 0.02
    decision = awards.decide_award(
        actor=decider,
        version=course.published.version,
        person=course.person,
        outcome="refused" if refused else "granted",
        reason="The evidence does not show the task named in the rubric." if refused else "",
    )
    if decision.award is None:
        return None
    awards.sign_award(decision.award.id)
    return decision.award


def end_some(company: Company, granted: list[Award], random: Random) -> None:
    """A few awards are revoked or suspended, each with its reason."""
    for award in random.sample(granted, k=max(1, len(granted) // 80)):
        awards.revoke_award(
            actor=company.quality, award=award, reason="The test was taken by somebody else."
        )
        granted.remove(award)
    for award in random.sample(granted, k=max(1, len(granted) // 100)):
        awards.suspend_award(
            actor=company.quality, award=award, reason="Under review after a near miss."
        )


def observe_experience(
    company: Company, framework: Framework, scale: ProficiencyScale, random: Random
) -> None:
    """What long-serving people could do before the programme began, as their managers saw it."""
    by_code = {skill.code: skill for skill in framework.skills.all()}
    levels = {level.rank: level for level in scale.levels.all()}
    codes: dict[str, str] = read("skills")
    roles = read("roles")
    for person in company.people:
        manager = company.managers[company.unit_of[person.number]]
        if not manager.manages(person) or manager.person == person:
            continue
        for line in roles[company.position_of[person.number]]["skills"]:
            key, letter, *_ = line.split()
            if random.random() < 0.5:
                rank = max(1, RANKS[letter] - random.choice([0, 0, 1]))
                skills.record_observation(
                    actor=manager,
                    person=person,
                    skill=by_code[codes[key]],
                    level=levels[rank],
                    note="Seen at work before the programme began",
                )
