"""How well and how fast texts are matched to skills, beside simpler ways, in one run.

    python benchmarks/matching/measure.py --shared ../shared/data

Prints Markdown tables for docs/performance.md. sets.py says how the sets are made; `--sentences`
takes another labelled set, a CSV file with the columns `sentence` and `label` (an ESCO preferred
label, one row a pair; other columns are passed over).
"""

from __future__ import annotations

import argparse
import csv
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sets
from sources import read_esco, read_onet

from guildmark.analytics.matching import Index, Skill, build_index
from guildmark.analytics.matching import index as library
from guildmark.analytics.matching._scores import likenesses

WAYS: dict[str, tuple[str, ...]] = {
    "TF-IDF of words": ("stem_names",),
    "sentence model": ("label",),
    "sentence model and two TF-IDFs": ("label", "stem_names", "part_names"),
}
OURS = "Guildmark"
Ranks = list[tuple[list[int], int]]
"""For each text the places of its right skills (from 0), and how many there are."""


def ranks_of_sum(index: Index, labelled: list[sets.Labelled]) -> dict[str, Ranks]:
    found: dict[str, Ranks] = {way: [] for way in WAYS}
    number = {skill.id: place for place, skill in enumerate(index.skills)}
    for start in range(0, len(labelled), library.TOGETHER):
        chunk = labelled[start : start + library.TOGETHER]
        dense = likenesses(index.collection, index.read([each.text for each in chunk]))
        for way, parts in WAYS.items():
            worth = np.sum([dense[part] for part in parts], axis=0)
            for row, each in zip(worth, chunk, strict=True):
                right = [number[key] for key in each.skills]
                places = sorted(int((row > row[skill]).sum()) for skill in right)
                found[way].append((places, len(right)))
    return found


def ranks_of_ranking(index: Index, labelled: list[sets.Labelled]) -> Ranks:
    found: Ranks = []
    for each, (_, _, likely) in zip(
        labelled, index.candidates([each.text for each in labelled]), strict=True
    ):
        places: list[int] = []
        if likely is not None:
            order = np.argsort(-library.ranked(likely.features)[0], kind="stable")
            keys = [index.skills[skill].id for skill in likely.skills[order]]
            places = [place for place, key in enumerate(keys) if key in each.skills]
        found.append((places, len(each.skills)))
    return found


def figures(ranks: Ranks) -> str:
    first = np.mean([1 / (places[0] + 1) if places else 0 for places, _ in ranks])
    five, ten = (
        np.mean([sum(place < k for place in places) / min(k, count) for places, count in ranks])
        for k in (5, 10)
    )
    return f"{first:.2f} / {five:.2f} / {ten:.2f}".replace("0.", ".")


def calibration(index: Index, labelled: list[sets.Labelled]) -> str:
    """Mean score and share of right ones among the ten best, by fifths of the score."""
    pairs = []
    lists = index.match([each.text for each in labelled], top=10)
    for each, matches in zip(labelled, lists, strict=True):
        pairs += [(match.score, match.id in each.skills) for match in matches]
    cells = []
    for low in (0, 0.2, 0.4, 0.6, 0.8):
        inside = [(score, right) for score, right in pairs if low <= score < low + 0.2]
        if inside:
            mean, share = np.mean(inside, axis=0)
            cells.append(f"{mean:.2f} → {share:.2f} ({len(inside)})")
        else:
            cells.append("-")
    return " | ".join(cells)


