"""Hypothesis strategies for whole credentials with every feature of their data models.

`open_badges()`, `endorsements()`, `learner_records()`, `credentials()` and `presentations()` draw
typed values; `documents()` draws the unsigned documents of them all. Everything drawn has a
meaning under the bundled contexts, so that it can be put in canonical form and signed, unless
`jwt=True` asks for the members that no context defines.
"""

from __future__ import annotations

import datetime as dt
import string
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from guildmark.credentials.model import clr
from guildmark.credentials.model import credential as vc
from guildmark.credentials.model import openbadges as ob
from guildmark.credentials.model import vocabularies as terms
from guildmark.credentials.model.part import Part
from guildmark.credentials.status import bitstring

# For a test over whole credentials: they are large, and a failing one is told as it was drawn,
# because making it smaller takes minutes.
whole = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(
    str.strip
)
words = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=6)
addresses = st.one_of(
    st.builds("https://{}.example/{}#{}".format, words, words, words),
    st.uuids().map(lambda value: f"urn:uuid:{value}"),
    st.builds("did:web:{}.example".format, words),
    st.builds("https://{}.example/ü/{}?a=%20".format, words, words),
)
images_of = st.one_of(addresses, st.just("data:image/svg+xml;base64,PHN2Zy8+"))
emails = st.builds("{}@{}.example".format, words, words)
moments = st.datetimes(
    dt.datetime(2000, 1, 1),  # noqa: DTZ001 -- Hypothesis takes the zone apart
    dt.datetime(2099, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30))]),
)
languages = st.sampled_from(["en", "de-AT", "zh-Hant", "sr-Latn-RS", "es-419"])
numbers = st.one_of(
    st.integers(0, 10**6), st.floats(1e-6, 1e15, allow_nan=False), st.sampled_from([0, 0.1, 1e20])
)
jws = st.builds("{}.{}.{}".format, words, words, words)


