"""What every credential and presentation must have, whatever it is about.

Verifiable Credentials Data Model 2.0 (https://www.w3.org/TR/vc-data-model-2.0/), sections 4 and 5,
and 1.1 (https://www.w3.org/TR/vc-data-model-1.1/), the same sections. What the terms in a document
mean is not asked here: that needs its contexts. Nor is the form of its dates, which is asked where
the dates are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from guildmark.credentials.jsonld.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from guildmark.credentials.model.reading import Json

MAX_PROBLEMS = 20

# A URL or another identifier with a scheme, by its form only: many are never dereferenced.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
# RFC 5646, section 2.1, by its form only.
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LANGUAGE_VALUE = frozenset({"@value", "@language", "@direction"})
# RFC 4648 after one of the hashes of Subresource Integrity, section 3.5, one or several.
_SRI = re.compile(
    r"sha(256|384|512)-[A-Za-z0-9+/_-]+={0,2}( +sha(256|384|512)-[A-Za-z0-9+/_-]+={0,2})*"
)
_MULTIBASE = re.compile(r"[zu][A-Za-z0-9_-]+")

# The members that hold objects of a type of the issuer's choice: whether each needs an id too, by
# version 1.1 and by 2.0.
_TYPED = (
    ("credentialStatus", True, False),
    ("credentialSchema", True, True),
    ("refreshService", True, False),
    ("termsOfUse", False, False),
    ("evidence", False, False),
    ("proof", False, False),
)


def version_of(document: Json) -> str | None:
    """The version of the data model, `2.0` or `1.1`, that the first context names."""
    context = document.get("@context")
    first = context[0] if isinstance(context, list) and context else context
    if first == CREDENTIALS_V2:
        return "2.0"
    return "1.1" if first == CREDENTIALS_V1 else None


def credential_problems(document: Json) -> list[str]:
    """What keeps the document from being a credential of the version its context names, at most
    MAX_PROBLEMS; each names the member and what is wrong with it."""
    return _first(_credential(document))


def presentation_problems(document: Json) -> list[str]:
    """What keeps the document from being a presentation (section 4.13), as `credential_problems`.

    Of an embedded credential the form is asked as well; an enveloped one (section 4.13.1) must be
    a `data:` address.
    """
    return _first(_presentation(document))


def self_asserted_problems(document: Json) -> list[str]:
    """What keeps the credentials of a presentation that bear no proof of their own from being the
    holder's own word, protected by the presentation's proof (section 4.13.3): holder and issuer
    must be the same."""
    return _first(_self_asserted(document))


def is_url(value: Any) -> bool:
    """Whether this has the form of a URL or of another identifier with a scheme (section 4.4)."""
    return value.__class__ is str and _ADDRESS.fullmatch(value) is not None


def _first(problems: Iterator[str]) -> list[str]:
    return [problem for problem, _ in zip(problems, range(MAX_PROBLEMS), strict=False)]


def _credential(document: Json) -> Iterator[str]:
    version = version_of(document)
    if version is None:
        yield f"@context does not begin with {CREDENTIALS_V2} or {CREDENTIALS_V1}"
        return
    yield from _context(document)
    yield from _id(document, "")
    yield from _types(document, "VerifiableCredential")
    yield from _party(document, "issuer", version)
    subjects = document.get("credentialSubject")
    subjects = subjects if isinstance(subjects, list) else [subjects]
    if not subjects or subjects == [None]:
        yield "credentialSubject is missing"
    else:
        for subject in subjects:
            if not isinstance(subject, dict) or not subject:
                yield "credentialSubject is not an object that says something"
            else:
                yield from _id(subject, "credentialSubject.")
    if version == "1.1" and "issuanceDate" not in document:
        yield "issuanceDate is missing"
    yield from _typed(document, version)
    if version == "2.0":
        yield from _texts(document, "")
        yield from _related(document)


def _presentation(document: Json) -> Iterator[str]:
    version = version_of(document)
    if version is None:
        yield f"@context does not begin with {CREDENTIALS_V2} or {CREDENTIALS_V1}"
        return
    yield from _context(document)
    yield from _id(document, "")
    yield from _types(document, "VerifiablePresentation")
    if "holder" in document:
        yield from _party(document, "holder", version)
    yield from _typed(document, version)
    credentials = document.get("verifiableCredential", [])
    for part in credentials if isinstance(credentials, list) else [credentials]:
        if isinstance(part, dict):
            yield from (f"of a verifiableCredential: {problem}" for problem in _embedded(part))
        elif version == "2.0" or not isinstance(part, str):
            # In version 1.1 a text is a credential signed as JWT.
            yield "verifiableCredential holds something that is not an object"


def _self_asserted(document: Json) -> Iterator[str]:
    holder = _party_id(document.get("holder"))
    credentials = document.get("verifiableCredential", [])
    for part in credentials if isinstance(credentials, list) else [credentials]:
        kinds = part.get("type") if isinstance(part, dict) else "EnvelopedVerifiableCredential"
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if "EnvelopedVerifiableCredential" in kinds or part.get("proof"):
            continue
        if holder is None or _party_id(part.get("issuer")) != holder:
            yield "a verifiableCredential bears no proof, and its issuer is not the holder"


def _party_id(party: Any) -> str | None:
    identifier = party.get("id") if isinstance(party, dict) else party
    return identifier if isinstance(identifier, str) else None


def _embedded(part: Json) -> Iterator[str]:
    kinds = part.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "EnvelopedVerifiableCredential" not in kinds:
        yield from _credential(part)
        return
    if version_of(part) != "2.0":
        yield f"@context does not begin with {CREDENTIALS_V2}"
    identifier = part.get("id")
    if not isinstance(identifier, str) or not identifier.startswith("data:"):
        yield "id of an EnvelopedVerifiableCredential is not a data: address"


def _context(document: Json) -> Iterator[str]:
    context = document["@context"]
    for entry in context[1:] if isinstance(context, list) else ():
        if not isinstance(entry, dict) and not is_url(entry):
            yield "@context holds something that is neither an address nor an object"


def _id(part: Json, where: str) -> Iterator[str]:
    if "id" in part and not is_url(part["id"]):
        yield f"{where}id is not one full address"


def _types(document: Json, needed: str) -> Iterator[str]:
    kinds = document.get("type")
    if not _is_type(kinds):
        yield "type is missing or is not a name or a list of names"
    elif needed not in (kinds if isinstance(kinds, list) else [kinds]):
        yield f"type does not include {needed}"


def _is_type(value: Any) -> bool:
    names = value if value.__class__ is list else [value]
    return bool(names) and all(name.__class__ is str and name for name in names)


def _party(document: Json, name: str, version: str) -> Iterator[str]:
    party = document.get(name)
    if isinstance(party, dict):
        if not is_url(party.get("id")):
            yield f"{name}.id is missing or is not one full address"
        if version == "2.0":
            yield from _texts(party, f"{name}.")
    elif not is_url(party):
        yield f"{name} is missing or is neither a full address nor an object with one"


def _typed(document: Json, version: str) -> Iterator[str]:
    for name, needs_id_in_1_1, needs_id_in_2_0 in _TYPED:
        if name not in document:
            continue
        needs_id = needs_id_in_1_1 if version == "1.1" else needs_id_in_2_0
        entries = document[name]
        if name == "proof" and not entries:
            continue  # unsigned, which is asked where the proof is
        entries = entries if isinstance(entries, list) else [entries]
        if not entries:
            yield f"{name} is empty"
        for entry in entries:
            if not isinstance(entry, dict):
                yield f"{name} is not an object"
                continue
            if not _is_type(entry.get("type")):
                yield f"{name}.type is missing or is not a name"
            if needs_id and "id" not in entry:
                yield f"{name}.id is missing"
            yield from _id(entry, f"{name}.")


def _texts(part: Json, where: str) -> Iterator[str]:
    """Section 4.6 with 11.1: a text, an object of a text with its language, or several."""
    for name in ("name", "description"):
        value = part.get(name)
        if value.__class__ is str or (value is None and name not in part):
            continue
        values = value if isinstance(value, list) and value else [value]
        if not all(text.__class__ is str or _is_language_value(text) for text in values):
            yield f"{where}{name} is neither text nor an object of @value, @language, @direction"


def _is_language_value(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= _LANGUAGE_VALUE:
        return False
    language = value.get("@language", "en")
    return (
        isinstance(value.get("@value"), str)
        and isinstance(language, str)
        and _LANGUAGE.fullmatch(language) is not None
        and value.get("@direction", "ltr") in ("ltr", "rtl")
    )


def _related(document: Json) -> Iterator[str]:
    """Section 5.3: each with an id of its own and a digest."""
    if "relatedResource" not in document:
        return
    entries = document["relatedResource"]
    seen: set[str] = set()
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, dict):
            yield "relatedResource is not an object"
            continue
        identifier = entry.get("id")
        if not is_url(identifier):
            yield "relatedResource.id is missing or is not one full address"
        elif str(identifier) in seen:
            yield "relatedResource.id stands there twice"
        else:
            seen.add(str(identifier))
        sri, multibase = entry.get("digestSRI"), entry.get("digestMultibase")
        if sri is None and multibase is None:
            yield "relatedResource has neither digestSRI nor digestMultibase"
        if sri is not None and not _matches(_SRI, sri):
            yield "relatedResource.digestSRI is not the digest of a resource"
        if multibase is not None and not _matches(_MULTIBASE, multibase):
            yield "relatedResource.digestMultibase is not the digest of a resource"


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
