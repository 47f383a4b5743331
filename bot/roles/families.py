"""The numbers of one process and of its database as Prometheus' families. Apart, for its library takes a fifth of a
second to load, which only those wait for who are scraped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from prometheus_client import ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from bot.metrics import BOUNDS, Counters, Times
from bot.ports import Backlog

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
COUNTED: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {  # name -> labels, and what is counted
    "messages_in": ((), "Messages kept, each once however often its provider delivers it"),
    "messages_answered": ((), "Messages answered"),
    "messages_aside": (("reason",), "Messages set aside for a clerk"),
    "understood": (("outcome",), "Messages read: understood, unsure, or answered by the menu without the model"),
    "backups": (("outcome",), "Copies of a night: made or failed"),
    "tickets_filed": (("service",), "Tickets filed"),
    "outbound": (("channel", "outcome", "reason"), "Tries to send: sent, later, or failed for good"),
    "exports": (("outcome",), "Open data: made, or failed"),
    "digests": (("outcome",), "Weekly digests: queued for a subscriber, not printed, or not queued"),
    "hooks": (("outcome", "reason"), "Tries to tell a subscriber: delivered, later, or set aside"),
    "refused": (("door", "reason"), "Requests that were refused: at which door, and why"),
    "receipts": (("channel", "delivery", "reason"), "Receipts told by providers, repeated ones too"),
    "failures": (("work",), "Ends by an error of what must go on; it is begun again"),
}
TIMED: Final = {"parse_seconds": "Seconds until a message was parsed, remembered ones too"}
STATES: Final = {
    "nlu_down": "1 while the model did not answer when it was last asked",
    "digest_bounced": "Subscribers of the digest whose address is refused for good",
    "database_up": "1 while the database answers; where it does not, what waits in it is not known",
    "late_tickets": "Open tickets whose promised date is gone",
    "backup_age_seconds": "Since the newest copy in the folder of `backup` was finished; without one it is not shown",
    "tasks": "What this process does at once, as its loop counts (asyncio's tasks)",
    "spool_pending": "1 while messages or receipts wait on the disk for the database",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """All that is shown. `health` is by work; `backlogs`, with the age of their oldest row in seconds, and `listed`, by
    clerks' list, are the database's and empty while it is away. `apart` is by spool and ending."""

    counters: Counters
    states: Mapping[str, float]
    health: Mapping[str, bool]
    backlogs: Mapping[Backlog, float]
    listed: Mapping[str, int]
    apart: Mapping[str, Mapping[str, int]]

    def text(self) -> bytes:
        """In the format of https://prometheus.io/docs/instrumenting/exposition_formats/"""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Keeps prometheus_client's Collector."""
        yield from self._counted()
        for name, what in TIMED.items():
            yield _histogram(name, what, self.counters.times().get(name, Times()))
        for name, what in STATES.items():
            if name in self.states:
                yield GaugeMetricFamily(f"vecino_{name}", what, value=self.states[name])
        yield from self._waiting()
        yield from ProcessCollector(registry=None).collect()

    def _counted(self) -> Iterator[Metric]:
        counted = self.counters.all()
        for name, (labels, what) in COUNTED.items():
            family = CounterMetricFamily(f"vecino_{name}", what, labels=labels)
            found = {has: count for (known, has), count in counted.items() if known == name}
            for has, count in (found or ({(): 0} if not labels else {})).items():
                values = dict(has)
                family.add_metric([values.get(label, "") for label in labels], count)
            yield family

    def _waiting(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("vecino_waiting", "Rows that wait in a queue of the database", labels=["queue"])
        oldest = GaugeMetricFamily("vecino_oldest_seconds", "Age of the oldest of them", labels=["queue"])
        for backlog, age in self.backlogs.items():
            waiting.add_metric([backlog.queue], backlog.waiting)
            oldest.add_metric([backlog.queue], age)
        listed = GaugeMetricFamily("vecino_listed", "Messages on a clerks' list, not dealt with", labels=["list"])
        for name, count in self.listed.items():
            listed.add_metric([name], count)
        apart = GaugeMetricFamily("vecino_spool_apart", "Files set apart in a spool", labels=["spool", "ending"])
        for spool, endings in self.apart.items():
            for ending, count in endings.items():
                apart.add_metric([spool, ending], count)
        failing = GaugeMetricFamily("vecino_failing", "1 while this has ended by an error of late", labels=["work"])
        for name, well in self.health.items():
            failing.add_metric([name], not well)
        yield from (waiting, oldest, listed, apart, failing)


def _histogram(name: str, what: str, times: Times) -> Metric:
    bounds = [*map(str, BOUNDS), "+Inf"]
    buckets = list(zip(bounds, map(float, accumulate(times.counts)), strict=True))
    return HistogramMetricFamily(f"vecino_{name}", what, buckets=buckets, sum_value=times.total)
