"""What each check found, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guildmark.awards.verification import Verification
from guildmark.credentials import Check, CheckCode, Outcome

Words = str | Promise

QUESTIONS: Mapping[str, Words] = {
    "structure": _("Is it a credential?"),
    "context": _("Is all of it protected by the signature?"),
    "schema": _("Does it keep to its standard?"),
    "proof": _("Is it unchanged?"),
    "issuer": _("Did the named issuer sign it?"),
    "dates": _("Is it valid today?"),
    "status": _("Has it been taken back?"),
    "refresh": _("Is there a newer version of it?"),
    "endorsements": _("Do the endorsements in it hold?"),
    "credentials": _("Do the credentials in the record hold?"),
    "resources": _("Are the documents it refers to unchanged?"),
    "holder": _("Did its holder show it?"),
    "trust": _("Is its issuer trusted here?"),
    "expected": _("Is it the one that was expected?"),
}

ANSWERS: Mapping[CheckCode, Words] = {
    CheckCode.STRUCTURE_OK: _("Yes, it has the form of a digital credential."),
    CheckCode.STRUCTURE_INVALID: _("No, this is not a digital credential that can be read."),
    CheckCode.CONTEXT_PROTECTED: _("Yes, every part of it is."),
    CheckCode.CONTEXT_NOT_PROTECTED: _(
        "No, a part of it has no defined meaning, so nobody can answer for it."
    ),
    CheckCode.CONTEXT_UNKNOWN: _(
        "It uses terms of somebody else's that this page does not know, so it cannot say."
    ),
    CheckCode.CONTEXT_SIGNED_AS_TEXT: _(
        "Yes, every letter of it is, though a part has no meaning that a standard defines."
    ),
    CheckCode.CONTEXT_OWN_TERMS: _(
        "Yes. It brings words of its own: what they mean is protected, what they are called is not."
    ),
    CheckCode.CONTEXT_NONE: _("Yes. In this format the signature covers it as it stands."),
    CheckCode.SCHEMA_MET: _("Yes, it has what the standard asks for."),
    CheckCode.SCHEMA_NOT_MET: _("No, it deviates from what the standard asks for."),
    CheckCode.SCHEMA_NONE: _("No rules for this kind of credential are known here."),
    CheckCode.SCHEMA_UNRELIABLE: _("The rules of its kind could not be relied on."),
    CheckCode.SCHEMA_PART_ONLY: _(
        "Its holder shows only a part of it. What is shown is as the standard says."
    ),
    CheckCode.PROOF_VALID: _("Yes, nothing has been changed since it was signed."),
    CheckCode.PROOF_MISSING: _("It is not signed, so anybody could have written it."),
    CheckCode.PROOF_UNSUPPORTED: _("It is signed in a way that this page cannot check."),
    CheckCode.PROOF_INVALID: _(
        "No. It was changed after it was signed, or signed with a different key."
    ),
    CheckCode.PROOF_VALID_WITH_OWN_KEY: _(
        "Yes, nothing has been changed since it was signed. The key came along with it, so this "
        "does not show by whom."
    ),
    CheckCode.PROOF_OF_PRESENTATION: _(
        "Yes, its holder signed it together with what is around it."
    ),
    CheckCode.PROOF_ALGORITHM_REFUSED: _("No. It is signed in a way that proves nothing."),
    CheckCode.PROOF_CLAIMS_CONTRADICT: _("No. What was signed says two different things."),
    CheckCode.PROOF_WRONG_PURPOSE: _("No. The signature was made for another purpose."),
    CheckCode.PROOF_WRONG_KEY: _("No. The key that signed it may not be used for this."),
    CheckCode.PROOF_WRONG_DOMAIN: _("No. The signature was made for somebody else to see."),
    CheckCode.PROOF_WRONG_CHALLENGE: _("No. The signature was not made for this occasion."),
    CheckCode.PROOF_EXPIRED: _("No. The signature's own time has run out."),
    CheckCode.PROOF_KEY_UNAVAILABLE: _(
        "The issuer's key is kept on another server, and this one asks no other server. "
        "The signature was not checked."
    ),
    CheckCode.ISSUER_BOUND: _("Yes, with a key that belongs to the issuer."),
    CheckCode.ISSUER_NOT_BOUND: _("No, nothing shows that the named issuer signed it."),
    CheckCode.ISSUER_UNAVAILABLE: _("That could not be checked here."),
    CheckCode.ISSUER_KEY_UNCONFIRMED: _(
        "That is open: it was signed with a key that came along with it, and nothing shows here "
        "that it is the issuer's."
    ),
    CheckCode.DATES_VALID: _("Yes."),
    CheckCode.DATES_NOT_YET: _("Not yet. It becomes valid later."),
    CheckCode.DATES_EXPIRED: _("No, it has expired."),
    CheckCode.DATES_INVALID: _("Its dates cannot be read."),
    CheckCode.STATUS_ACTIVE: _("No, it has been neither revoked nor suspended."),
    CheckCode.STATUS_REVOKED: _("Yes, the issuer has revoked it for good."),
    CheckCode.STATUS_SUSPENDED: _("The issuer has suspended it for the time being."),
    CheckCode.STATUS_NONE: _("The issuer keeps no list of credentials taken back."),
    CheckCode.STATUS_UNAVAILABLE: _(
        "The issuer's list is on another server, and this one asks no other server. Ask the issuer."
    ),
    CheckCode.STATUS_INVALID: _("The issuer's list cannot be relied on: it is damaged or forged."),
    CheckCode.STATUS_UNSUPPORTED: _("The issuer keeps that in a way this page cannot read."),
    CheckCode.STATUS_REFRESH_AVAILABLE: _(
        "No. The issuer has a newer version of it; ask the holder for that one."
    ),
    CheckCode.STATUS_MESSAGE: _(
        "The issuer has left a message on it. Ask the issuer whether it still counts."
    ),
    CheckCode.STATUS_ENTRY_INVALID: _(
        "That cannot be known: what it says about the issuer's list is faulty."
    ),
    CheckCode.STATUS_OUT_OF_RANGE: _(
        "That cannot be known: it names a place that the issuer's list does not have."
    ),
    CheckCode.STATUS_LIST_TOO_SHORT: _(
        "The issuer's list cannot be relied on: it is shorter than the standard allows."
    ),
    CheckCode.STATUS_LIST_OF_ANOTHER_ISSUER: _(
        "The list it names is by somebody else, who may not answer for this issuer."
    ),
    CheckCode.STATUS_LIST_OF_ANOTHER_TYPE: _(
        "What it names as the issuer's list is not such a list."
    ),
    CheckCode.STATUS_LIST_OF_ANOTHER_PURPOSE: _("The list it names is kept for something else."),
    CheckCode.REFRESH_NONE: _("It names no place where newer versions are."),
    CheckCode.REFRESH_OFFERED: _(
        "The issuer offers newer versions. This page did not ask for them; this one counts."
    ),
    CheckCode.REFRESH_NEWER: _("Yes, and the newer version holds. Ask the holder for that one."),
    CheckCode.REFRESH_CURRENT: _("No, this is the newest that the issuer has."),
    CheckCode.REFRESH_UNAVAILABLE: _(
        "Perhaps. The place where the issuer keeps it did not answer."
    ),
    CheckCode.REFRESH_NOT_VERIFIED: _("What the issuer offers as newer version does not hold."),
    CheckCode.REFRESH_OF_SOMETHING_ELSE: _(
        "What the issuer offers as newer version is another credential."
    ),
    CheckCode.RESOURCES_UNCHANGED: _("Yes, they are those that its issuer saw."),
    CheckCode.RESOURCES_ALTERED: _("No, one of them is not the one that its issuer saw."),
    CheckCode.RESOURCES_NOT_CHECKED: _("Not all of them could be had."),
    CheckCode.ENDORSEMENTS_NONE: _("There are none in it."),
    CheckCode.ENDORSEMENTS_VERIFIED: _("Yes, all of them."),
    CheckCode.ENDORSEMENTS_ENDED: _(
        "They are genuine, but at least one has run out or was taken back."
    ),
    CheckCode.ENDORSEMENTS_NOT_VERIFIED: _("No, at least one was changed or is forged."),
    CheckCode.ENDORSEMENTS_OF_SOMETHING_ELSE: _("No, at least one is about something else."),
    CheckCode.ENDORSEMENTS_NOT_CHECKED: _("Not all of them could be checked here."),
    CheckCode.CREDENTIALS_VERIFIED: _("Yes, all of them."),
    CheckCode.CREDENTIALS_NOT_VERIFIED: _("No, at least one of them does not."),
    CheckCode.CREDENTIALS_NOT_CHECKED: _("Not all of them could be checked here."),
    CheckCode.HOLDER_BOUND: _("Yes, with a key that belongs to the holder."),
    CheckCode.HOLDER_NOT_BOUND: _("No, somebody else showed it."),
    CheckCode.HOLDER_UNAVAILABLE: _("That could not be checked here."),
    CheckCode.TRUST_TRUSTED: _("Yes."),
    CheckCode.TRUST_NOT_TRUSTED: _("No, its issuer is not trusted here for such a credential."),
    CheckCode.TRUST_UNKNOWN: _("Nobody has said here whether its issuer can be trusted."),
    CheckCode.EXPECTED_MET: _("Yes."),
    CheckCode.EXPECTED_NOT_MET: _("No, it is about somebody or something else."),
}
NOT_REACHED = _("Not checked, because what is needed for it is missing.")

TONES: Mapping[Outcome, str] = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.COULD_NOT_BE_CHECKED: "warn",
    Outcome.NOT_APPLICABLE: "neutral",
}
OUTCOMES: Mapping[Outcome, Words] = {
    Outcome.PASSED: _("in order"),
    Outcome.FAILED: _("not in order"),
    Outcome.COULD_NOT_BE_CHECKED: _("not checked"),
    Outcome.NOT_APPLICABLE: _("does not apply"),
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One check in words. `detail` is the library's reason, for who wants to know more."""

    question: Words
    answer: Words
    tone: str
    outcome: Words
    code: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """The whole in one sentence, and each check."""

    tone: str
    kind: str
    title: Words
    sentence: Words
    answers: tuple[Answer, ...]
    verification: Verification
    issuer_is_proven: bool
    """The key that signed it belongs to the identifier that it names as its issuer."""


