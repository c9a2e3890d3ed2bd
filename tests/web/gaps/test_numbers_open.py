"""Every number of the overview and of a unit opens what it counts; a filter shows and goes away."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guildmark.organizations.actor import Actor
from guildmark.organizations.models import Organization, Role, Unit
from guildmark.skills.models import SkillRecord
from tests.support import factories
from tests.support.skills import holds, job_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.account is not None
    client.force_login(actor.account)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


class World:
    """Two units: in one five people of whom four have a role, in the other one with a gap."""

    def __init__(self) -> None:
        self.owner: Organization = factories.organization()
        self.unit: Unit = factories.unit(self.owner, name="Cell 1")
        self.other: Unit = factories.unit(self.owner, name="Cell 2")
        safe = factories.skill(self.owner, label="Lockout")
        weld = factories.skill(self.owner, label="Welding")
        self.fitter = job_role(self.owner, {safe: 2, weld: 2}, critical=(safe,))
        painter = job_role(self.owner, {weld: 2})

        def person(name: str, unit: Unit, position: object, **held: int) -> None:
            made = factories.person(self.owner, in_unit=unit, position=position, family_name=name)
            for skill, rank in held.items():
                holds(made, {"safe": safe, "weld": weld}[skill], rank)

        person("Able", self.unit, self.fitter, safe=2, weld=2)  # fit 100
        person("Bold", self.unit, self.fitter, safe=2)  # fit 50, 1 gap
        person("Calm", self.unit, self.fitter, safe=1, weld=1)  # fit 50, 2 gaps, 1 critical
        person("Deft", self.unit, painter)  # fit 0, 1 gap
        person("Even", self.unit, None)
        person("Fair", self.other, self.fitter, weld=2)  # fit 50, 1 critical gap
        self.page = reverse("unit_gaps", args=[self.unit.id])


NAMES = ("Able", "Bold", "Calm", "Deft", "Even", "Fair")


def names(text: str) -> list[str]:
    """The people listed, in the order of the page."""
    found = [(text.find(f"Asha {name}</a>"), name) for name in NAMES]
    return [name for where, name in sorted(found) if where >= 0]


def row(text: str, unit: str) -> dict[str, tuple[str, str]]:
    """The numbers of a unit's row by the name of their column: text and address."""
    start = text.index(f">{unit}</a>")
    cells = re.findall(
        r'<td[^>]* data-label="([^"]+)">(.*?)</td>',
        text[start : text.index("</tr>", start)],
        re.DOTALL,
    )
    return {name: _number(cell) for name, cell in cells}


def figures(text: str) -> dict[str, tuple[str, str]]:
    """The large numbers by their label: text and address."""
    found = re.findall(
        r'<p class="figure-label">(.*?)</p><p class="figure">(.*?)</p>(?:<p class="figure-note">'
        r"(.*?)</p>)?",
        text,
    )
    numbers = {}
    for label, number, note in found:
        words, address = _number(label)
        numbers[words] = (number, address)
        if "href" in note:
            numbers["without requirements"] = _number(note)
    return numbers


def _number(cell: str) -> tuple[str, str]:
    link = re.search(r'href="([^"]+)"', cell)
    words = re.sub(r"<[^>]+>", " ", cell)
    return " ".join(words.split()), html.unescape(link[1]) if link else ""


def test_a_unit_s_numbers_in_the_overview_open(client: Client) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.PROGRAMME_OWNER))
    numbers = row(text_of(client, "/gaps/"), "Cell 1")
    assert {name: shown for name, (shown, _) in numbers.items() if name != "Site"} == {
        "People": "5",
        "Fit": "50 %",
        "Open gaps": "4",
        "Critical": "1",
    }
    people = text_of(client, numbers["People"][1])
    assert names(people) == ["Able", "Bold", "Calm", "Deft", "Even"]
    assert world.fitter.title in people
    fit = text_of(client, numbers["Fit"][1])
    assert names(fit) == ["Deft", "Bold", "Calm", "Able"]  # their mean is the number
    assert re.findall(r"(\d+) %</a>", fit) == ["0", "50", "50", "100"]
    gaps = text_of(client, numbers["Open gaps"][1])
    assert names(gaps) == ["Bold", "Calm", "Deft"]
    assert len(re.findall(r'<td class="gap', gaps)) == 4
    critical = text_of(client, numbers["Critical"][1])
    assert names(critical) == ["Calm"]
    assert re.findall(r'<td class="(gap[^"]*)"', critical) == ["gap critical"]
    assert "Lockout" in critical
    assert "Welding" not in critical


