"""Compile message catalogues (.po) to what Django reads (.mo), without the gettext programs."""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def main(paths: list[str]) -> None:
    """Compile each catalogue beside itself; a broken one ends the run with its name and line."""
    for path in map(Path, paths):
        try:
            catalogue = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            sys.exit(f"{path}: {error}")
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__":
    main(sys.argv[1:])