def explain(verification: Verification) -> Explained:
    """The report in words: what matters most first."""
    tone, kind, title, sentence = _headline(verification)
    return Explained(
        tone=tone,
        kind=kind,
        title=title,
        sentence=sentence,
        answers=tuple(
            _answer(check, is_read=bool(verification.document))
            for check in verification.report.checks
        ),
        verification=verification,
        issuer_is_proven=verification.report.check("proof").outcome is Outcome.PASSED
        and verification.report.check("issuer").outcome is Outcome.PASSED,
    )


def _answer(check: Check, *, is_read: bool) -> Answer:
    skipped = check.outcome is Outcome.COULD_NOT_BE_CHECKED and not is_read
    reason = check.data.get("reason")
    return Answer(
        question=QUESTIONS[check.check],
        answer=NOT_REACHED if skipped else ANSWERS[check.code],
        tone=TONES[check.outcome],
        outcome=OUTCOMES[check.outcome],
        code=check.code.value,
        detail=reason if isinstance(reason, str) else "",
    )


def _headline(verification: Verification) -> tuple[str, str, Words, Words]:
    """Tone, kind, title and sentence: forged before revoked before expired before unknown."""
    report = verification.report
    codes = {check.code for check in report.checks if check.outcome is Outcome.FAILED}
    failed = {check.check for check in report.checks if check.outcome is Outcome.FAILED}
    if "structure" in failed:
        return (
            "bad",
            "unreadable",
            _("This is not a credential"),
            _("What you gave cannot be read as a digital credential."),
        )
    if failed & {"context", "proof", "issuer", "holder"}:
        return (
            "bad",
            "forged",
            _("Do not rely on this"),
            _("It was changed after it was signed, or the named issuer did not sign it."),
        )
    if failed & {"schema", "refresh"}:
        return (
            "bad",
            "deviating",
            _("Not as its standard says"),
            _("It may be unchanged, but it deviates from the standard that it names."),
        )
    if CheckCode.STATUS_REVOKED in codes:
        return (
            "bad",
            "revoked",
            _("Revoked"),
            _("The issuer has revoked it for good. It no longer counts."),
        )
    if CheckCode.STATUS_SUSPENDED in codes:
        return (
            "bad",
            "suspended",
            _("Suspended"),
            _("The issuer has suspended it. It does not count at present."),
        )
    if "status" in failed:
        return (
            "bad",
            "status",
            _("Do not rely on this"),
            _("The issuer's list of credentials taken back cannot be relied on."),
        )
    if failed & {"endorsements", "credentials"}:
        return (
            "bad",
            "inside",
            _("Do not rely on this"),
            _("Something within it, an endorsement or another credential, does not hold."),
        )
    if "resources" in failed:
        return (
            "bad",
            "resources",
            _("Do not rely on this"),
            _("A document that it refers to is not the one that its issuer saw."),
        )
    if "expected" in failed:
        return (
            "bad",
            "not_expected",
            _("Not the one that was expected"),
            _("It may be genuine, but it is about somebody or something else."),
        )
    if "trust" in failed:
        return (
            "bad",
            "not_trusted",
            _("Its issuer is not trusted"),
            _("It may be unchanged, but its issuer is not trusted here for such a credential."),
        )
    if "dates" in failed:
        unchecked = any(
            report.check(name).outcome is Outcome.COULD_NOT_BE_CHECKED
            for name in ("proof", "issuer", "status")
        )
        return _headline_of_dates(codes, is_genuine=not unchecked)
    if report.verified is None:
        return (
            "warn",
            "unchecked",
            _("Could not be checked completely"),
            _("Nothing wrong was found, but not everything could be checked here. See below."),
        )
    if not verification.issuer_is_local:
        return (
            "warn",
            "unknown_issuer",
            _("Unchanged, but the issuer is unknown here"),
            _(
                "Whoever holds the key signed it, and nothing was changed since. "
                "Who that is, this page cannot say."
            ),
        )
    return (
        "good",
        "valid",
        _("Genuine and valid"),
        _("It was signed by the issuer, has not been changed, and counts today."),
    )


def _headline_of_dates(codes: set[CheckCode], *, is_genuine: bool) -> tuple[str, str, Words, Words]:
    if CheckCode.DATES_EXPIRED in codes:
        sentence = (
            _("It is genuine, but its time has run out.")
            if is_genuine
            else _("Its time has run out, and not everything else could be checked here.")
        )
        return "warn", "expired", _("Expired"), sentence
    if CheckCode.DATES_NOT_YET in codes:
        return "warn", "not_yet", _("Not valid yet"), _("It becomes valid on a later day.")
    return "bad", "dates", _("Do not rely on this"), _("Its dates cannot be read.")
