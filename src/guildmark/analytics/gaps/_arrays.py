"""Checks of the arrays that come in; every error names the array and the value."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Levels = npt.NDArray[Any]
"""Whole numbers (int64) or decimals (float64), as they were given."""
Days = npt.NDArray[np.datetime64]

LARGEST = int(np.iinfo(np.int64).max)
# From here on not every whole number is one of float64, in which levels meet weights.
LARGEST_LEVEL = 2**53


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
    # The ends first: to look for the value makes arrays as long as the one that is looked through.
    if array.size and (array.min() < low or array.max() > highest):
        bad = int(array[(array < low) | (array > highest)][0])
        upto = "" if below is None else f" to {highest}"
        raise OutOfRangeError(name, bad, f"holds {bad}; give {low}{upto or ' or more'}")
    return array.astype(np.int64, copy=False)


def levels(name: str, values: npt.ArrayLike) -> Levels:
    """`values` as finite numbers from 0 on, whole ones kept whole."""
    array = _one_dimension(name, values)
    if array.size and array.dtype.kind not in "iuf":
        raise WrongTypeError(name, array[0], f"holds {array[0]!r}; give numbers")
    if array.size and not (array.min() >= 0 and array.max() <= LARGEST_LEVEL):
        bad = array[~((array >= 0) & (array <= LARGEST_LEVEL))][0].item()
        problem = "too large for a level" if bad > 0 else "a level is a number, 0 or more"
        raise OutOfRangeError(name, bad, f"holds {bad}; {problem}")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64, copy=False)


def days(name: str, values: npt.ArrayLike) -> Days:
    """`values` as days; NaT is none."""
    array = _one_dimension(name, values)
    if array.size and array.dtype.kind != "M":
        raise WrongTypeError(name, array[0], f"holds {array[0]!r}; give days (datetime64)")
    return array.astype("datetime64[D]", copy=False)


def weights(name: str, values: npt.ArrayLike) -> Floats:
    """`values` as finite numbers above zero."""
    array = _one_dimension(name, values)
    if array.size and array.dtype.kind not in "iuf":
        raise WrongTypeError(name, array[0], f"holds {array[0]!r}; give numbers")
    floats = array.astype(np.float64, copy=False)
    # A comparison with NaN is false, so NaN is caught by both.
    if floats.size and not (floats.min() > 0 and floats.max() < np.inf):
        bad = float(floats[~(np.isfinite(floats) & (floats > 0))][0])
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
