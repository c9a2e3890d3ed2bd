"""Generated credentials, as texts."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.credentials.carriers.files import JWT

_SIGNS = st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff")
_TEXTS = st.text(_SIGNS, max_size=20) | st.sampled_from(
    ["]]>", "]]]]>>", "&amp;", "<![CDATA[", "\r"]
)
_JSON = st.dictionaries(_TEXTS, st.lists(_TEXTS, max_size=3) | _TEXTS, max_size=4)


def documents() -> st.SearchStrategy[str]:
    """JSON objects as differently written as JSON allows."""
    return st.builds(
        lambda value, ascii_only, indent, line_end: json.dumps(
            value, ensure_ascii=ascii_only, indent=indent
        ).replace("\n", line_end),
        _JSON,
        st.booleans(),
        st.sampled_from([None, 1]),
        st.sampled_from(["\n", "\r\n", "\r"]),
    )


def credentials() -> st.SearchStrategy[str]:
    return documents() | st.just(JWT)
