"""A clock the example company lives a year by, while the generator runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


class Clock:
    """The moment that `django.utils.timezone.now` gives inside `running`."""

    def __init__(self, start: dt.datetime) -> None:
        self.moment = start

    def set(self, moment: dt.datetime) -> None:
        """Move to a moment; the past year is told in order, so it never goes back."""
        self.moment = max(self.moment, moment)

    def after(self, *, days: float = 0, minutes: float = 0) -> dt.datetime:
        """The moment that much later."""
        return self.moment + dt.timedelta(days=days, minutes=minutes)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Replace the time for everything called inside; only the generator does this."""
        with patch("django.utils.timezone.now", lambda: self.moment):
            yield
