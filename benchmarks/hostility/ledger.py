"""What was said and what was heard, written down by the world outside: the providers and the citizens themselves."""

from dataclasses import dataclass, field
from itertools import count

from channels.message import Contact


@dataclass(slots=True, kw_only=True)
class Said:
    """One message of a citizen. Times are seconds of the monotonic clock; `accepted` is the first 2xx it got (polled:
    when the offset moved past it). `mark` stands in its text and in no other's; empty where it needs none."""

    contact: Contact
    external_id: str
    text: str
    mark: str
    first_try: float
    accepted: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message of ours that a provider took. `key` is our own, where the provider knows it; `broken`: we were never
    told that it was taken."""

    contact: Contact
    key: str
    text: str
    buttons: tuple[str, ...]
    at: float
    broken: bool


@dataclass(slots=True, kw_only=True)
class Report:
    """A report as its citizen sees it: `confirmed` once the "yes" was accepted."""

    contact: Contact
    mark: str
    confirmed: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that happened to us, and when it was over (the process may be started anew, the database is up ...)."""

    what: str
    at: float
    over: float


@dataclass(slots=True)
class Ledger:
    """`counts` are small things worth a line: deliveries, forged, unreachable ..."""

    said: list[Said] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    marks: "count[int]" = field(default_factory=lambda: count(10000))

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def accept(self, said: Said, now: float) -> None:
        """The provider was told that we have it; the first time counts."""
        if said.accepted is None:
            said.accepted = now
            self.accepted += 1
