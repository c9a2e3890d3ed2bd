"""Which format the files of a framework are in, by what they are and what they say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from guildmark.skills.readers.case import is_case, read_case
from guildmark.skills.readers.ctdl_asn import is_ctdl_asn, read_ctdl_asn
from guildmark.skills.readers.esco import is_esco, read_esco
from guildmark.skills.readers.files import Entry, files_of
from guildmark.skills.readers.json_files import MAX_JSON, read_json
from guildmark.skills.readers.onet import is_onet, onet_rows, read_onet
from guildmark.skills.readers.shape import FrameworkFileError, FrameworkRows, check_rows
from guildmark.skills.readers.spreadsheet import MAX_FILE
from guildmark.skills.readers.template import read_template

KNOWN = (
    "ESCO (its CSV files), O*NET (Excel or text), CASE (a CFPackage as JSON), CTDL-ASN (JSON-LD), "
    "or a table of your own (CSV or XLSX)"
)
_TABLES = (".csv", ".xlsx", ".tsv")


def read_framework(
    paths: Sequence[Path],
    *,
    name: str = "",
    language: str = "",
    version: str = "",
    on_progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> FrameworkRows:
    """Read and check a framework of whatever format, from files, folders and zips.

    `name`, `language` and `version` say what the files do not. Raises FrameworkFileError.
    """
    entries = files_of(paths)
    if is_onet(entries):
        return check_rows(onet_rows(read_onet(*paths, version=version, on_progress=on_progress)))
    if is_esco(entries):
        return check_rows(
            read_esco(paths, language=language, version=version, on_progress=on_progress)
        )
    found = [entry for entry in entries if not entry.name.startswith(".")]
    if len(found) != 1:
        there = ", ".join(entry.name for entry in found[:5]) or "nothing"
        raise FrameworkFileError(
            f"no framework is recognized in {there}{', …' if len(found) > 5 else ''}: give {KNOWN}."
        )
    one = found[0]
    return read_document(_as_bytes(one), one.name, name=name, language=language, version=version)


def read_document(
    data: bytes, file_name: str, *, name: str = "", language: str = "", version: str = ""
) -> FrameworkRows:
    """The framework in one file: CASE, CTDL-ASN, or our own table. Raises FrameworkFileError."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        document = read_json(file_name, data)
        if is_case(document):
            return check_rows(read_case(file_name, document))
        if is_ctdl_asn(document):
            return check_rows(read_ctdl_asn(file_name, document))
    elif data.startswith(b"PK") or _looks_like_table(data):
        return check_rows(
            read_template(file_name, data, title=name, version=version, language=language)
        )
    raise FrameworkFileError(f"{file_name} is no framework that is known: give {KNOWN}.")


def case_address(url: str) -> str:
    """The address of the CFPackage behind an address of a CASE server's document or package."""
    return url.replace("/CFDocuments/", "/CFPackages/").partition("#")[0]


def _as_bytes(entry: Entry) -> bytes:
    is_table = entry.name.lower().endswith(_TABLES)
    return entry.read(MAX_FILE if is_table else MAX_JSON)


def _looks_like_table(data: bytes) -> bool:
    first = data[:10_000].removeprefix(b"\xef\xbb\xbf").decode("latin-1").partition("\n")[0]
    return any(len(next(csv.reader(io.StringIO(first), delimiter=mark), [])) > 1 for mark in ",;\t")
