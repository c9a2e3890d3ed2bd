"""What can be named in a page's form or query. Read by test_permission_matrix.py.

An entry sends, to an address of the own organization, a form that is right but for the one object
it names: with the own organization's it is kept, with another organization's it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support import factories, samples
from tests.support.samples import Arguments, Sample, Samples

DAY = "2030-01-01"


@dataclass(frozen=True, kw_only=True)
class Named:
    """An address, the own object it is about, and the form with what it names."""

    address: str
    data: Callable[[Samples, Samples], Arguments]
    """From the organization that asks, and the one whose object is named."""
    sample: Sample | None = None


def _level() -> object:
    return factories.iluo()[2].id


def _place(here: Samples, **values: object) -> Arguments:
    return {"unit": here.unit.id, "starts_on": DAY} | values


def _unit(here: Samples, **values: object) -> Arguments:
    return {"code": "NEW", "name": "New", "site": here.unit.site_id} | values


def _achievement(_here: Samples, of: Samples) -> Arguments:
    return {
        "code": "NEW",
        "name": "New",
        "description": "Restarts a cell.",
        "criteria": "Restarts it alone.",
        "assessment_type": "test",
        "participation": "on_the_job",
        "language": "en",
        "skills-TOTAL_FORMS": 1,
        "skills-INITIAL_FORMS": 0,
        "skills-0-skill": of.skill.id,
        "skills-0-level": _level(),
    }


def _question(_here: Samples, of: Samples) -> Arguments:
    return {
        "skill": of.draft.skills.get().skill_id,
        "kind": "numeric",
        "stem": "How many?",
        "number": "4",
        "tolerance": "0",
    }


FORMS: dict[str, Named] = {
    "a unit to work in": Named(
        address="person_employ",
        sample=samples.person,
        data=lambda here, of: _place(here, unit=of.unit.id),
    ),
    "a position to hold": Named(
        address="person_employ",
        sample=samples.person,
        data=lambda here, of: _place(here, position=of.position.id),
    ),
    "a shift to work": Named(
        address="person_employ",
        sample=samples.person,
        data=lambda here, of: _place(here, shift=of.shift.id),
    ),
    "a manager of a person": Named(
        address="person_employ",
        sample=samples.person,
        data=lambda here, of: _place(here, manager=of.assessor_person.number),
    ),
    "a site of a unit": Named(
        address="unit_new", data=lambda here, of: _unit(here, site=of.unit.site_id)
    ),
    "a unit above a unit": Named(
        address="unit_new", data=lambda here, of: _unit(here, parent=of.unit.id)
    ),
    "a manager of a unit": Named(
        address="unit_new", data=lambda here, of: _unit(here, manager=of.somebody.number)
    ),
    "a person of an account": Named(
        address="account_new",
        data=lambda _here, of: {
            "username": "newcomer",
            "name": "Newcomer",
            "roles": ["worker"],
            "password": "correct-horse-battery",
            "person": of.without_account.number,
        },
    ),
    "a position of a job role": Named(
        address="job_role_new",
        data=lambda _here, of: {"code": "NEW", "title": "New", "position": of.position.id},
    ),
    "a skill that a job requires": Named(
        address="job_role",
        sample=samples.job_role,
        data=lambda _here, of: {"skill": of.skill.id, "level": _level(), "weight": "1"},
    ),
    "a skill one says to have": Named(
        address="my_skills", data=lambda _here, of: {"skill": of.skill.id, "level": _level()}
    ),
    "a skill that is attested": Named(address="achievement_new", data=_achievement),
    "a skill that is asked about": Named(address="item_new", sample=samples.draft, data=_question),
    "an assessor": Named(
        address="authorizations",
        data=lambda here, of: {
            "person": of.assessor_person.id,
            "skill": here.skill.id,
            "valid_from": DAY,
        },
    ),
    "a skill to assess": Named(
        address="authorizations",
        data=lambda here, of: {
            "person": here.assessor_person.id,
            "skill": of.skill.id,
            "valid_from": DAY,
        },
    ),
}
