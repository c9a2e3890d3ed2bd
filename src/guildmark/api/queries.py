"""Which query parameters are taken."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildmark.errors import FieldProblem, InvalidError


def known_alone(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse query parameters that the operation does not have.

    A filter that is misspelled would else be passed over, and the answer be about something else.
    Decorates the function itself, so that who has no token hears of that first.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        known = [
            name
            for model in view._ninja_operation.models  # type: ignore[attr-defined]  # set by ninja
            if model.__ninja_param_source__ == "query"
            for name in model.__ninja_flatten_map__
        ]
        unknown = [name for name in request.GET if name not in known]
        if unknown:
            mend = (
                _("There is no such parameter here; it takes: %(names)s.")
                % {"names": ", ".join(sorted(known))}
                if known
                else _("This address takes no parameters; leave it out.")
            )
            raise InvalidError(
                [
                    FieldProblem(field=name[:200], value=request.GET[name][:200], message=mend)
                    for name in unknown
                ]
            )
        return view(request, *args, **kwargs)

    return wrapped
