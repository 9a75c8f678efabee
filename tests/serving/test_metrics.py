from labkit.serving.metrics import by_replica, summed

A = """\
# HELP vllm:requests_total Requests.
# TYPE vllm:requests_total counter
vllm:requests_total{model="m"} 3.0
# TYPE vllm:latency_seconds histogram
vllm:latency_seconds_bucket{le="1.0"} 2.0
vllm:latency_seconds_bucket{le="+Inf"} 3.0
vllm:latency_seconds_count 3.0
vllm:latency_seconds_sum 4.5
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc 0.25
# TYPE process_start_time_seconds gauge
process_start_time_seconds 200.0
"""
B = A.replace("3.0", "5.0").replace("0.25", "0.75").replace("200.0", "100.0").replace('"m"', r'"a \"b\""')


def test_counts_add_up_shares_are_averaged_and_the_first_start_counts():
    lines = summed(
        {"a": A, "b": A.replace("3.0", "5.0").replace("0.25", "0.75").replace("200.0", "100.0")}
    ).splitlines()
    assert lines == [
        'vllm:requests_total{model="m"} 8.0',
        'vllm:latency_seconds_bucket{le="1.0"} 4.0',
        'vllm:latency_seconds_bucket{le="+Inf"} 8.0',
        "vllm:latency_seconds_count 8.0",
        "vllm:latency_seconds_sum 9.0",
        "vllm:kv_cache_usage_perc 0.5",
        "process_start_time_seconds 100.0",
    ]


def test_each_replica_keeps_its_samples_and_quotes_survive():
    lines = by_replica({"a": A, "b": B}).splitlines()
    assert 'vllm:requests_total{model="m",replica="a"} 3.0' in lines
    assert r'vllm:requests_total{model="a \"b\"",replica="b"} 5.0' in lines
    assert len(lines) == 14


def test_what_was_summed_can_be_read_again():
    once = summed({"a": A, "b": B})
    assert summed({"fleet": once}) == once


def test_a_fleet_without_replicas_has_no_samples():
    assert summed({}) == by_replica({}) == ""
