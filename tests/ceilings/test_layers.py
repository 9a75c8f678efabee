"""Which ceiling binds follows from a scenario and measured rates, each row checked by hand."""

from dataclasses import replace

import pytest

from labkit.ceilings import Rates, Scenario, binding, compare, layers, table
from labkit.errors import BadArgument
from labkit.scaling import amdahl_speedup

RATES = Rates(
    pages_per_second=100.0,
    chunking_serial=0.02,
    tokens_per_second=1000.0,
    encoding_serial=0.1,
    search_seconds=0.001,
    search_seconds_per_vector=1e-7,
    requests_per_second=2.0,
    single_shot={"two_hop": 0.4},
    without_tools={"two_skill": 0.0},
)
EASY = Scenario(1_000, 100, 2, 0.01, chained=0.0, both_skills=0.0)


def used(scenario: Scenario) -> dict[str, float]:
    return {layer.name: layer.used for layer in layers(scenario, RATES)}


def test_each_row_by_hand():
    asked = Scenario(
        9_000, 500, 2, 0.5, chunks_per_page=4, tokens_per_chunk=90, searches=2, calls=4, chained=0.2, both_skills=0.1,
        success=0.8, refresh_hours=1.0, node_gib=1.0, utilisation=0.5, dollars_per_task=0.01, dollars_per_hour=9.0,
    )  # fmt: skip
    assert used(asked) == pytest.approx(
        {
            "1 chunking": 10_000 / 100 / 3600,
            "2 embedding": 40_000 * 90 / 1000 / 3600,
            "3 index, memory": 40_000 * 384 * 4 / 2**30,
            "3 index, time": 0.5 * 2 * (0.001 + 1e-7 * 38_000) / 0.5,
            "4 multi-hop": 0.2 * 0.6 / 0.2,
            "5 orchestrator": 0.1 * 1.0 / 0.2,
            "6 serving": 0.5 * 4 / (0.5 * 2.0),
            "7 cost": 0.5 * 3600 * 0.01 / 9.0,
        }
    )
    found = {layer.name: layer for layer in layers(asked, RATES)}
    assert found["6 serving"].remedy == "2 replicas"
    assert found["6 serving"].core_seconds == 3600.0  # half a request a second too many for one, an hour long
    assert found["7 cost"].remedy == "tokens down by 50 %"
    assert binding(asked, RATES) in (found["6 serving"], found["7 cost"])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"shared_pages": 3_000_000, "tokens_per_chunk": 0.001}, "3 index, memory"),
        ({"shared_pages": 1_000_000}, "2 embedding"),
        ({"tenants": 10_000}, "2 embedding"),
        ({"tasks_per_second": 1.0}, "6 serving"),
        ({"tasks_per_second": 20.0, "calls": 0, "dollars_per_task": 0, "shared_pages": 100_000}, "3 index, time"),
        ({"tasks_per_second": 0.3, "dollars_per_task": 0.1}, "7 cost"),
        ({"chained": 0.5}, "4 multi-hop"),
        ({"both_skills": 0.5}, "5 orchestrator"),
        ({"refresh_hours": 0.001, "tokens_per_chunk": 0.001}, "1 chunking"),
    ],
)
def test_the_binding_layer_changes_with_corpus_tenants_and_load(changed, expected):
    first = binding(replace(EASY, **changed), RATES)
    assert (first.name if first else None) == expected


def test_workers_reach_the_speedup_that_is_needed_and_one_fewer_does_not():
    late = replace(EASY, refresh_hours=EASY.tokens / 1000 / 3600 / 4.0)  # four times too slow
    encoding = layers(late, RATES)[1]
    assert encoding.used == pytest.approx(4.0)
    assert encoding.remedy == "6 workers"
    assert amdahl_speedup(0.1, 6) >= 4.0 > amdahl_speedup(0.1, 5)
    hopeless = replace(EASY, refresh_hours=EASY.tokens / 1000 / 3600 / 12.0)
    assert layers(hopeless, RATES)[1].remedy == "no number of workers: at f = 0.1 they gain at most 10x"


def test_the_table_marks_what_binds_and_prices_the_cores():
    busy = replace(EASY, tasks_per_second=1.0)
    rows = {row[0]: row for row in table(busy, RATES).rows}
    assert rows["6 serving"][2:4] == ("2.9 (binds)", "3 replicas")
    assert rows["6 serving"][4:] == ("7.2e+03", "0.1")  # two cores' worth, at 5 cents an hour
    assert rows["1 chunking"][3] == "-"
    assert [row[2] for row in compare({"easy": EASY, "busy": busy}, RATES).rows] == [
        "none: one process carries it",
        "6 serving",
    ]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"tenants": 0}, "tenants is 0"),
        ({"success": 1.0}, "success is 1.0"),
        ({"chained": 0.7, "both_skills": 0.7}, r"chained \+ both_skills is 1.4"),
        ({"tasks_per_second": 0}, "tasks_per_second is 0"),
        ({"shared_pages": 0, "pages_per_tenant": 0}, "pages is 0"),
    ],
)
def test_scenarios_that_are_none_are_refused(changed, problem):
    with pytest.raises(BadArgument, match=problem):
        replace(EASY, **changed)


def test_a_success_that_was_not_measured_is_named():
    with pytest.raises(BadArgument, match=r"no success was measured on 'two_hop', only on \['one_hop'\]"):
        layers(EASY, replace(RATES, single_shot={"one_hop": 1.0}))