def terms_of(known: Any) -> st.SearchStrategy[str]:
    """A term of a vocabulary, or one of somebody's own."""
    return st.one_of(st.sampled_from(sorted(known)), st.builds("ext:{}".format, words))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The value or None."""
    return st.one_of(st.none(), strategy)


def few(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    """None, one or some."""
    return st.lists(strategy, max_size=most)


images = st.builds(ob.Image, id=images_of, caption=maybe(texts))
identifiers = st.builds(
    ob.IdentifierEntry, identifier=texts, identifier_type=terms_of(terms.IDENTITY_TYPES)
)
identities = st.one_of(
    st.builds(ob.IdentityObject.plain, identity_type=terms_of(terms.IDENTITY_TYPES), value=texts),
    st.builds(
        ob.IdentityObject.hidden,
        identity_type=st.just("emailAddress"),
        value=emails,
        salt=maybe(words),
    ),
)
places = st.builds(
    ob.GeoCoordinates,
    latitude=st.floats(-90, 90).filter(lambda value: value == 0 or abs(value) >= 1e-6),
    longitude=st.integers(-180, 180),
)
postal = st.builds(
    ob.Address,
    address_country=maybe(texts),
    address_country_code=maybe(st.sampled_from(["AT", "CH"])),
    address_region=maybe(texts),
    address_locality=maybe(texts),
    street_address=maybe(texts),
    post_office_box_number=maybe(texts),
    postal_code=maybe(texts),
    geo=maybe(places),
)
alignments = st.builds(
    ob.Alignment,
    target_name=texts,
    target_url=addresses,
    target_code=maybe(texts),
    target_description=maybe(texts),
    target_framework=maybe(texts),
    target_type=maybe(terms_of(terms.TARGET_TYPES)),
)
evidence = st.builds(
    ob.Evidence,
    id=maybe(addresses),
    name=maybe(texts),
    narrative=maybe(texts),
    description=maybe(texts),
    genre=maybe(texts),
    audience=maybe(texts),
)
related = st.builds(ob.Related, id=addresses, in_language=maybe(languages), version=maybe(texts))


def profiles(
    *, depth: int = 1, jwt: bool = False, endorsed: bool = False
) -> st.SearchStrategy[ob.Profile]:
    """Profiles with `depth` levels of parent organizations."""
    return st.builds(
        ob.Profile,
        id=addresses,
        name=maybe(texts),
        url=maybe(addresses),
        email=maybe(emails),
        phone=maybe(texts),
        description=maybe(texts),
        image=maybe(images),
        official=maybe(texts),
        parent_org=maybe(profiles(depth=depth - 1)) if depth else st.none(),
        address=maybe(postal),
        other_identifier=few(identifiers),
        family_name=maybe(texts),
        given_name=maybe(texts),
        additional_name=maybe(texts),
        patronymic_name=maybe(texts),
        honorific_prefix=maybe(texts),
        honorific_suffix=maybe(texts),
        family_name_prefix=maybe(texts),
        date_of_birth=maybe(st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1))),
        endorsement=few(endorsements(), 1) if endorsed else st.just(()),
        endorsement_jwt=few(jws, 1) if jwt else st.just(()),
    )


@st.composite
def result_descriptions(draw: st.DrawFn) -> ob.ResultDescription:
    """Result descriptions whose required values are among those they allow."""
    levels = draw(
        st.lists(
            st.builds(
                ob.RubricCriterionLevel,
                id=addresses,
                name=texts,
                level=maybe(texts),
                description=maybe(texts),
                points=maybe(texts),
                alignment=few(alignments, 1),
            ),
            max_size=3,
            unique_by=lambda level: level.id,
        )
    )
    allowed = draw(few(texts, 3))
    return ob.ResultDescription(
        id=draw(addresses),
        name=draw(texts),
        result_type=draw(terms_of(terms.RESULT_TYPES)),
        allowed_value=allowed,
        required_value=draw(maybe(st.sampled_from(allowed))) if allowed else draw(maybe(texts)),
        value_min=draw(maybe(texts)),
        value_max=draw(maybe(texts)),
        rubric_criterion_level=levels,
        required_level=draw(maybe(st.sampled_from([level.id for level in levels])))
        if levels
        else None,
        alignment=draw(few(alignments, 1)),
    )


@st.composite
def achievements(
    draw: st.DrawFn, *, jwt: bool = False, endorsed: bool = False, spoken: bool = True
) -> ob.Achievement:
    """Achievements with every kind of part; with their language only where `spoken`."""
    has_page, has_text = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    return ob.Achievement(
        id=draw(addresses),
        name=draw(texts),
        description=draw(texts),
        criteria=ob.Criteria(
            id=draw(addresses) if has_page else None, narrative=draw(texts) if has_text else None
        ),
        achievement_type=draw(maybe(terms_of(terms.ACHIEVEMENT_TYPES))),
        creator=draw(maybe(profiles(depth=0))),
        alignment=draw(few(alignments)),
        tags=draw(few(texts)),
        credits_available=draw(maybe(numbers)),
        field_of_study=draw(maybe(texts)),
        specialization=draw(maybe(texts)),
        human_code=draw(maybe(texts)),
        in_language=draw(maybe(languages)) if spoken else None,
        version=draw(maybe(texts)),
        image=draw(maybe(images)),
        result_description=draw(
            st.lists(result_descriptions(), max_size=2, unique_by=lambda part: part.id)
        ),
        other_identifier=draw(few(identifiers)),
        related=draw(few(related)) if spoken else (),
        endorsement=draw(few(endorsements(), 1)) if endorsed else (),
        endorsement_jwt=draw(few(jws, 1)) if jwt else (),
    )


@st.composite
def results(draw: st.DrawFn, achievement: ob.Achievement) -> ob.Result:
    """A result of one of the achievement's result descriptions, or of none."""
    described = draw(maybe(st.sampled_from(achievement.result_description or [None])))
    levels = [level.id for level in described.rubric_criterion_level] if described else []
    needs_status = described is not None and described.result_type == "Status"
    statuses = st.sampled_from(sorted(terms.RESULT_STATUSES))
    return ob.Result(
        result_description=described.id if described else None,
        achieved_level=draw(maybe(st.sampled_from(levels))) if levels else None,
        status=draw(statuses if needs_status else maybe(statuses)),
        value=draw(maybe(texts)),
        alignment=draw(few(alignments, 1)),
    )


