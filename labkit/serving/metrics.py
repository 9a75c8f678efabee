"""The replicas' metrics, in Prometheus's text form: each by its replica, and summed over the fleet."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

SHARES = ("_perc", "_ratio")
"""Endings of gauges that are shares of a whole: the fleet's is the mean."""

MOMENTS = ("_created", "process_start_time_seconds")
"""Endings of points in time: the fleet's is the first."""

Labels = tuple[tuple[str, str], ...]


def by_replica(texts: Mapping[str, str]) -> str:
    """All samples, each with one more label: the replica it comes from.

    >>> print(by_replica({"a": "running 2.0", "b": 'running{model="m"} 1.0'}), end="")
    running{replica="a"} 2.0
    running{model="m",replica="b"} 1.0

    Args:
        texts: Prometheus's text form by replica.
    """
    lines = []
    for replica, text in texts.items():
        for name, labels, value in _samples(text):
            lines.append(_line(name, (*labels, ("replica", replica)), value))
    return "".join(lines)


def summed(texts: Mapping[str, str]) -> str:
    r"""One sample for all replicas: counts and histograms add up, shares are averaged, the first start counts.

    >>> print(summed({"a": "running 2.0\ncache_usage_perc 0.5", "b": "running 1.0\ncache_usage_perc 0.1"}), end="")
    running 3.0
    cache_usage_perc 0.3

    Args:
        texts: Prometheus's text form by replica.
    """
    values: dict[tuple[str, Labels], list[float]] = defaultdict(list)
    for text in texts.values():
        for name, labels, value in _samples(text):
            values[name, labels].append(value)
    return "".join(_line(name, labels, _together(name, found)) for (name, labels), found in values.items())


def total(text: str, name: str) -> float:
    r"""One metric over all its labels; 0 where there is none.

    >>> total('hits{model="a"} 2.0\nhits{model="b"} 1.0\nqueries 9.0', "hits")
    3.0

    Args:
        text: Prometheus's text form.
        name: The sample's name.
    """
    return sum(value for found, _, value in _samples(text) if found == name)


def label_of(text: str, name: str, label: str) -> str:
    """What a metric's label says, for metrics that exist to say it; empty where there is none.

    >>> label_of('cache_info{block="128"} 1.0', "cache_info", "block")
    '128'

    Args:
        text: Prometheus's text form.
        name: The sample's name.
        label: The label's name.
    """
    return next((dict(labels).get(label, "") for found, labels, _ in _samples(text) if found == name), "")


def _together(name: str, values: list[float]) -> float:
    if name.endswith(MOMENTS):
        return min(values)
    return sum(values) / (len(values) if name.endswith(SHARES) else 1)


def _samples(text: str) -> Iterator[tuple[str, Labels, float]]:
    from prometheus_client.parser import text_string_to_metric_families

    for family in text_string_to_metric_families(text + "\n"):
        for sample in family.samples:
            yield sample.name, tuple(sample.labels.items()), sample.value


def _line(name: str, labels: Labels, value: float) -> str:
    quoted = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{quoted}}} {value}\n" if quoted else f"{name} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