def test_the_totals_open_over_all_units(client: Client) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.AUDITOR))
    numbers = figures(text_of(client, "/gaps/"))
    assert {name: shown for name, (shown, _) in numbers.items()} == {
        "People": "6",
        "without requirements": "1 of them without requirements",
        "Average fit": "50 %",
        "Open gaps": "5",
        "Of them critical": "2",
    }
    for name, listed in {
        "People": list(NAMES),
        "without requirements": ["Even"],
        "Average fit": ["Deft", "Bold", "Calm", "Fair", "Able"],
        "Open gaps": ["Calm", "Bold", "Deft", "Fair"],  # the greatest need first
        "Of them critical": ["Calm", "Fair"],
    }.items():
        text = text_of(client, numbers[name][1])
        assert names(text) == listed, name
        assert figures(text) == numbers


def test_a_unit_page_s_numbers_open_and_keep_what_was_chosen(client: Client) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.QUALITY_REVIEWER))
    role = world.fitter.job_role.id
    numbers = figures(text_of(client, f"{world.page}?role={role}&on=2025-03-01"))
    assert {name: shown for name, (shown, _) in numbers.items()} == {
        "People": "3",
        "Average fit": "67 %",
        "Open gaps": "3",
        "Of them critical": "1",
    }
    for name, listed in {
        "People": ["Able", "Bold", "Calm"],
        "Average fit": ["Bold", "Calm", "Able"],
        "Open gaps": ["Bold", "Calm"],
        "Of them critical": ["Calm"],
    }.items():
        address = numbers[name][1]
        assert "on=2025-03-01" in address
        assert names(text_of(client, address)) == listed


def test_a_unit_s_numbers_with_those_below(client: Client) -> None:
    owner = factories.organization()
    hall = factories.unit(owner)
    cell = factories.unit(owner, parent=hall)
    position = job_role(owner, {factories.skill(owner): 2})
    factories.person(owner, in_unit=cell, position=position, family_name="Able")
    sign_in(client, factories.actor(owner, Role.AUDITOR))
    page = reverse("unit_gaps", args=[hall.id])
    numbers = figures(text_of(client, page))
    for shown, address in numbers.values():
        assert shown in {"1", "0 %", "0"}
        assert not address or names(text_of(client, address)) == ["Able"]
    assert names(text_of(client, f"/gaps/people/?unit={hall.id}")) == []
    factories.person(owner, in_unit=hall, position=position, family_name="Bold")
    assert figures(text_of(client, page))["People"][0] == "1"
    both = figures(text_of(client, f"{page}?below=on"))
    assert both["People"][0] == "2"
    assert names(text_of(client, both["People"][1])) == ["Able", "Bold"]
    assert names(text_of(client, both["Open gaps"][1])) == ["Able", "Bold"]


def test_a_filter_is_seen_and_taken_away(client: Client) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.PROGRAMME_OWNER))
    role = world.fitter.job_role

    def ways_out(text: str) -> dict[str, str]:
        chips = re.search(r'<ul class="filters-in-use".*?</ul>', text, re.DOTALL)
        links = re.findall(r'href="([^"]*)">([^<]+)<', chips[0]) if chips else []
        return {words: html.unescape(address) for address, words in links}

    path = f"{world.page}?role={role.id}&only=critical&page=1"
    out = ways_out(text_of(client, path))
    assert set(out) == {f"Job role: {role.title}", "Show: only critical gaps"}
    wider = text_of(client, out["Show: only critical gaps"])
    assert names(wider) == ["Able", "Bold", "Calm"]
    assert list(ways_out(wider)) == [f"Job role: {role.title}"]
    assert ways_out(text_of(client, ways_out(wider)[f"Job role: {role.title}"])) == {}
    listed = f"/gaps/people/?unit={world.other.id}&only=unplaced&on=2025-03-01"
    out = ways_out(text_of(client, listed))
    assert set(out) == {"Unit: Cell 2", "Show: without requirements", "On the day: 1 Mar 2025"}
    assert names(text_of(client, out["Show: without requirements"])) == ["Fair"]


