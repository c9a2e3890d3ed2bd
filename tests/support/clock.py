"""Standing at a chosen moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def at(moment: str) -> Iterator[dt.datetime]:
    """Have it be this moment (ISO 8601, with its zone) for all that asks Django what time it is."""
    stopped = dt.datetime.fromisoformat(moment)
    with patch("django.utils.timezone.now", lambda: stopped):
        yield stopped
