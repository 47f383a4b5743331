"""What an act on many would do, exactly: which tickets change from what to what, which do not and why, and what
citizens would be sent. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.desk.answering import DESK
from bot.desk.bulk_book import Book, Line, Why
from bot.desk.bulk_step import Left, Stepping
from bot.ports import Clerk, Queued, UnitOfWork
from bot.ports.moving import IMPORT
from channels import Channel, Folds
from channels.segments import count
from handlers.turn import Citizen
from tickets.model import Ticket

_NOWHERE: Final = frozenset({DESK, IMPORT, "erased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One ticket as it is, and as it would be (None: it stays). It is None itself where there is none any more."""

    number: str
    ticket: Ticket | None
    after: Ticket | None = None
    why: Why | None = None


@dataclass(slots=True, kw_only=True)
class Sample:
    """What citizens of one language get, by channels that charge by segments or by others: the longest of their
    messages, how many people that are, and the segments of all and of that one (0: none are counted)."""

    language: str
    segmented: bool
    text: str = field(default="", repr=False)
    people: int = 0
    segments: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    rows: Sequence[Row]
    samples: Sequence[Sample]
    people: int  # each counted once, whatever number of these tickets is theirs
    silent: int  # who would hear of it and cannot be written to, or wants nothing

    @property
    def changing(self) -> int:
        return sum(row.after is not None for row in self.rows)


class Showing:
    def __init__(self, stepping: Stepping, channels: Mapping[str, Channel]) -> None:
        self._stepping, self._channels = stepping, channels

    async def preview(self, work: UnitOfWork, book: Book, by: Clerk, now: datetime) -> Preview:
        told: dict[int, bool] = {}
        samples: dict[tuple[str, bool], Sample] = {}
        rows = []
        for line in book.lines:
            row, news = await self._row(work, book, line, by, now)
            rows.append(row)
            for citizen, queued in news:
                told[citizen.id] = reached = _can_be_reached(citizen)
                if reached:
                    self._sample(samples, queued)
        people = sum(told.values())
        found = [samples[key] for key in sorted(samples)]
        return Preview(rows=rows, samples=found, people=people, silent=len(told) - people)

    async def _row(
        self, work: UnitOfWork, book: Book, line: Line, by: Clerk, now: datetime
    ) -> tuple[Row, Sequence[tuple[Citizen, Queued]]]:
        ticket = await work.tickets.get(line.number)
        if ticket is None or ticket.version != line.version:
            return Row(number=line.number, ticket=ticket, why=Why.CHANGED if ticket else Why.GONE), ()
        try:
            stepped = await self._stepping.step(work, ticket, book.order, by, now)
        except Left as left:
            return Row(number=line.number, ticket=ticket, why=left.why), ()
        return Row(number=line.number, ticket=ticket, after=stepped.ticket), stepped.news

    def _sample(self, samples: dict[tuple[str, bool], Sample], queued: Queued) -> None:
        outbound = queued.outbound
        channel = self._channels.get(outbound.recipient.channel)
        language = outbound.template.language if outbound.template else ""
        segmented = channel is not None and channel.traits.segmented
        text = channel.fold(outbound.text) if isinstance(channel, Folds) else outbound.text
        sample = samples.setdefault((language, segmented), Sample(language=language, segmented=segmented))
        segments = count(text).segments if segmented else 0
        sample.people += 1
        sample.segments += segments
        sample.most = max(sample.most, segments)
        sample.text = max(sample.text, text, key=len)


def _can_be_reached(citizen: Citizen) -> bool:
    return not citizen.opted_out and not citizen.refused and citizen.contact.channel not in _NOWHERE
