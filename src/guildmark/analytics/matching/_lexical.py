"""Likeness by words and by parts of words: sparse matrices over the names of skills.

Term weights after Salton & Buckley 1988: (1 + log tf) x idf, rows of unit length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from guildmark.analytics.matching._words import Word

Floats = npt.NDArray[np.float32]
SHORTEST_PART, LONGEST_PART = 3, 5
LONGEST_WORD = 40


@dataclass(frozen=True)
class Terms:
    """The terms of a collection and how telling each is."""

    numbers: dict[str, int]
    telling: Floats

    @classmethod
    def of(cls, documents: Sequence[Iterable[str]]) -> tuple[Terms, sparse.csr_matrix]:
        """The terms of the documents, and the documents as rows of unit length."""
        numbers: dict[str, int] = {}
        columns: list[int] = []
        ends = [0]
        for document in documents:
            columns += [numbers.setdefault(term, len(numbers)) for term in document]
            ends.append(len(columns))
        counts = _counts(columns, ends, len(numbers))
        spread = np.bincount(counts.indices, minlength=len(numbers))
        telling = (np.log((1 + len(documents)) / (1 + spread)) + 1).astype(np.float32)
        terms = cls(numbers, telling)
        return terms, terms._weighted(counts)

    def rows(self, documents: Sequence[Iterable[str]]) -> sparse.csr_matrix:
        """Other documents as rows of unit length; terms that are new are passed over."""
        columns: list[int] = []
        ends = [0]
        known = self.numbers
        for document in documents:
            columns += [known[term] for term in document if term in known]
            ends.append(len(columns))
        return self._weighted(_counts(columns, ends, len(known)))

    def _weighted(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        rows = counts.astype(np.float32)
        rows.data = (1 + np.log(rows.data)) * self.telling[rows.indices]
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        scale = np.where(lengths > 0, 1 / np.maximum(lengths, 1e-9), 0).astype(np.float32)
        rows.data *= np.repeat(scale, np.diff(rows.indptr))
        return rows


def _counts(columns: list[int], ends: list[int], width: int) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix(
        (np.ones(len(columns), dtype=np.float32), np.asarray(columns, dtype=np.int32), ends),
        shape=(len(ends) - 1, width),
    )
    matrix.sum_duplicates()
    return matrix


def parts(words: Iterable[Word]) -> list[str]:
    """The terms of likeness by parts: runs of 3 to 5 characters within words, with their edges."""
    found: list[str] = []
    for word in words:
        if not word.is_mark and not word.is_filler:
            found += _parts_of(word.plain[:LONGEST_WORD])
    return found


@lru_cache(maxsize=100_000)
def _parts_of(word: str) -> tuple[str, ...]:
    edged = f" {word} "
    return tuple(
        edged[first : first + length]
        for length in range(SHORTEST_PART, LONGEST_PART + 1)
        for first in range(len(edged) - length + 1)
    )
