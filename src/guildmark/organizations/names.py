"""Whether two names would be taken for each other: the same, or the same to the eye."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from guildmark.errors import FieldProblem, InvalidError

# Letters of other alphabets (and some of Latin's own) by the Latin letter they look like. The
# capitals come first: small eta looks like n, capital Eta like H.
_CAPITALS = str.maketrans(
    # Cyrillic, then Greek
    "АВЕЅІЈКМНОРСТУХҮԚԜӀ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ",
    "ABESIJKMHOPCTYXYQWI" + "ABEZHIKMNOPTYXCJ",
)
_SMALL = str.maketrans(
    "асԁеһіјорԛѕуүѵԝхкмтнвпгьӏ" + "αβγεηικνορςστυχϲϳω" + "ıłøđħŧɑɡ" + "01",
    "acdehijopqsyyvwxkmthbnrbl" + "abyenikvopcotuxcjw" + "ilodhtag" + "ol",
)
_PAIRS = (("rn", "m"), ("vv", "w"))


class NamesakeError(InvalidError):
    """Somebody else here has this name, or one that looks the same.

    Whoever means it may confirm: two companies can be called alike. `others` are the names as
    they are written, for whoever may see them.
    """

    code = "namesake"

    def __init__(self, name: str, others: Iterable[str]) -> None:
        message = _(
            "Another organization here has this name, or one that looks the same, and could be "
            "taken for this one. Choose another name, or confirm that you mean it."
        )
        super().__init__([FieldProblem(field="name", value=name[:200], message=message)])
        self.others = tuple(others)


def refuse_namesakes(name: str, taken: Iterable[str]) -> None:
    """Raise NamesakeError when any of the names taken would be taken for this one."""
    others = sorted({other for other in taken if look_alike(name, other)})
    if others:
        raise NamesakeError(name, others)


def look_alike(one: str, other: str) -> bool:
    """Whether the names are the same but for case, accents, signs and blanks, or look the same."""
    return not _looks(one).isdisjoint(_looks(other))


def _looks(name: str) -> frozenset[str]:
    plain = _plain(name)
    # Once with the capital I as the letter it is, once as the small L it can be taken for.
    seen = {_seen(plain), _seen(plain.replace("I", "l").translate(_CAPITALS).replace("I", "l"))}
    return frozenset({plain.casefold(), *seen})


def _seen(plain: str) -> str:
    text = _plain(plain.translate(_CAPITALS).casefold()).translate(_SMALL)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def _plain(name: str) -> str:
    """Letters and digits alone, without accents and without what nobody sees."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(char for char in letters if char.isalnum()) or name.strip()
