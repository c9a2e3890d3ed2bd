"""Sentences for values that do not have the form an operation asks for.

Pydantic finds what is wrong; what it says is for programmers and in English alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SHORT = 60
"""Characters of a value that a sentence repeats; a longer one stands in `value` alone."""

_TEXT = gettext_lazy("Give a text in quotation marks.")
_WHOLE = gettext_lazy("Give a whole number.")
_NUMBER = gettext_lazy("Give a number.")
_TRUTH = gettext_lazy("Give true or false.")
_IDENTIFIER = gettext_lazy(
    "Give an identifier (UUID) as the API tells it, such as 01890a5d-ac96-774b-bcce-b302099a8057."
)
_DAY = gettext_lazy("Give a day that exists as YYYY-MM-DD, such as 2026-03-31.")
_TIME = gettext_lazy("Give a day and time with its zone, such as 2026-03-31T14:00:00+02:00.")
_LIST = gettext_lazy("Give a list: [...].")
_OBJECT = gettext_lazy("Give an object with members: {...}.")

_MENDS: Mapping[str, Promise] = {
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": gettext_lazy("Give a smaller number."),
    "int_from_float": _WHOLE,
    "finite_number": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "uuid_type": _IDENTIFIER,
    "uuid_parsing": _IDENTIFIER,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "list_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "greater_than_equal": gettext_lazy("Give at least %(ge)s."),
    "less_than_equal": gettext_lazy("Give at most %(le)s."),
    "too_long": gettext_lazy("Give at most %(max_length)s entries."),
    "string_too_long": gettext_lazy("Write at most %(max_length)s characters."),
}


def sentence(kind: str, field: str, value: Any, context: Mapping[str, Any]) -> str:
    """What is wrong with a field and how to mend it.

    `kind` and `context` are pydantic's; `value` is what was sent. A check of our own says its mend
    itself, as `value_error`.
    """
    if kind == "missing":
        return _("“%(field)s” is missing. Give it a value.") % {"field": field}
    if kind == "extra_forbidden":
        return _("“%(field)s” is not known here. Leave it out or correct its name.") % {
            "field": field
        }
    if kind == "too_long" and isinstance(value, str):
        # Behind a check of our own, pydantic no longer knows that it counts characters.
        kind = "string_too_long"
    if kind == "value_error":
        mend = str(context["error"])
    elif kind in _MENDS:
        mend = _MENDS[kind] % context
    else:
        mend = _("See what it may be in /api/v1/openapi.json.")
    shown = json.dumps(value, default=str, ensure_ascii=False)
    if len(shown) > _SHORT:
        return _("“%(field)s” cannot be as it is. %(mend)s") % {"field": field, "mend": mend}
    return _("“%(field)s” cannot be %(value)s. %(mend)s") % {
        "field": field,
        "value": shown.encode("utf-8", "replace").decode(),
        "mend": mend,
    }
