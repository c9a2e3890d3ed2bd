"""Times as the specifications write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_TIME = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",  # XML Schema dateTimeStamp
    re.ASCII,
)


def moment(value: Any) -> dt.datetime | None:
    """The time that a text states with its zone; None for anything else."""
    if not isinstance(value, str) or not _TIME.match(value):
        return None
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None
