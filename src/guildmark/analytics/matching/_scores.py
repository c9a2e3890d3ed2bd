"""How like texts and skills are, in several ways, and the features of the likeliest pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from guildmark.analytics.matching._lexical import Terms, parts
from guildmark.analytics.matching._names import Names
from guildmark.analytics.matching._words import Word

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
CANDIDATES = 100
WHOLE = 0.99
"""Of a name's weight found in a text from here on, all its words are there."""
FEATURES = (
    "label", "description", "centre", "stem_names", "stem_descriptions", "part_names",
    "name_share", "label_phrase", "name_phrase", "length", "uses",
)  # fmt: skip
_ROUGH = {
    "label": 0.5,
    "centre": 1.0,
    "description": 0.2,
    "part_names": 0.5,
    "stem_names": 0.2,
    "stem_descriptions": 0.2,
    "name_share": 0.2,
}


@dataclass(frozen=True)
class Collection:
    """A framework of S skills with N names as arrays. Vectors have 384 columns and length 1."""

    names: Names
    name_stems: list[list[str]]
    label_vectors: Floats
    description_vectors: Floats
    """Zeros for a skill without description."""
    centre_vectors: Floats
    """The mean direction of all names of a skill."""
    stems: Terms
    parts: Terms
    stem_names: sparse.csr_matrix
    """Terms x S: the words of all names of a skill; below, those of its description."""
    stem_descriptions: sparse.csr_matrix
    part_names: sparse.csr_matrix
    share: sparse.csr_matrix
    """N x terms: each word's share of what its name says, rows of sum 1."""
    uses: Floats
    """log(1 + occupations) / 7 by skill, about 0 to 1; 0 where not known."""


@dataclass(frozen=True)
class Read:
    """A text, taken apart."""

    words: list[Word]
    stems: list[str]
    vector: Floats
    rows: Floats
    """One row for each piece that the sentence model heard."""
    begins: list[int]
    """The first piece of each word, and the end of the last."""


@dataclass(frozen=True)
class Candidates:
    """The likeliest skills of one text with a row of features each, and for each the name whose
    words the text has most of."""

    skills: Ints
    features: Floats
    best_name: Ints


def candidates(collection: Collection, read: Sequence[Read]) -> list[Candidates]:
    """The likeliest skills of each text by a plain sum of likenesses, with their features."""
    dense, shares = likenesses(collection, read), _name_shares(collection, read)
    dense["name_share"] = np.maximum.reduceat(shares, collection.names.first[:-1], axis=0).T
    rough = np.sum([weight * dense[name] for name, weight in _ROUGH.items()], axis=0)
    count = min(CANDIDATES, rough.shape[1])
    found = []
    for number, each in enumerate(read):
        skills = np.sort(np.argpartition(-rough[number], count - 1)[:count])
        columns = {name: rows[number, skills] for name, rows in dense.items()}
        found.append(_featured(collection, each, skills, columns, shares[:, number]))
    return found


def likenesses(collection: Collection, read: Sequence[Read]) -> dict[str, Floats]:
    """Likenesses of all texts and all skills by kind, each texts x S."""
    vectors = np.stack([each.vector for each in read])
    stems = collection.stems.rows([each.stems for each in read])
    text_parts = collection.parts.rows([parts(each.words) for each in read])
    return {
        "label": vectors @ collection.label_vectors.T,
        "description": vectors @ collection.description_vectors.T,
        "centre": vectors @ collection.centre_vectors.T,
        "stem_names": (stems @ collection.stem_names).toarray(),
        "stem_descriptions": (stems @ collection.stem_descriptions).toarray(),
        "part_names": (text_parts @ collection.part_names).toarray(),
    }


def _name_shares(collection: Collection, read: Sequence[Read]) -> Floats:
    """How much of each name the words of each text are (N x texts)."""
    numbers = collection.stems.numbers
    there = np.zeros((len(numbers), len(read)), dtype=np.float32)
    for column, each in enumerate(read):
        there[[numbers[word] for word in each.stems if word in numbers], column] = 1
    shares: Floats = collection.share @ there
    return shares


def _featured(
    collection: Collection, read: Read, skills: Ints, columns: dict[str, Floats], shares: Floats
) -> Candidates:
    said = f" {' '.join(read.stems)} "
    for name in ("label_phrase", "name_phrase"):
        columns[name] = np.zeros(len(skills), dtype=np.float32)
    best = np.zeros(len(skills), dtype=np.int64)
    names = collection.names
    for row, skill in enumerate(skills):
        first, last = names.first[skill], names.first[skill + 1]
        best[row] = first + int(np.argmax(shares[first:last]))
        for name in first + np.flatnonzero(shares[first:last] >= WHOLE):
            if f" {' '.join(collection.name_stems[name])} " not in said:
                continue
            if names.is_bare(int(name)):
                # "Scratch (computer programming)": only with its capital is it that.
                if not any(word.text == names.texts[name] for word in read.words):
                    continue
                columns["label_phrase"][row] = 1
                best[row] = name
            elif name == first:
                columns["label_phrase"][row] = 1
            columns["name_phrase"][row] = 1
    columns["length"] = np.log1p(
        np.asarray([len(collection.name_stems[names.first[skill]]) for skill in skills])
    )
    columns["uses"] = collection.uses[skills]
    features = np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)
    return Candidates(skills, features, best)
