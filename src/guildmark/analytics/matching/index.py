"""Finding the skills of a framework that a text means.

In two steps. Each text is held against every skill: by the sentence model's vectors of its label,
its description and all its names, and by words and parts of words. The hundred likeliest are then
ranked by a linear model whose weights were learned from what frameworks publish, never from
labelled adverts (docs/decisions/0017, benchmarks/matching).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from guildmark.analytics.matching import _store
from guildmark.analytics.matching._lexical import Terms, parts
from guildmark.analytics.matching._names import Names
from guildmark.analytics.matching._reasons import reasons
from guildmark.analytics.matching._scores import (
    FEATURES,
    Candidates,
    Collection,
    Read,
    candidates,
)
from guildmark.analytics.matching._sentence_model import (
    LONGEST,
    WIDTH,
    Floats,
    sentence_model,
    unit,
)
from guildmark.analytics.matching._wordpiece import pieces_of_words
from guildmark.analytics.matching._words import Word, has_word, stem, stems_of, words_of
from guildmark.analytics.matching.errors import MatchingError
from guildmark.analytics.matching.values import Match, Skill

FORMAT = 1
"""Raised when an index of an older release must not be read."""
TOGETHER = 64
"""Texts that are held against the framework at once; bounds the memory."""
PIECE = 512
"""Texts of a framework between two reports of progress."""
LONGEST_NAME = 400
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class Model(Protocol):
    """What turns texts into vectors."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One row of 384 numbers a text, of length 1."""

    def rows(self, split: Sequence[list[int]]) -> Iterator[tuple[int, Floats]]:
        """For texts in pieces: the number of each, and one row a piece."""


class Index:
    """A framework that texts can be matched to. Made by build_index()."""

    def __init__(self, skills: Sequence[Skill], collection: Collection, model: Model) -> None:
        self.skills = tuple(skills)
        """In the order they were handed in."""
        self.collection = collection
        self._model = model

    def match(self, texts: Sequence[str], *, top: int = 10) -> list[list[Match]]:
        """For each text at most `top` skills (1 to 100), the likeliest first.

        Of a long text about the first hundred words count: hand in sentences. A text without any
        word has no matches. The same text has the same matches, whatever is asked with it, but
        for rounding in the last digits of a score. Raises MatchingError.
        """
        if not 1 <= top <= 100:
            raise MatchingError(f"top is {top}: ask for 1 to 100 matches.")
        return [
            self._matches(text, read, found, top) for text, read, found in self.candidates(texts)
        ]

    def candidates(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[str, Read | None, Candidates | None]]:
        """The features of each text's likeliest skills; None for a text without any word. For
        learning and measuring the ranking."""
        for start in range(0, len(texts), TOGETHER):
            chunk = texts[start : start + TOGETHER]
            telling = [
                number for number, text in enumerate(chunk) if self.skills and has_word(text)
            ]
            read = self.read([chunk[number] for number in telling])
            found = candidates(self.collection, read) if read else []
            by_number = dict(zip(telling, zip(read, found, strict=True), strict=True))
            for number, text in enumerate(chunk):
                yield text, *by_number.get(number, (None, None))

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Texts taken apart."""
        words = [words_of(text) for text in texts]
        split = [pieces_of_words([word.text for word in each], LONGEST) for each in words]
        found: dict[int, Read] = {}
        for number, rows in self._model.rows([numbers for numbers, _ in split]):
            found[number] = Read(
                words=words[number],
                stems=_stems(words[number]),
                vector=unit(rows.mean(axis=0)),
                rows=rows,
                begins=split[number][1],
            )
        return [found[number] for number in range(len(texts))]

    def _matches(
        self, text: str, read: Read | None, found: Candidates | None, top: int
    ) -> list[Match]:
        if read is None or found is None:
            return []
        worth, shares = ranked(found.features)
        # By the framework's order where two are alike.
        order = np.argsort(-worth, kind="stable")[:top]
        names = self.collection.names
        labels = found.skills[order]
        told = reasons(
            text,
            read,
            [names.texts[found.best_name[row]] for row in order],
            [self.skills[skill].label for skill in labels],
            self.collection.label_vectors[labels],
        )
        return [
            Match(
                id=self.skills[found.skills[row]].id,
                label=self.skills[found.skills[row]].label,
                score=float(shares[row]),
                reasons=why,
            )
            for row, why in zip(order, told, strict=True)
        ]


def build_index(
    skills: Sequence[Skill],
    *,
    folder: Path | None = None,
    progress: Progress | None = None,
    model: Model | None = None,
) -> Index:
    """Make a framework ready for matching; ESCO's 13,900 skills take some minutes once.

    With a `folder` the result is kept there under a name made of the skills' content, and read
    from there the next time; a damaged file is made anew. Raises MatchingError for skills without
    label or with the same id, and ModelError.
    """
    _check(skills)
    tell = progress or _nobody
    speaks = model or sentence_model()
    path = folder / f"skills-{_content(skills)}.npz" if folder else None
    kept = _store.read(path) if path else None
    if kept is not None:
        try:
            return Index(skills, _collection_of(kept, skills), speaks)
        except (KeyError, ValueError, IndexError):
            pass
    arrays = _arrays(skills, speaks, tell)
    if path:
        _store.write(path, arrays)
    return Index(skills, _collection_of(arrays, skills), speaks)


def ranked(features: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What each candidate of one text is worth beside the others, and its calibrated score."""
    learned = _learned()
    worth = features.astype(np.float64) @ learned.weights
    share = worth - worth.max()
    share -= np.log(np.exp(share).sum())
    scale = learned.calibration
    scores = 1 / (1 + np.exp(-(scale[0] + scale[1] * worth + scale[2] * share)))
    return worth, scores


