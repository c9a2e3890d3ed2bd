"""The contexts that the specifications' vectors use and the library does not ship."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guildmark.credentials.jsonld import contexts

DATA = Path(__file__).parent / "data"


@pytest.fixture
def vector_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make them known for one test."""
    known: dict[str, Any] = {
        **contexts.bundled(),
        "https://www.w3.org/ns/credentials/examples/v2": {
            "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
        },
        "https://w3id.org/citizenship/v4rc1": json.loads(
            (DATA / "citizenship-v4rc1.json").read_text("utf-8")
        ),
    }
    monkeypatch.setattr(contexts, "bundled", lambda: known)