@st.composite
def subjects(
    draw: st.DrawFn, *, jwt: bool = False, endorsed: bool = False, spoken: bool = True
) -> ob.AchievementSubject:
    """Subjects, by id, by identifiers or by both."""
    achievement = draw(achievements(jwt=jwt, endorsed=endorsed, spoken=spoken))
    known = draw(few(identities))
    return ob.AchievementSubject(
        achievement=achievement,
        id=draw(maybe(addresses) if known else addresses),
        identifier=known,
        result=draw(few(results(achievement))),
        activity_start_date=draw(maybe(moments)),
        activity_end_date=draw(maybe(moments)),
        credits_earned=draw(maybe(numbers)),
        license_number=draw(maybe(texts)),
        narrative=draw(maybe(texts)),
        role=draw(maybe(texts)),
        term=draw(maybe(texts)),
        source=draw(maybe(profiles(depth=0))),
        image=draw(maybe(images)),
    )


@st.composite
def _common(draw: st.DrawFn, *, jwt: bool = False, extended: bool = True) -> dict[str, Any]:
    start = draw(moments)
    schemas: list[Any] = []
    refresh: list[Any] = []
    if extended:
        schemas = draw(
            few(
                st.builds(
                    ob.CredentialSchema,
                    id=addresses,
                    type=st.just("1EdTechJsonSchemaValidator2019"),
                ),
                1,
            )
        )
        refresh = draw(
            few(
                st.builds(
                    ob.RefreshService, id=addresses, type=st.just("1EdTechCredentialRefresh")
                ),
                1,
            )
        )
    status = st.builds(
        bitstring.status_entry,
        list_url=st.builds("https://{}.example/status".format, words),
        purpose=st.sampled_from(["revocation", "suspension"]),
        index=st.integers(0, bitstring.MIN_LENGTH - 1),
    )
    return {
        "id": draw(addresses),
        "issuer": draw(profiles(jwt=jwt)),
        "valid_from": start,
        "valid_until": draw(maybe(st.timedeltas(dt.timedelta(1), dt.timedelta(9999)))),
        "name": draw(texts),
        "description": draw(maybe(texts)),
        "credential_status": draw(few(status, 1)),
        "credential_schema": schemas,
        "refresh_service": refresh,
        "contexts": [EXTENSIONS] if extended else [],
    }


def _ended(common: dict[str, Any]) -> dict[str, Any]:
    lasts = common["valid_until"]
    return {**common, "valid_until": None if lasts is None else common["valid_from"] + lasts}


@st.composite
def endorsements(
    draw: st.DrawFn, *, versions: tuple[str, ...] = ("3.0.3",)
) -> ob.EndorsementCredential:
    """Endorsements of somebody or something."""
    return ob.EndorsementCredential(
        **_ended(draw(_common())),
        subject=ob.EndorsementSubject(id=draw(addresses), endorsement_comment=draw(maybe(texts))),
        awarded_date=draw(maybe(moments)),
        version=draw(st.sampled_from(versions)),
    )