def test_a_filter_that_nobody_fits(client: Client) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.PROGRAMME_OWNER))
    nobodys = job_role(world.owner, {factories.skill(world.owner): 1}).job_role.id
    for path, clear in (
        (f"{world.page}?role={nobodys}", world.page),
        (f"/gaps/people/?role={nobodys}", "/gaps/people/"),
        (f"/gaps/people/?unit={world.other.id}&only=unplaced", "/gaps/people/"),
    ):
        text = text_of(client, path)
        assert "Nobody fits this filter" in text
        assert f'href="{clear}">Show everybody' in text
    SkillRecord.objects.all().delete()
    world.fitter.job_role.requirements.all().delete()
    assert "Nobody fits this filter" in text_of(client, f"{world.page}?only=critical")
    sign_in(client, factories.actor(factories.organization(), Role.AUDITOR))
    assert "Nobody to compare" in text_of(client, "/gaps/people/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("only", "on"),
        ("only", "critical\0"),
        ("only", "CRITICAL"),
        ("role", "nonsense"),
        ("role", "0a5c63a5-d643-44ad-ae51-1b3190868785"),
        ("on", "2025-02-30"),
        ("on", "nonsense"),
    ],
)
def test_what_is_not_known_is_refused_in_words(client: Client, name: str, value: str) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.PROGRAMME_OWNER))
    pages = [world.page, "/gaps/people/"] + ["/gaps/"] * (name == "on")
    for page in pages:
        response = client.get(page, {name: value})
        text = response.content.decode()
        assert response.status_code == 422
        assert "This filter is not understood" in text
        assert f'href="#id_{name}"' in text  # the way to the field, with what is wrong
        assert f'href="{page}">Clear' in text
        assert names(text) == []
        assert "Cell 2</a>" not in text


def test_a_filter_reaches_no_further_than_the_one_who_looks(client: Client) -> None:
    world = World()
    manager = factories.actor(world.owner, Role.MANAGER)
    world.unit.manager = manager.person
    world.unit.save()
    stranger = factories.organization()
    foreign_role = job_role(stranger, {factories.skill(stranger): 1}).job_role
    sign_in(client, manager)
    assert names(text_of(client, "/gaps/people/")) == ["Able", "Bold", "Calm", "Deft", "Even"]
    assert "Cell 2" not in text_of(client, "/gaps/people/")
    for query in (
        f"unit={world.other.id}",
        f"unit={factories.unit(stranger).id}",
        "unit=nonsense",
        f"role={foreign_role.id}",
    ):
        text_of(client, f"/gaps/people/?{query}", 422)
    text_of(client, f"{world.page}?role={foreign_role.id}", 422)
    worker = factories.actor(world.owner, Role.WORKER)
    sign_in(client, worker)
    text_of(client, "/gaps/people/?only=critical", 403)


def test_what_is_revoked_opens_a_gap_at_once(client: Client) -> None:
    world = World()
    sign_in(client, factories.actor(world.owner, Role.PROGRAMME_OWNER))
    able = SkillRecord.objects.filter(person__family_name="Able", skill__label="Lockout").get()
    before = figures(text_of(client, "/gaps/"))["Of them critical"][0]
    able.withdrawn_at = able.recorded_at
    able.save()
    text = text_of(client, "/gaps/")
    assert figures(text)["Of them critical"][0] == str(int(before) + 1)
    assert row(text, "Cell 1")["Critical"][0] == "2"
    assert "Able" in names(text_of(client, row(text, "Cell 1")["Critical"][1]))
