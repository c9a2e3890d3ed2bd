"""Learn the ranking's weights and the scores' calibration, and write them into the library.

    python benchmarks/matching/learn.py --shared ../shared/data

Weights: a linear model by the likelihood of the right skills among a text's candidates (ListNet's
top-one form, Cao et al. 2007), on the three constructions of sets.py in equal parts. Calibration:
logistic, on texts about skills that were not learned from. No labelled advert is used.

A likeness never speaks against a skill, so its weight is not below 0. The weight of descriptions is
set, not learned: none of the constructions can show it (two hide descriptions or have none, and in
composed adverts names are all there is to find), and left free it would be about 0.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import sets
from scipy.optimize import minimize
from sources import read_esco, read_onet

from guildmark.analytics.matching import Skill, build_index
from guildmark.analytics.matching import index as library
from guildmark.analytics.matching._scores import FEATURES

RANKING = Path(library.__file__).with_name("ranking.json")
BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "length": (None, None),
    "description": (2.0, 2.0),
}
Lists = list[tuple[np.ndarray, np.ndarray]]


def lists(skills: list[Skill], labelled: list[sets.Labelled], folder: Path) -> Lists:
    """For each text the features of its candidates, and which of them are right."""
    index = build_index(skills, folder=folder)
    found = []
    texts = [each.text for each in labelled]
    for each, (_, _, likely) in zip(labelled, index.candidates(texts), strict=True):
        if likely is not None:
            right = np.asarray([skills[number].id in each.skills for number in likely.skills])
            found.append((likely.features.astype(np.float64), right))
    return found


def learn(groups: list[Lists], pull: float = 3e-4) -> np.ndarray:
    """`pull` is the weight of the squared weights beside a group's mean log likelihood."""
    kept = [[one for one in group if one[1].any()] for group in groups]
    features = np.concatenate([one[0] for group in kept for one in group])
    right = np.concatenate([one[1] for group in kept for one in group]).astype(float)
    sizes = [len(one[1]) for group in kept for one in group]
    share = np.concatenate([np.full(len(group), 1 / len(group)) for group in kept])
    first = np.cumsum([0, *sizes[:-1]])
    text = np.repeat(np.arange(len(sizes)), sizes)
    target = right / np.add.reduceat(right, first)[text]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        worth = features @ weights
        high = np.maximum.reduceat(worth, first)
        power = np.exp(worth - high[text])
        total = np.add.reduceat(power, first)
        likely = np.add.reduceat(target * worth, first) - np.log(total) - high
        slope = ((target - power / total[text]) * share[text]) @ features
        return (
            -float(share @ likely) + pull * float(weights @ weights),
            2 * pull * weights - slope,
        )

    bounds = [BOUNDS.get(name, (0, None)) for name in FEATURES]
    return minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x


def calibrate(groups: list[Lists], weights: np.ndarray) -> np.ndarray:
    rows, right, share = [], [], []
    for group in groups:
        for features, are_right in group:
            worth = features @ weights
            part = worth - worth.max()
            part -= np.log(np.exp(part).sum())
            top = np.argsort(-worth)[:20]
            rows.append(np.stack([np.ones(len(top)), worth[top], part[top]], axis=1))
            right.append(are_right[top])
            share.append(np.full(len(top), 1 / len(group)))
    matrix, wanted = np.concatenate(rows), np.concatenate(right).astype(float)
    weight = np.concatenate(share)

    def loss(scale: np.ndarray) -> tuple[float, np.ndarray]:
        worth = matrix @ scale
        chance = 1 / (1 + np.exp(-worth))
        value = weight @ (np.logaddexp(0, worth) - wanted * worth)
        return float(value), matrix.T @ (weight * (chance - wanted))

    # Neither part may lower a score that ranks higher.
    bounds = [(None, None), (0, None), (0, None)]
    return minimize(loss, np.zeros(3), jac=True, method="L-BFGS-B", bounds=bounds).x


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--folder", type=Path, default=Path("build/matching"))
    parser.add_argument("--texts", type=int, default=3000)
    options = parser.parse_args()
    esco = read_esco(options.shared / "esco-1.1.1")
    activities, tasks = read_onet(options.shared / "onet-29.3")
    learned, measured = [], []
    for held_out, count, into in (
        (False, options.texts, learned),
        (True, options.texts // 3, measured),
    ):
        made = sets.adverts(
            esco, sorted(tasks), held_out=held_out, tech=None, count=count, seed=7 + held_out
        )
        into.append(lists(sets.with_names_withheld(esco.skills), made, options.folder))
        made = sets.descriptions(esco, held_out=held_out, count=count, seed=17 + held_out)
        into.append(lists(sets.without_descriptions(esco.skills), made, options.folder))
        made = sets.task_pairs(tasks, held_out=held_out, count=count, seed=27)
        into.append(lists(activities, made, options.folder))
    weights = learn(learned)
    content = {
        "weights": dict(zip(FEATURES, [round(float(each), 4) for each in weights], strict=True)),
        "calibration": [round(float(each), 4) for each in calibrate(measured, weights)],
    }
    RANKING.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(RANKING.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