class _Learned:
    def __init__(self, text: str) -> None:
        content = json.loads(text)
        self.weights = np.asarray([content["weights"][name] for name in FEATURES])
        self.calibration = np.asarray(content["calibration"])


@lru_cache(maxsize=1)
def _learned() -> _Learned:
    return _Learned(files(__package__).joinpath("ranking.json").read_text(encoding="utf-8"))


def _check(skills: Sequence[Skill]) -> None:
    seen: set[str] = set()
    for skill in skills:
        if not any(character.isalnum() for character in skill.label):
            raise MatchingError(f"The skill {skill.id!r} has no label: give it one.")
        if skill.id in seen:
            raise MatchingError(f"Two skills have the id {skill.id!r}: give each its own.")
        seen.add(skill.id)


def _content(skills: Sequence[Skill]) -> str:
    """A name for the content: what is indexed, by which form and model."""
    digest = hashlib.sha256(f"{FORMAT}\n".encode())
    for skill in skills:
        fields = [skill.label, skill.description, *skill.alternatives]
        digest.update(json.dumps(fields).encode() + b"\n")
    return digest.hexdigest()[:32]


def _nobody(_what: str, _done: int, _all: int) -> None:
    pass


def _named(skills: Sequence[Skill]) -> Names:
    return Names.of(
        [skill.label[:LONGEST_NAME] for skill in skills],
        [[name[:LONGEST_NAME] for name in skill.alternatives] for skill in skills],
    )


