"""Taking in a release of O*NET: a public framework and its occupations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guildmark.errors import InvalidError
from guildmark.skills.models import Framework
from guildmark.skills.readers.onet import Progress, onet_rows, read_onet
from guildmark.skills.readers.shape import FrameworkFileError
from guildmark.skills.services.frameworks import import_framework


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import read and what it made of it."""

    framework: Framework
    rows_read: dict[str, int]
    skills: int
    """Skills, areas of knowledge, tasks, tools, and the groups of these."""
    occupations: int
    requirements: int
    other_titles: int
    skipped: int
    """Ratings that O*NET marks as not relevant to the occupation, or of level 0."""


def import_onet(
    *, folder: Path, on_progress: Progress = lambda _table, _rows: None
) -> ImportReport:
    """Read the O*NET distribution in `folder`, Excel or text, and keep it as a public framework.

    As `import_framework`, with the numbers that are O*NET's own. Raises InvalidError with the
    reader's words where a file does not hold.
    """
    try:
        release = read_onet(folder, on_progress=on_progress)
    except FrameworkFileError as error:
        raise InvalidError.of("folder", folder, str(error)) from error
    rows = onet_rows(release)
    report = import_framework(rows, origin=folder.name, on_progress=on_progress)
    titles = report.parts["other_titles"]
    return ImportReport(
        framework=Framework.objects.get(id=report.framework_id),
        rows_read=release.counts,
        skills=len(rows.skills or ()),
        occupations=len(release.occupations),
        requirements=len(rows.ratings or ()),
        other_titles=titles.added + titles.unchanged,
        skipped=len(release.ratings) - len(rows.ratings or ()),
    )
