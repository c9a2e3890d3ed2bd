"""Each target on what it begins with and on some mutations, the same each time.

`make fuzz` goes on from here (docs/fuzzing.md).
"""

from __future__ import annotations

import random

import pytest

from tests.credentials.fuzzing import mutations
from tests.credentials.fuzzing.targets import TARGETS, inputs

MUTATIONS = 40


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_refuses_by_its_own_errors_only(name: str) -> None:
    target = TARGETS[name]
    assert any(target(seed) for seed in target.seeds()), "none of the seeds is read"
    for data in inputs(name, MUTATIONS):
        target(data)


@pytest.mark.parametrize("mutate", [mutations.mutate_bytes, mutations.mutate_json])
def test_mutations_change_and_are_the_same_each_time(mutate: mutations.Mutate) -> None:
    seeds = [b'{"a": [1, {"b": "x"}], "c": null}', b"\xff\xfe", b""]
    made = list(mutations.sequence(seeds, mutate, 50, "seed"))
    assert made == list(mutations.sequence(seeds, mutate, 50, "seed"))
    assert len(set(made)) > 40
    assert mutate(b"", random.Random(1)) is not None
