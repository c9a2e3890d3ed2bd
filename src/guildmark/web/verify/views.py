"""What strangers may see: shared credentials, the check of any credential, public documents."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from guildmark.achievements.models import AchievementVersion
from guildmark.awards.documents import achievement_document, did_document
from guildmark.awards.models import Award, IssuerProfile, StatusList
from guildmark.awards.reading import read_credential
from guildmark.awards.verification import verify_text
from guildmark.config.clients import CHECKS_PER_MINUTE, has_checked_too_often
from guildmark.errors import NotFoundError
from guildmark.wallet.errors import ShareEndedError
from guildmark.wallet.models import ShareLink
from guildmark.wallet.selectors import open_share
from guildmark.web.verify.forms import MAX_BYTES, VerifyForm
from guildmark.web.verify.links import share_url
from guildmark.web.verify.negotiation import (
    CREDENTIAL_MEDIA_TYPE,
    keep_private,
    readable_elsewhere,
    wants_json,
)
from guildmark.web.verify.qr import qr_svg
from guildmark.web.verify.words import explain

_SHORT = "public, max-age=60"
Arguments = ParamSpec("Arguments")


def in_utc(
    view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A view whose times are in UTC for everybody, as in the documents themselves.

    A stranger may be anywhere, and two people who look at one page should read the same of it.
    """

    @wraps(view)
    def wrapped(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        with timezone.override(dt.UTC):
            return view(request, *args, **kwargs)

    return wrapped


@require_GET
@in_utc
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A credential as its holder shows it, checked anew on every request."""
    try:
        link = open_share(token)
    except (NotFoundError, ShareEndedError) as error:
        return _no_share(request, error)
    if wants_json(request):
        return _credential_json(link)
    award = link.credential.award
    verification = verify_text(link.credential.document)
    context = {
        "link": link,
        "award": award,
        "version": award.version,
        "reading": read_credential(verification.document),
        "explained": explain(verification),
        "is_superseded": award.state == Award.State.SUPERSEDED,
        "qr": qr_svg(share_url(link)),
    }
    response = render(request, "guildmark/verify/shared.html", context)
    patch_vary_headers(response, ["Accept"])
    return keep_private(response)


@require_GET
def shared_json(request: HttpRequest, token: str) -> HttpResponse:
    """The signed document itself, to be checked by any other software."""
    try:
        link = open_share(token)
    except (NotFoundError, ShareEndedError) as error:
        return _no_share(request, error, as_json=True)
    return _credential_json(link)


@require_GET
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """The outcome of each check, for machines."""
    try:
        link = open_share(token)
    except (NotFoundError, ShareEndedError) as error:
        return _no_share(request, error, as_json=True)
    verification = verify_text(link.credential.document)
    return keep_private(readable_elsewhere(JsonResponse(verification.as_json())))


@require_GET
def shared_qr(request: HttpRequest, token: str) -> HttpResponse:
    """The link as a QR code, to print."""
    try:
        link = open_share(token)
    except (NotFoundError, ShareEndedError) as error:
        return _no_share(request, error)
    return keep_private(HttpResponse(qr_svg(share_url(link)), content_type="image/svg+xml"))


# Exempt: it changes nothing and knows nobody, and a stranger should need no cookie for it.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_utc
def verify(request: HttpRequest) -> HttpResponse:
    """Check a credential of any issuer, pasted or uploaded. Nothing of it is kept."""
    if request.method == "GET":
        return keep_private(render(request, "guildmark/verify/verify.html", {"form": VerifyForm()}))
    if has_checked_too_often(request):
        context = {"form": VerifyForm(), "limit": CHECKS_PER_MINUTE}
        response = render(request, "guildmark/verify/verify.html", context, status=429)
        response["Retry-After"] = "60"
        return keep_private(response)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        status = 413 if _is_too_large(form) else 422
        return keep_private(
            render(request, "guildmark/verify/verify.html", {"form": form}, status=status)
        )
    verification = verify_text(form.cleaned_data["document"])
    if wants_json(request):
        return keep_private(JsonResponse(verification.as_json()))
    context = {
        "form": form,
        "reading": read_credential(verification.document),
        "explained": explain(verification),
    }
    return keep_private(render(request, "guildmark/verify/verify.html", context))


@require_GET
def did(_request: HttpRequest, slug: str) -> HttpResponseBase:
    """The DID document of an organization: all keys it has signed with."""
    profile = get_object_or_404(IssuerProfile, organization__slug=slug)
    return _public_json(did_document(profile), "application/did+json")


@require_GET
def status_list(_request: HttpRequest, list_id: uuid.UUID) -> HttpResponseBase:
    """A status list as its issuer signed it; it tells nothing about a single credential."""
    found = get_object_or_404(StatusList.objects.exclude(document=""), id=list_id)
    response = HttpResponse(found.document, content_type=CREDENTIAL_MEDIA_TYPE)
    response["Cache-Control"] = _SHORT
    return readable_elsewhere(response)


@require_GET
def achievement(request: HttpRequest, version_id: uuid.UUID) -> HttpResponseBase:
    """What an achievement version says, for people and, by Accept, for machines."""
    version = (
        AchievementVersion.objects.exclude(state=AchievementVersion.State.DRAFT)
        .filter(id=version_id)
        .select_related("achievement__organization__issuer_profile")
        .prefetch_related("skills__skill__framework", "skills__skill__alignments", "skills__level")
        .first()
    )
    profile = getattr(version.achievement.organization, "issuer_profile", None) if version else None
    if version is None:
        raise Http404
    if wants_json(request) and profile is not None:
        described = achievement_document(version, profile)
        response: HttpResponseBase = _public_json(described, "application/ld+json")
    else:
        context = {
            "version": version,
            "profile": profile,
            "organization": version.achievement.organization,
        }
        response = render(request, "guildmark/verify/achievement.html", context)
        response["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(response, ["Accept"])
    return response


def _credential_json(link: ShareLink) -> HttpResponse:
    response = HttpResponse(link.credential.document, content_type=CREDENTIAL_MEDIA_TYPE)
    patch_vary_headers(response, ["Accept"])
    return keep_private(readable_elsewhere(response))


def _public_json(document: object, media_type: str) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type=media_type)
    response["Cache-Control"] = _SHORT
    return readable_elsewhere(response)


def _no_share(
    request: HttpRequest, error: NotFoundError | ShareEndedError, *, as_json: bool = False
) -> HttpResponse:
    status = 410 if isinstance(error, ShareEndedError) else 404
    if as_json or wants_json(request):
        body = {"type": "about:blank", "title": str(error), "status": status, "code": error.code}
        return keep_private(
            JsonResponse(body, status=status, content_type="application/problem+json")
        )
    context = {"error": error, "is_ended": status == 410}
    return keep_private(render(request, "guildmark/verify/no_share.html", context, status=status))


def _is_too_large(form: VerifyForm) -> bool:
    upload = form.files.get("file")
    return (upload is not None and (upload.size or 0) > MAX_BYTES) or (
        len(form.data.get("text", "")) > MAX_BYTES
    )
