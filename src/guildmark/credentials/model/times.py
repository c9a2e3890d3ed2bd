"""Times as the specifications write them."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import Any

_TIME = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",  # XML Schema dateTimeStamp
    re.ASCII,
)

_MAX_LENGTH = 100


def moment(value: Any) -> dt.datetime | None:
    """The time that a text states with its zone; None for anything else."""
    return _moment(value) if isinstance(value, str) else None


# What was issued together was issued at one time, and is often verified together.
@functools.lru_cache(maxsize=1024)
def _moment(value: str) -> dt.datetime | None:
    if len(value) > _MAX_LENGTH or not _TIME.match(value):
        return None
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None
