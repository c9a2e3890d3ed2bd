"""Write the reference of guildmark.credentials, from its docstrings, into a folder as HTML."""

from __future__ import annotations

import dataclasses
import inspect
import sys
import typing
from pathlib import Path

import pdoc

from guildmark import credentials


def main(folder: str) -> None:
    """Writes `index.html` and what it needs."""
    modules = [credentials.__name__]
    for name in credentials.__all__:
        value = getattr(credentials, name)
        if inspect.ismodule(value):
            modules.append(value.__name__)
        if inspect.isclass(value) and dataclasses.is_dataclass(value):
            # pdoc reads them in the module of a subclass, where its base's names are not known.
            hints = typing.get_type_hints(value)
            written = value.__init__.__annotations__
            written.update({key: hints[key] for key in written.keys() & hints.keys()})
    pdoc.render.configure(docformat="markdown", show_source=False)
    pdoc.pdoc(*modules, output_directory=Path(folder))


if __name__ == "__main__":
    main(sys.argv[1])
