"""The files of a publisher's distribution: in a folder, in zips, or both; read within bounds."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from guildmark.skills.readers.shape import FrameworkFileError
from guildmark.skills.readers.spreadsheet import Row

MAX_FILES = 2_000
MAX_UNPACKED = 2_000_000_000
MAX_CELL = 2_000_000
MAX_TABLE_ROWS = 5_000_000
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file: its name without folders, its size unpacked in bytes, and how to open it."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]

    def read(self, most: int) -> bytes:
        """All of it. Raises FrameworkFileError where it has over `most` bytes or is damaged."""
        if self.size > most:
            raise FrameworkFileError(
                f"{self.name} has {self.size:,} bytes; at most {most:,} are read."
            )
        with _damage_told(self.name), self.open() as file:
            return file.read()


class _damage_told:  # noqa: N801 - reads as a word where it is used
    """What the archive's reader stumbles over, in words."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, FrameworkFileError) or not isinstance(error, Exception):
            return
        if isinstance(error, (OSError, EOFError, zipfile.BadZipFile)) or "zlib" in str(type(error)):
            raise FrameworkFileError(
                f"{self._name} cannot be read to its end ({error}): it is cut off or damaged. "
                "Download it again."
            ) from error


def files_of(paths: Sequence[Path]) -> list[Entry]:
    """The files at these paths: of folders and of zips, also of zips in a folder.

    Raises FrameworkFileError for what is not there, is damaged, or is too much.
    """
    found: list[Entry] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
        elif path.is_file():
            inside = [path]
        else:
            raise FrameworkFileError(f"{path} is not there: name a file or a folder.")
        for one in inside[: MAX_FILES + 1]:
            if one.suffix.lower() == ".zip":
                found += _zipped(one)
            else:
                found.append(Entry(name=one.name, size=one.stat().st_size, open=_opener(one)))
    if len(found) > MAX_FILES:
        raise FrameworkFileError(f"there are over {MAX_FILES:,} files: name the folder of one.")
    if sum(entry.size for entry in found) > MAX_UNPACKED:
        raise FrameworkFileError(f"the files unpack to over {MAX_UNPACKED:,} bytes.")
    return found


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _zipped(path: Path) -> list[Entry]:
    with _damage_told(path.name):
        archive = zipfile.ZipFile(path)
        entries = []
        for info in archive.infolist():
            name = info.filename.replace("\\", "/").rsplit("/", 1)[-1]
            if not name or info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            if info.flag_bits & 1:
                raise FrameworkFileError(f"{path.name} is locked by a password: unpack it first.")
            entries.append(Entry(name=name, size=info.file_size, open=_member(archive, info)))
        return entries


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def read_delimited(
    entry: Entry, columns: Sequence[str], *, optional: Sequence[str] = (), delimiter: str = ","
) -> Iterator[Row]:
    """The rows of a text table below its header; read as they are asked for.

    `columns` must all be there, in any order and case; `optional` ones are empty where they are
    missing. Raises FrameworkFileError for a file that is not UTF-8, is cut off, lacks a column, or
    has a cell or row too many.
    """
    with _damage_told(entry.name), entry.open() as raw:
        ending = _Ending(raw)
        text = io.TextIOWrapper(
            io.BufferedReader(ending, 1 << 16), encoding="utf-8-sig", newline=""
        )
        if delimiter == "\t":
            reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
        number = 0
        try:
            header = [cell.strip() for cell in next(reader, [])]
            index = _index(entry.name, header, columns, optional, delimiter)
            width = len(header)
            padding = [""] * (width + 1)
            short: Row | None = None
            for number, cells in enumerate(reader, start=2):
                if number > MAX_TABLE_ROWS:
                    raise FrameworkFileError(f"{entry.name} has over {MAX_TABLE_ROWS:,} rows.")
                if short is not None:
                    yield short
                    short = None
                if not cells:
                    continue
                row = Row(entry.name, number, index, [*cells, *padding[len(cells) :]])
                if len(cells) < width:
                    # Publishers leave out empty cells at the end; the last row may be cut off.
                    short = row
                else:
                    yield row
            if short is not None:
                if not ending.ended_in_line:
                    raise FrameworkFileError(
                        f"{entry.name} ends in the middle of row {number}: it is cut off. "
                        "Download it again."
                    )
                yield short
        except UnicodeDecodeError as error:
            raise FrameworkFileError(
                f"{entry.name}, after row {number}: the byte {error.object[error.start]:#04x} is "
                "not UTF-8. Save the file as UTF-8."
            ) from error
        except csv.Error as error:
            mend = (
                "it is cut off. Download it again"
                if "unexpected end" in str(error)
                else f"{error}. Save it again as CSV"
            )
            raise FrameworkFileError(f"{entry.name}, after row {number}: {mend}.") from error


class _Ending(io.RawIOBase):
    """A binary stream that remembers whether what it gave last ended a line."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self.ended_in_line = raw, True

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        piece = self._raw.read(len(buffer))
        buffer[: len(piece)] = piece
        if piece:
            self.ended_in_line = piece.endswith((b"\n", b"\r"))
        return len(piece)


def _index(
    name: str, header: list[str], columns: Sequence[str], optional: Sequence[str], delimiter: str
) -> dict[str, int]:
    places = {cell.lower(): position for position, cell in enumerate(header)}
    index = {}
    for column in (*columns, *optional):
        place = places.get(column.lower())
        if place is not None:
            index[column] = place
        elif column in optional:
            index[column] = len(header)
        else:
            shown = ", ".join(cell for cell in header if cell)[:300] or "nothing"
            raise FrameworkFileError(
                f"{name} lacks the column {column!r} in its first row; found there: {shown}. Name "
                "the column as the publisher does"
                + (", and separate columns by tabs." if delimiter == "\t" else ".")
            )
    return index