def _arrays(skills: Sequence[Skill], model: Model, tell: Progress) -> _store.Arrays:
    names = _named(skills)
    first = names.first[:-1]
    vectors = _vectors(names.texts, model, "names", tell)
    described = [number for number, skill in enumerate(skills) if skill.description.strip()]
    descriptions = np.zeros((len(skills), WIDTH), dtype=np.float32)
    descriptions[described] = _vectors(
        [skills[number].description for number in described], model, "descriptions", tell
    )
    centres = np.add.reduceat(vectors, first, axis=0) if len(skills) else vectors
    stems = [stems_of(text) for text in names.texts]
    by_skill = list(zip(names.first[:-1], names.first[1:], strict=True))
    stem_terms, stem_names = Terms.of(
        [[word for name in stems[a:b] for word in name] for a, b in by_skill]
    )
    part_terms, part_names = Terms.of(
        [[part for text in names.texts[a:b] for part in parts(words_of(text))] for a, b in by_skill]
    )
    descriptions_words = stem_terms.rows([stems_of(skill.description) for skill in skills])
    arrays: _store.Arrays = {
        "labels": vectors[first].astype(np.float16),
        "descriptions": descriptions.astype(np.float16),
        "centres": unit(centres).astype(np.float16),
        "stems": _store.texts_array(list(stem_terms.numbers)),
        "stems.telling": stem_terms.telling,
        "parts": _store.texts_array(list(part_terms.numbers)),
        "parts.telling": part_terms.telling,
    }
    _store.put_matrix(arrays, "stem_names", stem_names.T.tocsr())
    _store.put_matrix(arrays, "stem_descriptions", descriptions_words.T.tocsr())
    _store.put_matrix(arrays, "part_names", part_names.T.tocsr())
    return arrays


def _vectors(texts: list[str], model: Model, what: str, tell: Progress) -> Floats:
    """Equal texts once, the whole in pieces of like length."""
    found = np.zeros((len(texts), WIDTH), dtype=np.float32)
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(text.lower(), []).append(place)
    order = sorted(places, key=len)
    for start in range(0, len(order), PIECE):
        tell(what, start, len(order))
        piece = order[start : start + PIECE]
        for text, vector in zip(piece, model.vectors(piece), strict=True):
            found[places[text]] = vector
    tell(what, len(order), len(order))
    return found


def _collection_of(arrays: _store.Arrays, skills: Sequence[Skill]) -> Collection:
    names = _named(skills)
    stems = [stems_of(text) for text in names.texts]
    stem_terms = _terms(arrays, "stems")
    matrices = {
        name: _store.get_matrix(arrays, name)
        for name in ("stem_names", "stem_descriptions", "part_names")
    }
    vectors = {
        name: arrays[name].astype(np.float32) for name in ("labels", "descriptions", "centres")
    }
    for rows in vectors.values():
        if rows.shape != (len(skills), WIDTH):
            raise ValueError("another framework's vectors")
    if any(matrix.shape[1] != len(skills) for matrix in matrices.values()):
        raise ValueError("another framework's words")
    return Collection(
        names=names,
        name_stems=stems,
        label_vectors=vectors["labels"],
        description_vectors=vectors["descriptions"],
        centre_vectors=vectors["centres"],
        stems=stem_terms,
        parts=_terms(arrays, "parts"),
        **matrices,
        share=_shares(stems, stem_terms),
        uses=np.asarray([np.log1p(max(skill.uses or 0, 0)) / 7 for skill in skills], np.float32),
    )


def _terms(arrays: _store.Arrays, name: str) -> Terms:
    telling = arrays[f"{name}.telling"].astype(np.float32)
    texts = _store.texts_of(arrays[name])[: len(telling)]
    if len(texts) != len(telling):
        raise ValueError(f"the {name} are not whole")
    return Terms({text: number for number, text in enumerate(texts)}, telling)


def _shares(stems: list[list[str]], terms: Terms) -> sparse.csr_matrix:
    columns: list[int] = []
    ends = [0]
    for name in stems:
        columns += [terms.numbers[word] for word in dict.fromkeys(name)]
        ends.append(len(columns))
    telling = terms.telling[columns]
    starts = np.repeat(np.arange(len(stems)), np.diff(ends))
    sums = np.bincount(starts, telling, len(stems))
    data = (telling / np.maximum(sums[starts], 1e-9)).astype(np.float32)
    return sparse.csr_matrix(
        (data, np.asarray(columns, dtype=np.int32), ends), shape=(len(stems), len(terms.numbers))
    )


def _stems(words: list[Word]) -> list[str]:
    telling = [word for word in words if not word.is_mark and not word.is_filler]
    some = telling or [word for word in words if not word.is_mark]
    return [stem(word.plain) for word in some]
