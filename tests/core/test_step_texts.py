"""The numbers of a step as they are written: they add up, and what is exact is exact."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from app.core.explain import explain_step
from app.core.writing import write_step
from tests.number_scenes import find_fault, list_places, make_random_query, make_trace


def faults_of(seed: int, each: int = 4) -> list[str]:
    query = make_random_query(seed)
    trace = make_trace(query)
    found = []
    for place in list_places(trace, seed, each) if trace else []:
        step = explain_step(trace, *place)
        fault = find_fault(asdict(write_step(trace, step)), step)
        if fault:
            found.append(f"{query} at {place}: {fault}")
    return found


@pytest.mark.parametrize("seed", range(24))
def test_shown_terms_add_up_to_the_shown_result_or_the_rounding_is_said(seed):
    assert faults_of(seed) == []


@pytest.mark.long
def test_shown_terms_add_up_in_five_hundred_random_figures():
    assert [fault for seed in range(100, 600) for fault in faults_of(seed, 6)] == []
