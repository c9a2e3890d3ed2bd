"""The words of a text that speak for a skill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from guildmark.analytics.matching._scores import Read
from guildmark.analytics.matching._sentence_model import Floats, unit
from guildmark.analytics.matching._words import Word, runs_of, stem, stems_of
from guildmark.analytics.matching.values import By, Reason

LIKE = 0.4
"""Likeness of vectors from which a run of words is said to be near a name."""


def reasons(
    text: str, read: Read, names: Sequence[str], labels: Sequence[str], label_vectors: Floats
) -> list[tuple[Reason, ...]]:
    """For each skill, by its best worded name and its label: the words that the text shares with
    that name, else the run of words that is nearest to the label."""
    found = [_shared(text, read.words, name) for name in names]
    if all(found):
        return found
    runs, vectors = _runs(read)
    if runs:
        likeness = label_vectors @ vectors.T
        for row, (label, near) in enumerate(zip(labels, likeness, strict=True)):
            best = int(np.argmax(near))
            if not found[row] and near[best] >= LIKE:
                start, end = read.words[runs[best][0]].start, read.words[runs[best][1] - 1].end
                found[row] = (
                    Reason(
                        start=start,
                        end=end,
                        text=text[start:end],
                        name=label,
                        by=By.MEANING,
                        likeness=min(1.0, float(near[best])),
                    ),
                )
    return found


def _runs(read: Read) -> tuple[list[tuple[int, int]], Floats]:
    """Runs of words with the mean of their pieces as the model heard them in the text."""
    begins = np.asarray(read.begins)
    runs = [run for run in runs_of(read.words) if begins[run[1]] > begins[run[0]]]
    if not runs:
        return [], np.zeros((0, read.rows.shape[1]), dtype=np.float32)
    sums = np.concatenate([np.zeros_like(read.rows[:1]), np.cumsum(read.rows, axis=0)])
    first, last = begins[[run[0] for run in runs]], begins[[run[1] for run in runs]]
    return runs, unit((sums[last] - sums[first]) / (last - first)[:, None].astype(np.float32))


def _shared(text: str, words: list[Word], name: str) -> tuple[Reason, ...]:
    """Neighbouring shared words are one reason."""
    stems = set(stems_of(name))
    hits = [
        number
        for number, word in enumerate(words)
        if not word.is_mark and not word.is_filler and stem(word.plain) in stems
    ]
    there = {stem(words[number].plain) for number in hits}
    found: list[Reason] = []
    run: list[int] = []
    for number in [*hits, -1]:
        if run and number != run[-1] + 1:
            start, end = words[run[0]].start, words[run[-1]].end
            found.append(
                Reason(
                    start=start,
                    end=end,
                    text=text[start:end],
                    name=name,
                    by=By.WORDS,
                    likeness=len(there) / len(stems),
                )
            )
            run = []
        run.append(number)
    return tuple(found)
