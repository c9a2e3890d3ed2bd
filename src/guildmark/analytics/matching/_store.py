"""An index as one file of plain numpy arrays; nothing in it can run."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

Arrays = dict[str, npt.NDArray[np.generic]]


def texts_array(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Texts without line breaks as bytes."""
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def texts_of(array: npt.NDArray[np.generic]) -> list[str]:
    """What texts_array() made; one empty text and no text are alike, so callers count."""
    return array.tobytes().decode().split("\n")


def put_matrix(arrays: Arrays, name: str, matrix: sparse.csr_matrix) -> None:
    """Add a sparse matrix under `name`."""
    arrays[f"{name}.data"] = matrix.data
    arrays[f"{name}.indices"] = matrix.indices
    arrays[f"{name}.indptr"] = matrix.indptr
    arrays[f"{name}.shape"] = np.asarray(matrix.shape, dtype=np.int64)


def get_matrix(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> sparse.csr_matrix:
    """The sparse matrix of that name. Raises KeyError or ValueError."""
    parts = (arrays[f"{name}.data"], arrays[f"{name}.indices"], arrays[f"{name}.indptr"])
    matrix = sparse.csr_matrix(parts, shape=tuple(arrays[f"{name}.shape"]))
    matrix.check_format(full_check=True)
    return matrix


def write(path: Path, arrays: Arrays) -> None:
    """Write whole or not at all, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with draft.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            np.savez(file, **arrays)  # type: ignore[arg-type]
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> Arrays | None:
    """The arrays of a file; None where there is none or it is damaged, so that it is made anew."""
    try:
        with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
