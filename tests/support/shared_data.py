"""The public data files that some tests read, beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[3] / "shared"


def shared_data(name: str) -> Path:
    """The folder of a public data set; a test that needs it fails clearly where it is missing."""
    folder = Path(os.environ.get("SHARED_DATA", BESIDE)) / "data" / name
    assert folder.is_dir(), (
        f"{folder} is missing: put the data there, or name their folder in SHARED_DATA."
    )
    return folder
