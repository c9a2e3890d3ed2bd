"""The small drawings and words that many pages share."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guildmark.skills.models import ProficiencyLevel, Translated

register = template.Library()

# A quarter of the circle for each rank above none, clockwise from the top.
_QUARTERS = (
    "M12 12V2A10 10 0 0 1 22 12z",
    "M12 12H22A10 10 0 0 1 12 22z",
    "M12 12V22A10 10 0 0 1 2 12z",
    "M12 12H2A10 10 0 0 1 12 2z",
)
_ICONS = {
    "home": "M3 11 12 4l9 7M6 9.5V20h12V9.5",
    "skills": "M4 19V9m5 10V5m5 14v-7m5 7V8",
    "wallet": "M4 7h16v12H4zM4 7l11-3v3M15.5 13h.01",
    "assess": "M9 4h6v3H9zM7 5H5v15h14V5h-2M8.5 13l2.5 2.5 4.5-5",
    "decide": "M12 3v18M5 7h14M5 7l-2.5 6a3 3 0 0 0 5 0zM19 7l-2.5 6a3 3 0 0 0 5 0z",
    "gap": "M4 20V10h4v10M10 20V4h4v16M16 20v-6h4v6",
    "people": (
        "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0"
        "M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6"
    ),
    "achievement": "M12 3 20 7v10l-8 4-8-4V7zM9 12l2 2 4-4",
    "framework": "M5 4h14v5H5zM5 15h6v5H5zM15 15h4v5h-4zM12 9v3M8 15v-3h9v3",
    "role": "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
    "award": "M12 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM9 13l-1.5 8L12 19l4.5 2L15 13",
    "account": "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
    "audit": "M6 3h9l4 4v14H6zM14 3v5h5M9 13h7M9 17h5",
    "settings": "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
    "check": "M5 12.5 10 17l9-10",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line drawing of 24 by 24; decoration beside words, hidden from screen readers."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round"><path d="{}"/></svg>',
        _ICONS[name],
    )


@register.simple_tag
def level_mark(held: int, required: int = 0) -> SafeString:
    """The ILUO circle: a filled quarter for each held rank, a dashed one for each missing."""
    parts = [mark_safe('<circle class="ring" cx="12" cy="12" r="10"/>')]
    for rank, path in enumerate(_QUARTERS, start=1):
        if rank <= held:
            parts.append(format_html('<path class="held" d="{}"/>', path))
        elif rank <= required:
            parts.append(format_html('<path class="missing" d="{}"/>', path))
    words = _("level %(held)s") % {"held": held}
    if required:
        words = _("level %(held)s, %(required)s required") % {"held": held, "required": required}
    return format_html(
        '<svg class="ilu" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
        words,
        mark_safe("".join(parts)),  # noqa: S308 - made of the constants above
    )


@register.simple_tag
def gap_bar(held: int, required: int, highest: int = 4) -> SafeString:
    """A bar of what is held with a stroke where the requirement stands."""
    width = 200
    words = _("level %(held)s of %(required)s required") % {"held": held, "required": required}
    return format_html(
        '<svg class="bar" viewBox="0 0 {} 16" role="img" aria-label="{}" '
        'preserveAspectRatio="none"><rect class="track" width="{}" height="16" rx="3"/>'
        '<rect class="held" width="{}" height="16" rx="3"/>'
        '<path class="need" d="M{} 0V16"/></svg>',
        width,
        words,
        width,
        width * held // highest,
        max(2, min(width - 1, width * required // highest)),
    )


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