def read_labelled(path: Path, index: Index) -> tuple[list[sets.Labelled], int]:
    """The sentences with at least one label of this framework, and how many labels it lacks."""
    by_label = {skill.label.lower(): skill.id for skill in index.skills}
    found: dict[str, set[str]] = defaultdict(set)
    missing = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            key = by_label.get(row["label"].strip().lower())
            if key:
                found[row["sentence"]].add(key)
            elif row["label"].strip() not in {"", "UNDERSPECIFIED", "LABEL NOT PRESENT"}:
                missing += 1
    return [sets.Labelled(text, frozenset(keys)) for text, keys in found.items()], missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--folder", type=Path, default=Path("build/matching"))
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--sentences", type=Path, nargs="*", default=[])
    parser.add_argument("--time-index", action="store_true", help="make ESCO's index anew")
    options = parser.parse_args()
    esco = read_esco(options.shared / "esco-1.1.1")
    activities, tasks = read_onet(options.shared / "onet-29.3")
    if options.time_index:
        time_index(esco.skills)
    full = build_index(esco.skills, folder=options.folder)
    for path in options.sentences:
        labelled, missing = read_labelled(path, full)
        print(f"{path.name}: {len(labelled)} sentences; {missing} labels are not in the framework")
        table(full, [(path.name, labelled)])
    if options.sentences:
        return
    written = Path(__file__).with_name("sentences.tsv")
    here = [
        (f"written by hand, {kind}-like", list(sets.written(written, esco, kind)))
        for kind in ("TECH", "HOUSE")
    ]
    head()
    table(full, here, headed=True)

    def composed(kind: str, seed: int, hard: bool) -> tuple[str, list[sets.Labelled]]:
        made = sets.adverts(
            esco,
            sorted(tasks),
            held_out=True,
            tech=kind == "TECH",
            count=options.texts,
            seed=seed,
            only_withheld=hard,
        )
        names = "names withheld" if hard else "all names"
        return f"composed adverts, {kind}-like, {names}", made

    withheld = build_index(sets.with_names_withheld(esco.skills), folder=options.folder)
    adverts = [
        composed("TECH", 101, True),
        composed("HOUSE", 102, True),
        composed("TECH", 105, False),
        composed("HOUSE", 106, False),
    ]
    table(withheld, adverts, headed=True)
    bare = build_index(sets.without_descriptions(esco.skills), folder=options.folder)
    made = sets.descriptions(esco, held_out=True, count=options.texts, seed=103)
    table(bare, [("descriptions", made)], headed=True)
    activity_index = build_index(activities, folder=options.folder)
    made = sets.task_pairs(tasks, held_out=True, count=options.texts, seed=104)
    table(activity_index, [("O*NET tasks to activities", made)], headed=True)
    print(
        "\n| mean score → share that is right, of the ten best | 0 to .2 | to .4 | to .6 | to .8 |"
        " to 1 |\n|---|--:|--:|--:|--:|--:|"
    )
    for name, labelled in (*here, *adverts):
        index = full if "hand" in name else withheld
        print(f"| {name} | {calibration(index, labelled)} |")
    texts = [each.text for _, labelled in adverts for each in labelled]
    speed(full, texts[: options.texts])


def head() -> None:
    names = " | ".join([*WAYS, OURS])
    print(f"| MRR / R-precision@5 / @10 | texts | {names} |\n|---|--:|{'--:|' * (len(WAYS) + 1)}")


def table(
    index: Index, labelled_sets: list[tuple[str, list[sets.Labelled]]], *, headed: bool = False
) -> None:
    if not headed:
        head()
    for name, labelled in labelled_sets:
        simple = ranks_of_sum(index, labelled)
        cells = [figures(simple[way]) for way in WAYS]
        cells.append(figures(ranks_of_ranking(index, labelled)))
        print(f"| {name} | {len(labelled)} | {' | '.join(cells)} |", flush=True)


def time_index(skills: list[Skill]) -> None:
    took = _timed(lambda: build_index(skills))
    print(
        f"\nMaking the index of {len(skills):,} skills: {took[0]:.0f} s by the clock, "
        f"{took[1]:.0f} s of processors.\n"
    )


def speed(index: Index, texts: list[str]) -> None:
    index.match(texts[:64])
    clock, processors = _timed(lambda: index.match(texts, top=10))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{len(texts) / clock:.0f} sentences/s ({1000 * processors / len(texts):.1f} ms of "
        f"processors each), reasons included; {peak:.0f} MB at the peak of this process, which "
        "holds four indexes."
    )


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    clock, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processors


if __name__ == "__main__":
    main()
