"""The small drawings and words that many pages share."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildmark.skills.models import ProficiencyLevel, Translated

register = template.Library()

# A quarter of the circle for each rank above none, clockwise from the top.
_QUARTERS = (
    "M12 12V2A10 10 0 0 1 22 12z",
    "M12 12H22A10 10 0 0 1 12 22z",
    "M12 12V22A10 10 0 0 1 2 12z",
    "M12 12H2A10 10 0 0 1 12 2z",
)
_FULL_TURN = 2 * math.pi


@cache
def _icon_names() -> frozenset[str]:
    """The drawings there are in the sprite."""
    sprite = Path(__file__).parent.parent / "static" / "guildmark" / "img" / "icons.svg"
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, turns: bool = False) -> SafeString:
    """A line drawing of 24 by 24; decoration beside words, hidden from screen readers.

    `turns`: one that points along the line of reading, so it turns where that runs leftward.
    """
    if name not in _icon_names():
        raise template.TemplateSyntaxError(f"there is no icon named {name!r} in icons.svg")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round"><use href="{}#{}"/></svg>',
        " icon-turns" if turns else "",
        static("guildmark/img/icons.svg"),
        name,
    )


def _rank(value: int | str | None) -> int:
    """A rank as templates hand it over: nothing held is an empty text there."""
    return int(value or 0)


def _segments(count: int) -> tuple[str, ...]:
    """The circle cut into `count` equal pieces, clockwise from the top."""
    if count == len(_QUARTERS):
        return _QUARTERS
    if count <= 1:
        return ("M12 2A10 10 0 0 1 12 22A10 10 0 0 1 12 2z",)

    def rim(part: int) -> str:
        angle = _FULL_TURN * part / count
        return f"{12 + 10 * math.sin(angle):.2f} {12 - 10 * math.cos(angle):.2f}"

    return tuple(f"M12 12L{rim(n)}A10 10 0 0 1 {rim(n + 1)}z" for n in range(count))


@register.simple_tag
def level_mark(
    held: int | str | None,
    required: int | str | None = 0,
    highest: int = 4,
    words: str = "",
    size: str = "",
) -> SafeString:
    """The ILUO circle: a filled piece for each held rank, a dashed one for each missing.

    `words` is the text alternative, when the level has a better name than its number; `size` may
    be "big".
    """
    held, required = _rank(held), _rank(required)
    parts = [mark_safe('<circle class="ring" cx="12" cy="12" r="10"/>')]
    for rank, path in enumerate(_segments(highest), start=1):
        if rank <= held:
            parts.append(format_html('<path class="held" d="{}"/>', path))
        elif rank <= required:
            parts.append(format_html('<path class="missing" d="{}"/>', path))
    if not words and required:
        words = _("level %(held)s, %(required)s required") % {"held": held, "required": required}
    elif not words:
        words = _("level %(held)s") % {"held": held}
    return format_html(
        '<svg class="ilu{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
        f" {size}" if size else "",
        words,
        mark_safe("".join(parts)),  # noqa: S308 - made of the constants above
    )


@register.simple_tag
def gap_bar(
    held: float | str | None, required: float | str | None, highest: float = 4, words: str = ""
) -> SafeString:
    """A bar of what is held, dashed for what is missing, with a stroke at the requirement."""
    width = 200
    held, required = float(held or 0), float(required or 0)
    words = words or _("level %(held)s of %(required)s required") % {
        "held": f"{held:g}",
        "required": f"{required:g}",
    }
    filled = round(width * min(held, highest) / highest)
    needed = round(width * min(required, highest) / highest)
    short: str = ""
    if needed > filled:
        short = format_html(
            '<rect class="short" x="{}" y="1" width="{}" height="14"/>', filled, needed - filled
        )
    return format_html(
        '<svg class="bar" viewBox="0 0 {} 16" role="img" aria-label="{}" '
        'preserveAspectRatio="none"><rect class="track" width="{}" height="16"/>'
        '<rect class="held" width="{}" height="16"/>{}<path class="need" d="M{} 0V16"/></svg>',
        width,
        words,
        width,
        filled,
        short,
        max(2, min(width - 2, needed)),
    )


# What each state is shown as: tone, icon, and the word used when the state brings none.
_STATES: dict[str, tuple[str, str, Promise]] = {
    "active": ("good", "good", gettext_lazy("valid")),
    "suspended": ("warn", "paused", gettext_lazy("suspended")),
    "revoked": ("bad", "ban", gettext_lazy("revoked")),
    "expired": ("warn", "clock", gettext_lazy("expired")),
    "expiring": ("warn", "clock", gettext_lazy("expires soon")),
    "superseded": ("neutral", "superseded", gettext_lazy("replaced by a newer one")),
    "signing": ("neutral", "waiting", gettext_lazy("being signed")),
    "draft": ("neutral", "draft", gettext_lazy("draft")),
    "published": ("good", "good", gettext_lazy("published")),
    "withdrawn": ("neutral", "none", gettext_lazy("withdrawn")),
    "requested": ("info", "sent", gettext_lazy("requested")),
    "approved": ("good", "check", gettext_lazy("approved")),
    "refused": ("bad", "bad", gettext_lazy("refused")),
    "granted": ("good", "good", gettext_lazy("granted")),
    "waiting": ("info", "waiting", gettext_lazy("waiting")),
    "open": ("info", "running", gettext_lazy("under way")),
    "started": ("info", "running", gettext_lazy("started")),
    "submitted": ("info", "sent", gettext_lazy("handed in")),
    "completed": ("good", "good", gettext_lazy("completed")),
    "passed": ("good", "good", gettext_lazy("passed")),
    "failed": ("bad", "bad", gettext_lazy("failed")),
    "unknown": ("warn", "unknown", gettext_lazy("could not be checked")),
    "not_applicable": ("neutral", "none", gettext_lazy("not applicable")),
}


@register.simple_tag
def status_badge(state: str, words: str = "") -> SafeString:
    """A state with its icon and word; the word is the state's own label where it has one."""
    tone, icon_name, usual = _STATES.get(str(state), ("neutral", "circle", gettext_lazy("unknown")))
    label = words or getattr(state, "label", "") or (usual if str(state) in _STATES else state)
    return format_html('<span class="status status-{}">{}{}</span>', tone, icon(icon_name), label)


