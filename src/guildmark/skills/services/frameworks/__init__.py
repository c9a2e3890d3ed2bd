"""Taking frameworks in: what a release changes, and the changing."""

from guildmark.skills.services.frameworks.importing import (
    import_framework,
    import_own_framework,
    preview_framework,
    preview_own_framework,
)
from guildmark.skills.services.frameworks.report import FrameworkReport, PartReport

__all__ = [
    "FrameworkReport",
    "PartReport",
    "import_framework",
    "import_own_framework",
    "preview_framework",
    "preview_own_framework",
]
