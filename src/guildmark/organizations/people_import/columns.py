"""Which heading means what, in the words of many HR systems."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guildmark.organizations.people_import.reading import Problem

# Headings are compared without case, accents, blanks and signs; the field's own name counts
# first, then these in order.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "personnel number", "personnel no", "personnel id", "employee number", "employee no",
        "employee nr", "employee id", "employee code", "employee", "emp id", "emp no",
        "emp number", "staff number", "staff id", "staff no", "worker id", "worker number",
        "badge number", "badge id", "payroll number", "payroll id", "person id",
        "person number", "person no", "user id", "id", "no", "#",
        "Personalnummer", "Personal-Nr", "Pers.-Nr.", "PersNr", "Mitarbeiternummer",
        "Mitarbeiter-ID", "Stammnummer", "matricule", "numero de empleado", "numer pracownika",
    ),
    "given_name": (
        "first name", "firstname", "forename", "given names", "given", "first",
        "preferred first name", "legal first name", "Vorname", "prenom", "nombre", "imie",
    ),
    "family_name": (
        "last name", "lastname", "surname", "family names", "family", "last", "legal last name",
        "second name", "Nachname", "Familienname", "nom", "nom de famille", "apellido",
        "apellidos", "nazwisko",
    ),
    "full_name": ("name", "employee name", "worker name", "display name", "person name"),
    "email": (
        "email address", "e-mail", "e-mail address", "mail", "work email", "work email address",
        "business email", "company email", "E-Mail-Adresse", "courriel", "correo",
    ),
    "language": (
        "language code", "preferred language", "lang", "locale", "Sprache", "langue", "idioma",
    ),
    "unit": (
        "unit code", "department code", "org unit", "org unit code", "organizational unit",
        "organisational unit", "organization unit", "department", "dept", "dept code",
        "department id", "department number", "team", "line", "cell", "area", "cost center",
        "cost centre", "business unit", "division", "Abteilung", "Organisationseinheit", "OE",
        "Kostenstelle", "Bereich", "departement", "departamento",
    ),
    "unit_name": (
        "department name", "org unit name", "team name", "cost center name",
        "cost centre name", "unit description", "Abteilungsname", "Abteilungsbezeichnung",
    ),
    "position": (
        "position code", "position id", "position number", "job code", "job id", "job number",
        "job profile", "Stellennummer", "Stelle", "Planstelle",
    ),
    "position_title": (
        "position name", "job title", "title", "job", "job name", "occupation", "function",
        "role", "designation", "business title", "Stellenbezeichnung", "Funktion", "Tätigkeit",
        "Beruf", "poste", "puesto", "stanowisko",
    ),
    "manager_number": (
        "manager id", "manager employee id", "manager employee number", "manager no",
        "manager personnel number", "manager", "supervisor", "supervisor id",
        "supervisor number", "supervisor employee id", "reports to", "reports to id",
        "line manager", "line manager id", "boss", "Vorgesetzter", "Vorgesetzte",
        "Vorgesetzter Personalnummer", "Vorgesetztennummer", "Vorgesetzten-Nr",
    ),
    "shift": (
        "shift code", "shift pattern", "shift name", "work shift", "work schedule", "Schicht",
        "Schichtmodell",
    ),
    "starts_on": (
        "start date", "starts", "start", "hire date", "hired", "date hired", "date of hire",
        "hired on", "original hire date", "entry date", "joining date", "date of joining",
        "date joined", "employment start", "employment start date", "employed since", "from",
        "valid from", "since", "effective date", "Eintritt", "Eintrittsdatum", "Beginn",
        "gültig ab",
    ),
    "ends_on": (
        "end date", "ends", "end", "termination date", "terminated on", "leaving date",
        "exit date", "last day", "last working day", "employment end", "employment end date",
        "contract end", "to", "valid to", "until", "Austritt", "Austrittsdatum", "Ende",
        "gültig bis",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Where each field stands: index and the file's own heading by field."""

    index: Mapping[str, int]
    title: Mapping[str, str]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]


def _folded(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.replace("ß", "ss")).casefold()
    return "".join(char for char in letters if char.isalnum() or char == "#")


_RANKS: dict[str, tuple[str, int]] = {}
for _field, _names in SYNONYMS.items():
    for _rank, _name in enumerate((_field, *_names)):
        _RANKS.setdefault(_folded(_name), (_field, _rank))


def recognized(cells: Sequence[str]) -> int:
    """How many of the headings are known."""
    return sum(_folded(cell) in _RANKS for cell in cells)


def read_heading(line: int, cells: Sequence[str]) -> Heading:
    """Find the fields. Of two columns for one field the better known name counts; the other is
    ignored, and said so. The same heading twice is a problem, as is a missing required one.
    """
    found: dict[str, tuple[int, int]] = {}
    problems: list[Problem] = []
    for position, cell in enumerate(cells):
        if (known := _RANKS.get(_folded(cell))) is None:
            continue
        field, rank = known
        if field in found and found[field][0] == rank:
            problems.append(
                Problem(
                    line=line,
                    column=cell.strip(),
                    value=cell.strip(),
                    reason=_("Two columns have this heading."),
                    mend=_("Keep one of them, or rename the other."),
                )
            )
        elif field not in found or rank < found[field][0]:
            found[field] = (rank, position)
    index = {field: position for field, (_rank, position) in found.items()}
    problems += _missing(line, cells, index)
    used = set(index.values())
    return Heading(
        index=index,
        title={field: cells[position].strip() for field, position in index.items()},
        ignored=tuple(
            cell.strip()
            for position, cell in enumerate(cells)
            if position not in used and cell.strip()
        ),
        problems=tuple(problems),
    )


def _missing(line: int, cells: Sequence[str], index: Mapping[str, int]) -> list[Problem]:
    shown = ", ".join(cell.strip() for cell in cells if cell.strip())
    needed = {
        "number": _("number (also: personnel number, employee id)"),
        "family_name": _("family_name (also: last name, surname)"),
    }
    if "full_name" in index:
        del needed["family_name"]
    return [
        Problem(
            line=line,
            column=field,
            value=shown[:300],
            reason=_("The column %(column)s is missing. Found: %(found)s.")
            % {"column": what, "found": shown[:300]},
            mend=_("Add it, or give the column that holds it this heading."),
        )
        for field, what in needed.items()
        if field not in index
    ]
