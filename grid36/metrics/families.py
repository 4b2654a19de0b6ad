"""What a process tells Prometheus: families of figures with their units in their names, and no personal data.

Labels are partitions, steps, states, doors and the like: what a person or a case is called is never one.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from prometheus_client import ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import generate_latest

Families = list[Metric]
Collect = Callable[[], Awaitable[Families]]
"""The figures of this moment. What cannot be had now is left out, or raises."""
Labelled = Mapping[Any, float]
"""Values by the values of the labels, a tuple of texts in the order of their names."""

_PROCESS: Final = ProcessCollector(registry=None)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Families as a registry would give them, to be written down once."""

    families: Families

    def collect(self) -> Families:
        """All of them."""
        return self.families


def gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    """One figure that goes up and down."""
    return GaugeMetricFamily(name, meaning, value=value)


def gauges(name: str, meaning: str, labels: tuple[str, ...], values: Labelled) -> GaugeMetricFamily:
    """The same figure by labels."""
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for named, value in values.items():
        family.add_metric(named, value)
    return family


def counter(name: str, meaning: str, value: float) -> CounterMetricFamily:
    """One figure that only grows while its process lives; `_total` is added to its name."""
    return CounterMetricFamily(name, meaning, value=value)


def counters(name: str, meaning: str, labels: tuple[str, ...], values: Labelled) -> CounterMetricFamily:
    """The same figure by labels."""
    family = CounterMetricFamily(name, meaning, labels=labels)
    for named, value in values.items():
        family.add_metric(named, value)
    return family


def of_process(process: str) -> Families:
    """Which process and release this is, and what it takes of the machine (on Linux)."""
    build = InfoMetricFamily("grid36_build", "Which process this is, and of which release.")
    build.add_metric([], {"process": process, "version": version("grid36")})
    return [build, *_PROCESS.collect()]


def rendered(families: Iterable[Metric]) -> bytes:
    """In the text format of Prometheus."""
    return generate_latest(Rendered(list(families)))
