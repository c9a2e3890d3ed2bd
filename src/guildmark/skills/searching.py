"""Finding skills by words, other names, beginnings and parts of words, and despite a slip.

In PostgreSQL's own means, because the server that comes with Guildmark has no pg_trgm: the words of
skills are a tsvector, and what was typed is first looked up in the list of all words that occur.
"""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from guildmark.skills.models import Skill

_MOST_WORDS = 8
_MOST_MEANT = 60
"""Words of the list that one typed word may stand for."""


def search(skills: QuerySet[Skill], text: str) -> QuerySet[Skill]:
    """Those in whose names, codes or statements every word of the text occurs, in any language."""
    query = query_of(text)
    return skills.none() if query is None else skills.filter(search__words=query)


def query_of(text: str) -> SearchQuery | None:
    """The text as a query: every word, each as one of the words that it may stand for.

    None where there is no word in it. A single letter stands for itself only.
    """
    words = _lexemes(text)
    meant = [
        " | ".join([f"{_quoted(word)}:*", *(_quoted(one) for one in _meant(word))])
        if len(word) > 1
        else _quoted(word)
        for word in words
    ]
    if not meant:
        return None
    together = " & ".join(f"({one})" for one in meant)
    return SearchQuery(together, search_type="raw", config="simple")


def _lexemes(text: str) -> list[str]:
    """The words as the database cuts them, so that they are the same as in the skills."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector('simple', %s))", [text.replace("\0", "")[:400]]
        )
        row = cursor.fetchone()
    return list(row[0])[:_MOST_WORDS] if row else []


def _meant(word: str) -> list[str]:
    """Words of the list that begin with it or have it inside; else those a letter apart."""
    with connection.cursor() as cursor:
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        cursor.execute(
            "SELECT word FROM skills_skillword WHERE word LIKE %s"
            " ORDER BY strpos(word, %s), length(word), word LIMIT %s",
            [f"%{pattern}%", word, _MOST_MEANT],
        )
        found = [row[0] for row in cursor.fetchall()]
        if not found and len(word) >= 4:
            cursor.execute(
                "SELECT word FROM skills_skillword WHERE slips && guildmark_slips(%s)"
                " AND abs(length(word) - length(%s)) <= 1 ORDER BY word LIMIT %s",
                [word, word, _MOST_MEANT],
            )
            found = [row[0] for row in cursor.fetchall()]
    return found


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