@register.filter
def tone(state: str) -> str:
    """good, warn, bad, info or neutral: the class of a state in lists of checks and figures."""
    return _STATES.get(str(state), ("neutral", "", ""))[0]


@register.filter
def state_icon(state: str) -> str:
    """The name of the icon of a state."""
    return _STATES.get(str(state), ("", "circle", ""))[1]


@register.filter
def state_words(state: str) -> str:
    """The usual word for a state."""
    return str(_STATES[str(state)][2]) if str(state) in _STATES else str(state)


_LETTERS = 2


@register.filter
def initials(name: str) -> str:
    """Up to two letters for a punch: of the first two words, else the start of the only one."""
    words = [word for word in re.split(r"[\s\-]+", str(name)) if word[:1].isalnum()]
    if len(words) >= _LETTERS:
        return (words[0][0] + words[1][0]).upper()
    return words[0][:_LETTERS].upper() if words else "–"


@register.inclusion_tag("guildmark/components/hallmarks.html")
def hallmarks(
    *,
    issuer: str,
    state: str = "active",
    awarded: dt.date | None = None,
    code: str = "",
    rank: int | str | None = None,
    highest: int = 4,
) -> dict[str, Any]:
    """The row of punches of a credential: maker, level, assay, year.

    A credential of several skills has no one level: then leave `rank` away.
    """
    quarters = []
    if rank not in (None, ""):
        held = _rank(rank)
        quarters = [
            {"path": path, "held": n <= held} for n, path in enumerate(_segments(highest), start=1)
        ]
    return {
        "issuer": issuer,
        "state": str(state),
        "state_label": getattr(state, "label", "") or state_words(str(state)),
        "awarded": awarded,
        "code": code,
        "quarters": quarters,
    }


@register.filter
def is_void(state: str) -> bool:
    """Whether a credential in this state no longer counts and will not count again."""
    return str(state) in {"revoked", "expired", "superseded"}


@register.filter
def first_entries(navigation: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The first places of the navigation over all its groups: the bar at the bottom of a phone."""
    return [entry for group in navigation for entry in group["entries"]][:count]


@register.filter
def told(row: Translated, field: str) -> str:
    """A text of a skill or level in the reader's language."""
    return row.told(field)


@register.filter
def level_words(level: ProficiencyLevel) -> str:
    """`L · alone`, in the reader's language."""
    return str(level)


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: object) -> str:
    """The page's query string with these parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def focus_id(field: BoundField) -> str:
    """The id to jump to for a field: of a group of choices, its first."""
    inner = field.subwidgets if field.use_fieldset else []
    return str(inner[0].id_for_label if inner else field.id_for_label) or field.auto_id
