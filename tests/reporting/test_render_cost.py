"""Limits around the drawing cost little: processor time beside WeasyPrint alone, same run."""

from __future__ import annotations

import pytest

from benchmarks import render as benchmark
from tests.reporting.golden_files import document


@pytest.mark.parametrize("name", benchmark.ALLOWED)
def test_a_report_costs_little_more_than_drawing_it_alone(name: str) -> None:
    result = benchmark.compare(name, document(name), rounds=3)
    assert result.ratio <= result.allowed


def test_memory_stays_flat_while_reports_are_drawn() -> None:
    assert benchmark.memory(document("monthly-empty"), 10)["growth_mb"] < 5
