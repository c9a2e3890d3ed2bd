"""What an import of a framework changed, or would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SAMPLES = 20
_SHOWN = 200


@dataclass(kw_only=True)
class PartReport:
    """One part of a release against what was there, in numbers and the first of each."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def note(self, what: str, **sample: Any) -> None:
        """Count one that was added, changed or withdrawn, and keep the first ones as samples."""
        setattr(self, what, getattr(self, what) + 1)
        kept = self.samples.setdefault(what, [])
        if sample and len(kept) < SAMPLES:
            kept.append(sample)

    def numbers(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "added": self.added,
            "changed": self.changed,
            "withdrawn": self.withdrawn,
            "unchanged": self.unchanged,
        }

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.changed or self.withdrawn)


@dataclass(kw_only=True)
class FrameworkReport:
    """A release against the one that is there.

    `parts` are named skills, hierarchy, skill_relations, alignments, occupations, other_titles,
    occupation_skills, ratings, level_anchors, level_texts; only what the source says something of.
    `previous_version` is empty where the framework is new. `withdrawn_in_use` counts withdrawn
    skills to which records, job roles or achievements point.
    """

    framework_id: str
    title: str
    version: str
    previous_version: str
    language: str
    source: str
    attribution: str
    licence: str
    is_preview: bool
    rows_read: Mapping[str, int]
    warnings: tuple[str, ...]
    parts: dict[str, PartReport] = field(default_factory=dict)
    withdrawn_in_use: int = 0

    @property
    def differs(self) -> bool:
        """Whether anything of the release differs from what is there."""
        return any(part.differs for part in self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """Plain values for a program."""
        return {
            "framework": self.framework_id or None,
            "title": self.title,
            "version": self.version,
            "previous_version": self.previous_version or None,
            "language": self.language,
            "source": self.source,
            "preview": self.is_preview,
            "rows_read": dict(self.rows_read),
            **{name: part.numbers() for name, part in self.parts.items()},
            "samples": {name: part.samples for name, part in self.parts.items() if part.samples},
            "withdrawn_in_use": self.withdrawn_in_use,
            "warnings": list(self.warnings),
        }


def shown(value: Any) -> Any:
    """A value as a sample shows it: long texts cut."""
    if isinstance(value, str) and len(value) > _SHOWN:
        return value[: _SHOWN - 1] + "…"
    return value