@st.composite
def open_badges(
    draw: st.DrawFn,
    *,
    jwt: bool = False,
    endorsed: bool = False,
    versions: tuple[str, ...] = ("3.0.2", "3.0.3"),
) -> ob.OpenBadgeCredential:
    """Whole Open Badges. Endorsed ones embed endorsements, unsigned here, of 3.0.3."""
    version = draw(st.sampled_from(versions))
    common = _ended(draw(_common(jwt=jwt)))
    if version == "3.0.1":
        common["credential_status"] = ()  # its kind of entry is of version 2.0
    spoken = version == "3.0.3"
    return ob.OpenBadgeCredential(
        **common,
        subject=draw(subjects(jwt=jwt, endorsed=endorsed, spoken=spoken)),
        awarded_date=draw(maybe(moments)) if version != "3.0.2" else None,
        image=draw(maybe(images)),
        evidence=draw(few(evidence)),
        endorsement=draw(few(endorsements(), 1)) if endorsed else (),
        endorsement_jwt=draw(few(jws, 1)) if jwt else (),
        version=version,
    )


@st.composite
def learner_records(draw: st.DrawFn, *, jwt: bool = False) -> clr.ClrCredential:
    """Learner records with embedded badges, achievements and associations between them."""
    badges = draw(st.lists(open_badges(jwt=jwt, versions=("3.0.3",)), min_size=1, max_size=2))
    known = draw(few(identities, 1))
    around = draw(few(achievements(jwt=jwt), 2))
    ids = [badge.id for badge in badges] + [part.id for part in around]
    return clr.ClrCredential(
        **_ended(draw(_common(jwt=jwt))),
        subject=clr.ClrSubject(
            id=draw(maybe(addresses) if known else addresses),
            identifier=known,
            verifiable_credential=badges,
            achievement=around,
            association=draw(
                few(
                    st.builds(
                        clr.Association,
                        association_type=st.sampled_from(sorted(terms.ASSOCIATION_TYPES)),
                        source_id=st.sampled_from(ids),
                        target_id=st.sampled_from(ids),
                    )
                )
            ),
        ),
        partial=draw(maybe(st.booleans())),
        awarded_date=draw(maybe(moments)),
        image=draw(maybe(images)),
    )


language_values = st.builds(
    vc.LanguageValue, value=texts, language=maybe(st.sampled_from(["en", "de", "zh-Hant"]))
)


@st.composite
def credentials(draw: st.DrawFn) -> vc.VerifiableCredential:
    """Plain credentials with names in languages, several subjects and related resources."""
    common = {
        **_ended(draw(_common(extended=False))),
        "id": draw(maybe(addresses)),
        "issuer": draw(st.one_of(addresses, profiles())),
        "name": draw(maybe(st.one_of(texts, language_values, few(language_values)))),
        "description": draw(maybe(st.one_of(texts, language_values))),
    }
    if isinstance(common["issuer"], Part):
        common["contexts"] = [ob.VERSIONS["3.0.3"][1]]
    subject = st.fixed_dictionaries({"id": addresses})
    return vc.VerifiableCredential(
        **common,
        subject=draw(st.one_of(subject, st.lists(subject, min_size=1, max_size=3))),
        related_resource=draw(
            st.lists(
                st.builds(
                    vc.RelatedResource,
                    id=addresses,
                    media_type=maybe(st.just("image/png")),
                    digest_sri=st.just(
                        "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"
                    ),
                ),
                max_size=2,
                unique_by=lambda related: related.id,
            )
        ),
    )


def presentations() -> st.SearchStrategy[vc.VerifiablePresentation]:
    """Presentations of badges and plain credentials."""
    return st.builds(
        vc.VerifiablePresentation,
        id=maybe(addresses),
        holder=maybe(addresses),
        verifiable_credential=few(st.one_of(open_badges(), credentials())),
    )


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Unsigned credentials of every kind, as documents."""
    # A badge of another version cannot embed one of 3.0.3: their contexts contradict each other.
    endorsed = open_badges(endorsed=True, versions=("3.0.3",))
    badges = st.one_of(endorsed, open_badges(versions=tuple(ob.VERSIONS)))
    return st.one_of(badges, endorsements(), learner_records(), credentials()).map(
        lambda value: value.to_document()
    )
