"""The names of skills: labels, alternatives, and what parentheses only explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

_EXPLAINED = re.compile(r"^(.{1,60}?) \([^()]+\)$")


@dataclass(frozen=True)
class Names:
    """All names of all skills in one list, the names of a skill side by side, its label first."""

    texts: list[str]
    first: npt.NDArray[np.int64]
    """Where each skill's names begin, and the end of the last."""

    @classmethod
    def of(cls, labels: Sequence[str], alternatives: Sequence[Sequence[str]]) -> Names:
        """Each name of a skill once, whatever its case."""
        texts: list[str] = []
        first = [0]
        for label, others in zip(labels, alternatives, strict=True):
            explained = _EXPLAINED.match(label)
            seen: set[str] = set()
            for given in [label, *([explained[1]] if explained else []), *others]:
                name = " ".join(given.split())
                if name and name.lower() not in seen:
                    seen.add(name.lower())
                    texts.append(name)
            first.append(len(texts))
        return cls(texts, np.asarray(first, dtype=np.int64))

    @cached_property
    def _bare(self) -> frozenset[int]:
        labels = self.first[:-1]
        return frozenset(
            int(label) + 1
            for label, end in zip(labels, self.first[1:], strict=True)
            if label + 1 < end and self.texts[label].startswith(f"{self.texts[label + 1]} (")
        )

    def is_bare(self, name: int) -> bool:
        """Whether a name is its skill's label without what explains it in parentheses."""
        return name in self._bare

    @cached_property
    def skill(self) -> npt.NDArray[np.int64]:
        """The skill of each name."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
