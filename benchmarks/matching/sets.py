"""Labelled sets of our own, made from what ESCO and O*NET publish.

Three constructions; in each, what is learned from and what is measured on share no skill (or
activity): a skill is held out by a hash of its id, one in three.

- `adverts`: phrases of job adverts around the names of skills that one occupation asks for. A third
  of the mentions are the preferred label, a third an alternative label that the index knows, a
  third one that was withheld from the index. TECH-like: occupations of ISCO groups 133, 25 and 35
  (computing); HOUSE-like: all others. Half the mentions have a stretch of an O*NET task statement
  beside them as noise.
- `descriptions`: the first sentence of a skill's description, all descriptions withheld from the
  index.
- `tasks`: O*NET's task statements against its detailed work activities, as its analysts paired
  them. Real sentences and human judgement, and no word in common with ESCO.

And `sentences.tsv`: 121 sentences in the manner of adverts (60 TECH-like, 61 HOUSE-like) written
and labelled by hand by the authors of this benchmark, with labels of ESCO 1.1.1. No weight was
learned from them; which features to keep was chosen with a look at them.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sources import Esco

from guildmark.analytics.matching import Skill

TECH = ("133", "25", "35")
TEMPLATES = """Experience with {}.|You have experience with {} and {}.|We expect you to {v}.
You will {v} and {v}.|Your tasks: {v}, {v} and {v}.|Solid knowledge of {}.
Knowledge of {} is an advantage.|You are able to {v}.
The role includes that you {v} in close cooperation with colleagues across the organisation.
Ability to {v} under time pressure.|Strong skills in {}, {} or {}.
As part of the team you {v}, and you report to the head of department.
Familiarity with {} or similar is a plus, but not a must.
You have worked with {} for at least three years.|Responsible for {}.
We are looking for someone who can {v} in a growing company.|A background in {} is preferred.
You enjoy to {v} and to learn new things every day.|Interest in {} and {}.
Understanding of {} in an industrial setting.|You bring a degree and practical experience in {}.
Together with the customer you {v}.|Good command of {}.|Help us to {v}.|Excellent {} skills.
{} ( required ) and {} ( nice to have ).|You {v} every day, while keeping an eye on {}.|{}"""
PHRASES = [phrase for line in TEMPLATES.split("\n") for phrase in line.split("|")]


@dataclass(frozen=True)
class Labelled:
    text: str
    skills: frozenset[str]


def is_held_out(key: str) -> bool:
    """Whether a skill is measured on, and never learned from."""
    return hashlib.sha256(key.encode()).digest()[0] % 3 == 0


def withheld_names(skill: Skill) -> tuple[str, ...]:
    """A third of the alternative labels of a skill with three or more."""
    names = sorted(skill.alternatives)
    random.Random(skill.id).shuffle(names)
    return tuple(names[: len(names) // 3])


def with_names_withheld(skills: Iterable[Skill]) -> list[Skill]:
    found = []
    for skill in skills:
        withheld = set(withheld_names(skill))
        kept = tuple(name for name in skill.alternatives if name not in withheld)
        found.append(replace(skill, alternatives=kept))
    return found


def without_descriptions(skills: Iterable[Skill]) -> list[Skill]:
    return [replace(skill, description="") for skill in skills]


def adverts(
    esco: Esco,
    tasks: list[str],
    *,
    held_out: bool,
    tech: bool | None,
    count: int,
    seed: int,
    only_withheld: bool = False,
) -> list[Labelled]:
    """`tech` None draws from all occupations, a third of them computing. `only_withheld` takes
    only names that the index does not know."""
    dice = random.Random(seed)
    by_id = {skill.id: skill for skill in esco.skills}
    everywhere = [key for key, asked in esco.occupations.items() if len(asked) > 3]
    computing = [key for key in everywhere if esco.isco.get(key, "").startswith(TECH)]
    others = sorted(set(everywhere) - set(computing))
    found: list[Labelled] = []
    while len(found) < count:
        is_tech = dice.random() < 1 / 3 if tech is None else tech
        occupation = dice.choice(computing if is_tech else others)
        asked = [by_id[key] for key in esco.occupations[occupation] if is_held_out(key) is held_out]
        if only_withheld:
            asked = [skill for skill in asked if withheld_names(skill)]
        knowledge = [skill for skill in asked if skill.id in esco.knowledge]
        doing = [skill for skill in asked if skill.id not in esco.knowledge]
        phrase = dice.choice(PHRASES)
        gold: set[str] = set()

        def mention(pool: list[Skill]) -> str:
            skill = dice.choice(pool)
            gold.add(skill.id)  # noqa: B023
            withheld = withheld_names(skill)
            known = [name for name in skill.alternatives if name not in withheld]
            label = [skill.label.partition(" (")[0]]
            names = [list(withheld)] if only_withheld else [label, known, list(withheld)]
            return dice.choice(dice.choice(names) or label)

        if ("{v}" in phrase and not doing) or not (knowledge or doing):
            continue
        while "{v}" in phrase:
            phrase = phrase.replace("{v}", mention(doing), 1)
        while "{}" in phrase:
            phrase = phrase.replace("{}", mention(knowledge or doing), 1)
        if dice.random() < 0.5:
            words = dice.choice(tasks).rstrip(".").split()
            start = dice.randrange(max(1, len(words) - 4))
            phrase = f"{phrase.rstrip('.')}, {' '.join(words[start : start + 4]).lower()}."
        found.append(Labelled(phrase[0].upper() + phrase[1:], frozenset(gold)))
    return found


def descriptions(esco: Esco, *, held_out: bool, count: int, seed: int) -> list[Labelled]:
    """Two thirds are drawn by occupation, so that what many ask for is met more often."""
    dice = random.Random(seed)
    by_id = {skill.id: skill for skill in esco.skills}
    occupations = list(esco.occupations.values())
    found: list[Labelled] = []
    while len(found) < count:
        by_occupation = dice.random() < 2 / 3
        key = dice.choice(dice.choice(occupations) if by_occupation else list(by_id))
        sentence = re.split(r"(?<=[.;]) ", by_id[key].description)[0]
        if is_held_out(key) is held_out and 30 < len(sentence) < 250:
            found.append(Labelled(sentence, frozenset([key])))
    return found


def task_pairs(
    tasks: dict[str, set[str]], *, held_out: bool, count: int, seed: int
) -> list[Labelled]:
    """Tasks all of whose activities are on the same side."""
    found = [
        Labelled(text, frozenset(keys))
        for text, keys in sorted(tasks.items())
        if {is_held_out(key) for key in keys} == {held_out}
    ]
    random.Random(seed).shuffle(found)
    return found[:count]


def written(path: Path, esco: Esco, kind: str) -> Iterator[Labelled]:
    """The sentences of `kind` TECH or HOUSE that were written by hand."""
    by_label = {skill.label: skill.id for skill in esco.skills}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["kind"] == kind:
                skills = frozenset(by_label[label] for label in row["skills"].split("; "))
                yield Labelled(row["text"], skills)
