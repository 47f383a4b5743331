"""Whatever is typed with whatever pauses, and whoever looks at it when: nothing is lost, doubled or put in another order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Outcome
from bot.inbox.burst import LOOK, PATIENCE, Wait
from bot.inbox.gathering import Gathering, StillWriting
from bot.ports import Arrival, Behind
from channels.message import Contact, Inbound
from handlers.turn import Answer, Asked, Citizen, Dialogue, Draft
from nlu.parse import Entity, Parse
from tests.town import START, Clock

WAIT = Wait(album=timedelta(seconds=2), thought=timedelta(seconds=4))
ANA = Contact(channel="telegram", address="1")
WORDS = {
    "bache": "report_pothole", "luz": "report_lighting", "enorme": None, "molino": "provide_location",
    "persona": "handover", "foto": None, "baja": None, "hola": "greet",
}  # fmt: skip
MESSAGES = st.lists(st.tuples(st.sampled_from(sorted(WORDS)), st.floats(0, 9)), min_size=1, max_size=12)


def read(text: str) -> Parse:
    """The first word tells the intent, `molino` is a place."""
    places = (Entity(name="location", value="molino", start=0, end=6),) if "molino" in text else ()
    return Parse(intent=WORDS[text.split()[0]], confidence=0.9, ranking=(), entities=places, language=None)


async def parse(arrival: Arrival) -> Parse | None:
    return read(arrival.inbound.text) if arrival.inbound.text else None


async def decide(arrival: Arrival, parse: Parse | None) -> Outcome:
    """Asks for the place as long as there is none."""
    dialogue = Dialogue(asked=Asked.PLACE, draft=Draft(service="pothole"), since=START)
    half = parse is not None and (parse.intent or "").startswith("report") and not parse.first("location")
    return Outcome(answer=Answer(replies=(), dialogue=dialogue if half else None), language="es", detected=False)


@dataclass
class Lane:
    """One citizen's messages; keeps what Gathering needs of a store, and shows only those that have come by now."""

    rows: list[Behind]
    clock: Clock
    done: set[int] = field(default_factory=set)

    def view(self) -> "Lane":
        return self

    async def __aenter__(self) -> "Lane":
        return self

    async def __aexit__(self, *_: Any) -> None:
        """Nothing is open."""

    @property
    def bursts(self) -> "Lane":
        return self

    def waiting(self) -> list[Behind]:
        return [row for row in self.rows if row.id not in self.done and row.accepted_at <= self.clock.at]

    async def behind(self, arrival: Arrival, limit: int) -> Sequence[Behind]:
        return [row for row in self.waiting() if row.id > arrival.id][:limit]

    def head(self) -> Arrival | None:
        for row in self.waiting():
            citizen = Citizen(id=1, contact=ANA)
            return Arrival(
                id=row.id, token="t", attempts=1, accepted_at=row.accepted_at, inbound=row.inbound, citizen=citizen,
                dialogue=None,
            )  # fmt: skip
        return None


def lane(messages: list[tuple[str, float]]) -> Lane:
    rows, at = [], START
    for number, (word, pause) in enumerate(messages, 1):
        album = "a" if word == "foto" else None
        inbound = Inbound(sender=ANA, external_id=str(number), received_at=at, text=word, album=album)
        rows.append(Behind(id=number, accepted_at=at, inbound=inbound))
        at += timedelta(seconds=pause)
    return Lane(rows, Clock(START))


async def work_off(messages: Lane) -> list[tuple[tuple[int, ...], datetime]]:
    """The ids answered together and when; each look is a new worker's, as if the one before had been killed."""
    answered = []
    while len(messages.done) < len(messages.rows):
        head = messages.head()
        if head is None:
            messages.clock.at += timedelta(seconds=0.25)
            continue
        gathering = Gathering(store=messages, clock=messages.clock, wait=WAIT, parse=parse, decide=decide)  # type: ignore[arg-type]
        try:
            gathered = await gathering.of(head)
        except StillWriting as more:
            messages.clock.at += timedelta(seconds=more.seconds)
            continue
        ids = (head.id, *gathered.joined)
        assert not messages.done & set(ids)
        assert gathered.arrival.inbound.text == " ".join(messages.rows[n - 1].inbound.text for n in ids)
        messages.done |= set(ids)
        answered.append((ids, messages.clock.at))
    return answered


@settings(deadline=None)  # the first one reads a table
@given(MESSAGES)
def test_every_message_is_answered_once_and_in_order(messages: list[tuple[str, float]]) -> None:
    typed = lane(messages)
    answered = asyncio.run(work_off(typed))
    photos = {row.id for row in typed.rows if row.inbound.album}
    ids = [number for together, _ in answered for number in together if number not in photos]
    assert ids == sorted(ids)  # photos of an album are drawn together, all else stays in its order
    assert {number for together, _ in answered for number in together} == {row.id for row in typed.rows}


@settings(deadline=None)  # the first one reads a table
@given(MESSAGES)
def test_nobody_waits_longer_than_was_set(messages: list[tuple[str, float]]) -> None:
    typed = lane(messages)
    before = START
    for (first, *_), at in asyncio.run(work_off(typed)):
        came = max(typed.rows[first - 1].accepted_at, before)  # it could not be looked at earlier
        assert at - came <= PATIENCE * WAIT.thought + LOOK + timedelta(seconds=0.5)
        before = at


def test_what_stands_behind_the_end_of_a_report_is_not_read_yet() -> None:
    typed, asked = lane([("bache", 1), ("persona", 1), ("enorme", 1), ("enorme", 1)]), []
    typed.clock.at += timedelta(seconds=9)

    async def noted(arrival: Arrival) -> Parse | None:
        asked.append(arrival.inbound.external_id)
        return await parse(arrival)

    head = typed.head()
    assert head
    asyncio.run(Gathering(store=typed, clock=typed.clock, wait=WAIT, parse=noted, decide=decide).of(head))  # type: ignore[arg-type]
    assert asked == ["1", "2"]
