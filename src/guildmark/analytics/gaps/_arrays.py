"""Checks of the arrays that come in; every error names the array and the value."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LARGEST = int(np.iinfo(np.int64).max)


class GapInputError(ValueError):
    """An array does not hold: `array` is its name, `value` the first value that is wrong."""

    def __init__(self, array: str, value: object, problem: str) -> None:
        super().__init__(f"{array} {problem}")
        self.array, self.value = array, value


class WrongTypeError(GapInputError):
    """An array is not of one dimension, or not of the kind of number that is asked."""


class WrongLengthError(GapInputError):
    """Arrays that belong together differ in length; `value` has the lengths by name."""


class OutOfRangeError(GapInputError):
    """An index, level or weight lies outside its range."""


class RepeatedRequirementError(GapInputError):
    """A role requires one skill twice; `value` is the pair of role and skill."""


def ints(name: str, values: npt.ArrayLike, *, low: int = 0, below: int | None = None) -> Ints:
    """`values` as whole numbers from `low` to under `below`."""
    array = _one_dimension(name, values)
    # An empty list is an array of floats to numpy, and holds nothing wrong.
    if array.size and array.dtype.kind not in "iu":
        # Rounding 1.5 down to an index would compare the wrong people without a word.
        raise WrongTypeError(name, array[0], f"holds {array[0]!r}; give whole numbers")
    highest = LARGEST if below is None else below - 1
    if array.size:
        wrong = (array < low) | (array > highest)
        if wrong.any():
            bad = int(array[wrong][0])
            upto = "" if below is None else f" to {highest}"
            raise OutOfRangeError(name, bad, f"holds {bad}; give {low}{upto or ' or more'}")
    return array.astype(np.int64, copy=False)


def weights(name: str, values: npt.ArrayLike) -> Floats:
    """`values` as finite numbers above zero."""
    array = _one_dimension(name, values)
    if array.size and array.dtype.kind not in "iuf":
        raise WrongTypeError(name, array[0], f"holds {array[0]!r}; give numbers")
    floats = array.astype(np.float64, copy=False)
    wrong = ~(np.isfinite(floats) & (floats > 0))
    if wrong.any():
        bad = float(floats[wrong][0])
        raise OutOfRangeError(name, bad, f"holds {bad}; a weight is a finite number above 0")
    return floats


def bools(name: str, values: npt.ArrayLike) -> Bools:
    """`values` as true and false."""
    array = _one_dimension(name, values)
    if array.size and array.dtype.kind != "b":
        raise WrongTypeError(name, array[0], f"holds {array[0]!r}; give true or false")
    return array.astype(np.bool_, copy=False)


def one_length(name: str, **arrays: Sized) -> None:
    """Refuse arrays of one table that differ in length."""
    lengths = {key: len(array) for key, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{key} {length}" for key, length in lengths.items())
        raise WrongLengthError(name, lengths, f"has arrays that differ in length: {told}")


def _one_dimension(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise WrongTypeError(name, array.shape, f"has shape {array.shape}; give one dimension")
    return array
