"""Whatever the library finds, the page says in words."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from guildmark.awards.verification import Verification
from guildmark.credentials import Check, CheckCode, Expected, Outcome, Report, verify
from guildmark.credentials.model.reading import Json
from guildmark.web.verify.words import ANSWERS, OUTCOMES, QUESTIONS, TONES, explain
from tests.credentials.builders import Documents, badge

PARTS = ("structure", "context", "schema", "proof", "issuer", "dates", "status")


class Distrust:
    """Trusts nobody."""

    def is_trusted(self, issuer: str, document: Json) -> bool | None:  # noqa: ARG002
        return False


def reported(*others: Check) -> Verification:
    """A report in which all is well but for these checks."""
    by_name = {check.check: check for check in others}
    good = Outcome.PASSED
    checks = [
        by_name.pop(name, Check(check=name, outcome=good, code=CheckCode.DATES_VALID, message=""))
        for name in PARTS
    ]
    report = Report(
        checks=(*checks, *by_name.values()), issuer="", name="", valid_from="", valid_until=""
    )
    return Verification(
        report=report, document={"id": "x"}, checked_at=timezone.now(), issuer_is_local=True
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_code_and_every_check_has_words(language: str) -> None:
    assert set(ANSWERS) == set(CheckCode)
    assert set(QUESTIONS) == {code.value.partition(".")[0] for code in CheckCode}
    assert set(OUTCOMES) == set(TONES) == set(Outcome)
    with translation.override(language):
        said = {code: str(words) for code, words in (ANSWERS | QUESTIONS | OUTCOMES).items()}
    assert all(said.values())
    if language == "de":
        english = {code: str(words) for code, words in (ANSWERS | QUESTIONS | OUTCOMES).items()}
        assert not [code for code in said if said[code] == english[code]]


@pytest.mark.parametrize("code", list(CheckCode))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_explained(code: CheckCode, outcome: Outcome) -> None:
    name = code.value.partition(".")[0]
    explained = explain(
        reported(Check(check=name, outcome=outcome, code=code, message="", data={}))
    )
    assert code.value in {answer.code for answer in explained.answers}
    assert all(str(answer.question) and str(answer.answer) for answer in explained.answers)
    # What is not in order is never called good, whatever was asked.
    is_good = outcome in {Outcome.PASSED, Outcome.NOT_APPLICABLE}
    assert (explained.tone == "good") == is_good


def test_what_the_caller_asked_is_answered_too() -> None:
    now = timezone.now()
    report = verify(
        badge(),
        resolver=Documents(),
        now=now,
        trust=Distrust(),
        expected=Expected(issuer="did:x:y"),
    )
    explained = explain(Verification(report=report, document={}, checked_at=now))
    assert [str(answer.question) for answer in explained.answers][-2:] == [
        "Is its issuer trusted here?",
        "Is it the one that was expected?",
    ]
    assert [answer.tone for answer in explained.answers][-2:] == ["bad", "bad"]
