"""Frameworks in and out: what a release changes, the changing, and files for others."""

from guildmark.skills.services.frameworks.exporting import (
    FORMATS,
    ExportedFile,
    export_framework,
    rows_of,
)
from guildmark.skills.services.frameworks.importing import (
    import_framework,
    import_own_framework,
    preview_framework,
    preview_own_framework,
)
from guildmark.skills.services.frameworks.report import FrameworkReport, PartReport

__all__ = [
    "FORMATS",
    "ExportedFile",
    "FrameworkReport",
    "PartReport",
    "export_framework",
    "import_framework",
    "import_own_framework",
    "preview_framework",
    "preview_own_framework",
    "rows_of",
]
