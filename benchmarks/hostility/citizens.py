"""Citizens who write and answer as people do: each reacts to what it hears, whatever state we are in.

A script is a list of acts: `whole` and `half` reports, `hasty` (the "yes" follows without waiting for the question),
`probe` (some numbers asked after in quick succession: the order of the answers is the order of the questions),
`status` and `thanks`.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from benchmarks.hostility.dice import Dice
from benchmarks.hostility.ear import Ear, Meaning
from benchmarks.hostility.ledger import Heard, Ledger, Report
from benchmarks.phrases import PHRASES
from channels.message import Contact
from tickets.number import new_number

COSTS = {"whole": 2, "hasty": 2, "half": 3, "probe": 3, "status": 1, "thanks": 1}  # messages of an act
_SCRIPTS = (
    ("whole", "probe", "status", "thanks"),
    ("half", "probe", "whole", "thanks"),
    ("hasty", "probe", "status", "half"),
    ("probe", "half", "hasty", "status", "thanks"),
)
_THINKS = 0.6  # seconds before an answer, at most
_BETWEEN = 0.15  # seconds between the messages of a probe, at most
_AGAIN = 2.0  # seconds until someone whom nobody could hear tries again


class Carrier(Protocol):
    """What brings a citizen's message to us."""

    @property
    def under_way(self) -> int:
        """Copies and receipts that are still on their way to us."""
        ...

    async def carry(self, contact: Contact, text: str, mark: str, button: str) -> bool:
        """Whether we took it. A `button` that was pressed goes in the place of the text, where there are buttons."""
        ...

    async def forge(self, contact: Contact, text: str) -> int:
        """The status that was answered to a forged message in this person's name."""
        ...


class Citizen:
    """`patience` is how many seconds it waits for an answer before it gives up."""

    def __init__(
        self, contact: Contact, language: str, carrier: Carrier, ear: Ear, dice: Dice, ledger: Ledger, patience: float
    ) -> None:
        self.contact, self._phrases, self._carrier = contact, PHRASES[language], carrier
        self._ear, self._dice, self._ledger, self._patience = ear, dice, ledger, patience
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()
        self._known: set[tuple[str, ...]] = set()
        self._last: tuple[str, ...] = ()
        self._number, self._yes = "", ""

    def hear(self, heard: Heard) -> None:
        """A phone shows the same message twice; its owner reads it once. Where nothing else tells, it is the same
        when it says the same as the one before."""
        which = (heard.key,) if heard.key else (heard.text, *heard.buttons)
        if which not in self._known and which != self._last:
            self._heard.put_nowait(heard)
        self._last = which
        if heard.key or heard.buttons:
            self._known.add(which)

    async def live(self, acts: tuple[str, ...]) -> None:
        for act in acts:
            match act:
                case "probe":
                    await self._probe()
                case "status":
                    await self._say(self._phrases.status.format(number=self._number or self._unknown()))
                    await self._listen()
                case "thanks":
                    await self._say(self._phrases.thanks)
                    await self._listen()
                case _:
                    await self._report(act)

    async def _report(self, act: str) -> None:
        report = Report(contact=self.contact, mark=str(next(self._ledger.marks)))
        self._ledger.reports.append(report)
        texts = self._phrases.half if act == "half" else self._phrases.whole
        await self._say(self._dice.random.choice(texts).format(mark=report.mark), report.mark if act != "half" else "")
        if act == "hasty":
            await self._say(self._phrases.yes)
            report.confirmed = True
        while heard := await self._listen():
            if await self._done(report, heard):
                return

    async def _done(self, report: Report, heard: Heard) -> bool:
        """Answer one question about this report; True when it is filed."""
        meaning = self._ear.meaning(heard.text)
        await asyncio.sleep(self._dice.seconds(_THINKS))
        if meaning is Meaning.RECEIPT:
            number = self._ear.number(heard.text)
            fresh = number != self._number  # the receipt of the report before may come once more
            report.number = self._number = number if fresh else report.number
            return fresh
        if meaning in {Meaning.CONFIRM, Meaning.OLD_BUTTON}:
            await self._confirm(report, heard, again=meaning is Meaning.OLD_BUTTON)
        elif answer := self._answer(meaning, report):
            report.confirmed = report.confirmed and meaning is Meaning.DETAILS
            await self._say(answer, report.mark if report.mark in answer else "", _first(heard))
        return False

    async def _confirm(self, report: Report, heard: Heard, *, again: bool) -> None:
        """Once; and once more where we are told that the button was an old one."""
        self._yes = self._yes if again else _first(heard)
        if again or not report.confirmed:
            await self._say(self._phrases.yes, button=self._yes)
            report.confirmed = True

    def _answer(self, meaning: Meaning | None, report: Report) -> str:
        """What is said to this question; empty to what asks for nothing."""
        match meaning:
            case Meaning.WHERE | Meaning.CHANGE:
                return self._phrases.place.format(mark=report.mark)
            case Meaning.MENU:
                return "1"
            case Meaning.DETAILS:
                return self._phrases.details
            case _:
                return ""

    async def _probe(self) -> None:
        """Ask after some numbers that do not exist, without waiting; each answer names its number."""
        numbers = {self._unknown() for _ in range(COSTS["probe"])}
        asking = []
        for number in numbers:
            asking.append(asyncio.create_task(self._say(number, number)))
            await asyncio.sleep(self._dice.seconds(_BETWEEN))
        await asyncio.gather(*asking)
        while numbers and (heard := await self._listen()):
            numbers.discard(self._ear.number(heard.text))

    async def _say(self, text: str, mark: str = "", button: str = "") -> None:
        """Until it is taken. Nobody sees that a message did not arrive: it is written anew."""
        while True:
            if await self._carrier.carry(self.contact, text, mark, button):
                return
            await asyncio.sleep(_AGAIN)

    async def _listen(self) -> Heard | None:
        """The next message that is not the welcome; None when patience ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while True:
                    heard = await self._heard.get()
                    if self._ear.meaning(heard.text) is not Meaning.WELCOME:
                        return heard
        self._ledger.count("gave up waiting")
        return None

    def _unknown(self) -> str:
        return new_number(self._dice.random)


def _first(heard: Heard) -> str:
    """The first button below a message: "yes", or the likeliest service; empty where there are none."""
    return heard.buttons[0] if heard.buttons else ""


def scripts(messages: int, dice: Dice) -> Iterator[tuple[str, ...]]:
    """Acts for one citizen after the other, until they make so many messages."""
    planned = 0
    while planned < messages:
        script = dice.random.choice(_SCRIPTS)
        planned += sum(COSTS[act] for act in script)
        yield script
