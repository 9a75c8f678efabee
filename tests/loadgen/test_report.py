import numpy as np
import pytest

from labkit.errors import BadArgument
from labkit.loadgen import LoadReport, Objective, Spread, Timing

FAST = Timing(intended=0.0, sent=0.0, first_token=0.5, finished=1.5, input_tokens=10, output_tokens=11)
SLOW = Timing(intended=1.0, sent=1.0, first_token=3.0, finished=5.0, input_tokens=10, output_tokens=11)
LOST = Timing(intended=2.0, sent=2.0, first_token=2.1, finished=2.1, status=429)
REPORT = LoadReport((FAST, SLOW, LOST))


def test_rates_by_hand():
    assert REPORT.seconds == 5.0
    assert REPORT.served_rate == 2 / 5
    assert REPORT.token_rate == 22 / 5
    assert REPORT.offered_rate == 1.0
    assert REPORT.statuses == {200: 2, 429: 1}


def test_what_callers_leave_behind_does_not_count_as_saturated():
    sent, finished = (0.0, 0.0, 2.0, 3.0), (2.0, 3.0, 4.0, 5.0)
    timings = tuple(Timing(begin, begin, end, end) for begin, end in zip(sent, finished, strict=True))
    assert LoadReport(timings).saturated_rate == 2 / 3
    assert LoadReport(timings).served_rate == 4 / 5
    assert LoadReport(timings[:2]).saturated_rate == 1 / 2  # both were sent at once: until the first answer
    assert LoadReport((LOST,)).saturated_rate == 0


def test_times_by_hand():
    assert (FAST.latency, FAST.time_to_first_token, FAST.per_token) == (1.5, 0.5, 0.1)
    assert REPORT.latency.mean == pytest.approx((1.5 + 4.0) / 2)
    assert REPORT.time_to_first_token.p50 == pytest.approx((0.5 + 2.0) / 2)
    assert REPORT.per_token.p99 == pytest.approx(0.1 + 0.99 * 0.1)


def test_goodput_counts_only_what_was_answered_in_time():
    assert REPORT.goodput(Objective(latency=2.0)) == 1 / 5
    assert REPORT.share_in_time(Objective(latency=2.0)) == 1 / 3
    assert REPORT.goodput(Objective()) == 2 / 5
    assert REPORT.goodput(Objective(first_token=0.4)) == 0
    assert REPORT.goodput(Objective(latency=9, first_token=9, per_token=0.15)) == 1 / 5


def test_percentiles_are_numpys():
    values = np.random.default_rng(1).exponential(size=501).tolist()
    spread = Spread.of(values)
    assert (spread.p50, spread.p90, spread.p99) == pytest.approx(tuple(np.percentile(values, (50, 90, 99))))


def test_nothing_to_report_is_said():
    with pytest.raises(BadArgument, match="0 requests"):
        LoadReport(())
    with pytest.raises(BadArgument, match="no request was answered"):
        _ = LoadReport((LOST,)).latency
    with pytest.raises(BadArgument, match="latency is 0"):
        Objective(latency=0)
