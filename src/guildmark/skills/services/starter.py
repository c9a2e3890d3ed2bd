"""The ILUO scale and the starter framework, which come with the product."""

from __future__ import annotations

from django.db import transaction

from guildmark.skills.models import (
    Framework,
    ProficiencyLevel,
    ProficiencyScale,
    Skill,
    SkillAlignment,
    SkillLevelDescriptor,
)
from guildmark.skills.starter import IDENTIFIER, VERSION, StarterSkill, load_starter

ILUO = "iluo"
_LEVELS = (
    ("–", "none", "Not trained yet.", "keine", "Noch nicht geschult."),
    ("I", "in training", "Does it with help.", "in Ausbildung", "Macht es mit Hilfe."),
    ("L", "alone", "Does it alone, to standard.", "allein", "Macht es allein, nach Standard."),
    (
        "U",
        "expert",
        "Also when things go wrong; improves it.",
        "sehr erfahren",
        "Auch bei Störungen; verbessert es.",
    ),
    ("O", "teaches", "Teaches and judges others.", "lehrt", "Lehrt und beurteilt andere."),
)


@transaction.atomic
def ensure_iluo() -> ProficiencyScale:
    """The ILUO scale, made where it is missing."""
    scale, _ = ProficiencyScale.objects.get_or_create(
        organization=None, code=ILUO, defaults={"name": "ILUO"}
    )
    for rank, (code, label, text, label_de, text_de) in enumerate(_LEVELS):
        ProficiencyLevel.objects.update_or_create(
            scale=scale,
            rank=rank,
            defaults={
                "code": code,
                "label": label,
                "descriptor": text,
                "translations": {"de": {"label": label_de, "descriptor": text_de}},
            },
        )
    return scale


@transaction.atomic
def load_starter_framework() -> Framework:
    """The starter framework as a public one; loading it again changes only what differs."""
    levels = {level.code: level for level in ensure_iluo().levels.all()}
    framework, _ = Framework.objects.update_or_create(
        organization=None,
        identifier=IDENTIFIER,
        version=VERSION,
        defaults={
            "title": "Guildmark starter framework",
            "publisher": "Guildmark",
            "licence": "CC BY 4.0",
            "attribution": "Aligned to ESCO v1.1.1 (European Commission) and O*NET 29.3 "
            "(U.S. Department of Labor), both CC BY 4.0.",
            "source": Framework.Source.STARTER,
        },
    )
    for content in load_starter():
        _load_skill(framework, content, levels)
    return framework


def _load_skill(
    framework: Framework, content: StarterSkill, levels: dict[str, ProficiencyLevel]
) -> None:
    skill, _ = Skill.objects.update_or_create(
        framework=framework,
        identifier=content.identifier,
        defaults={
            "code": content.code,
            "label": content.label["en"],
            "statement": content.statement["en"],
            "group": content.area["en"],
            "translations": {
                "de": {
                    "label": content.label["de"],
                    "statement": content.statement["de"],
                    "group": content.area["de"],
                }
            },
        },
    )
    for letter, words in content.levels.items():
        SkillLevelDescriptor.objects.update_or_create(
            skill=skill,
            level=levels[letter],
            defaults={"text": words["en"], "translations": {"de": {"text": words["de"]}}},
        )
    for alignment in content.alignments:
        SkillAlignment.objects.update_or_create(
            skill=skill,
            target_identifier=alignment.target_identifier,
            defaults={
                "match": alignment.match,
                "target_label": alignment.target_label,
                "target_framework": alignment.framework,
            },
        )
