"""What can be wrong with what is handed in, and with the installation."""

from __future__ import annotations


class MatchingError(ValueError):
    """A value cannot be taken; the message names it, what is wrong, and the mend."""


class ModelError(MatchingError):
    """The sentence model's package is missing or is another one."""
