"""What must hold whatever people, clerks and the clock do, in any order: a hypothesis state machine over a whole Vecino.

A few dozen runs in the suite, always the same; for more, and other ones each time:

    VECINO_RUNS=2000 .venv/bin/pytest --timeout=7200 tests/test_invariants.py
"""

import asyncio
import atexit
import os
import shutil
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, TypeVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.attending import NotDone
from bot.config import load
from bot.i18n import Words
from bot.inbox.burst import NO_WAIT
from bot.inbox.pace import Limits
from bot.ports import AsideReason
from bot.simulate.reading import Phrasebook
from bot.simulate.vocabulary import Vocabulary, vocabulary
from bot.simulate.world import World, world
from channels.message import Inbound, Kind
from channels.simulator import Bubble, Style
from handlers.phrases.keywords import RIGHTS
from handlers.turn import Citizen, Dialogue
from nlu.contract import INTENTS
from nlu.parse import Parse
from store.migrate import migrate
from tests.town import parse
from tickets.model import Point, Status
from tickets.workflow import MOVES

RUNS = int(os.environ.get("VECINO_RUNS", "20"))
CONFIG = load(Path(__file__).parents[1] / "config.yml", {})
BOOK = Phrasebook(CONFIG.city, Words(CONFIG.city))
BY_TWILIO = ("You have successfully been", "Reply STOP")
ENDS = 12  # plain answers, always the same, that end any dialogue
PLAIN = ("1", "no")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who writes: on which phone, in which language, which never changes unless they ask for another."""

    style: Style
    phone: str
    language: str

    @property
    def words(self) -> Vocabulary:
        return vocabulary(self.language)


PEOPLE = (
    Person(style="telegram", phone="t1", language="es"),
    Person(style="sms", phone="+5521000001", language="pt"),
    Person(style="whatsapp", phone="+336000001", language="fr"),
)


@dataclass(slots=True)
class AnyParser:
    """Makes of a text what it was told to; everything else it does not understand."""

    next: Parse = field(default_factory=lambda: parse(None))

    async def parse(self, text: str) -> Parse:
        return replace(self.next, entities=tuple(e for e in self.next.entities if e.value in text))


def _template() -> Path:
    path = Path(TEMPLATES) / "template.db"
    if not path.exists():
        asyncio.run(migrate(f"sqlite:///{path}"))
    return path


TEMPLATES = mkdtemp()
atexit.register(shutil.rmtree, TEMPLATES)
people = st.sampled_from(PEOPLE)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
spots = st.integers(0, 12)
intents = st.sampled_from([None, *sorted(set(INTENTS) - {"change_language"})])
KEYWORDS = sorted({word for table in RIGHTS.values() for every in table.values() for word in every})

OF_ALL = {*PLAIN, *(word for word in KEYWORDS if " " not in word)}  # they tell no language, also at first contact


class AnyOrder(RuleBasedStateMachine):
    """Each rule is something that happens; after each the invariants are looked at."""

    @initialize(plain=st.sampled_from(PLAIN))
    def open(self, plain: str) -> None:
        self.plain = plain
        self.parser, self.loop, self.stack = AnyParser(), asyncio.Runner(), AsyncExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        shutil.copy(_template(), folder / "world.db")
        config = replace(CONFIG, settings=replace(CONFIG.settings, wait=NO_WAIT, guard=Limits(answers=0, alike=0)))
        self.world: World = self.do(self.stack.enter_async_context(world(config, self.parser, folder, Random(1))))
        self.tickets: set[str] = set()
        self.spoken: dict[str, str] = {}  # text -> the language of who said it first

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(what)

    # What citizens do

    @rule(
        person=people,
        service=st.sampled_from([s.code for s in CONFIG.city.services]),
        nth=st.integers(0, 11),
        spot=spots,
        whole=st.booleans(),
    )
    def reports(self, person: Person, service: str, nth: int, spot: int, whole: bool) -> None:
        problem = person.words.openings[service][nth].format(since=person.words.since[0])
        place = person.words.spots[spot].behind
        text = f"{problem} {place}" if whole else problem
        self.writes(person, text, f"report_{service}", location=place if whole else "")

    @rule(person=people, spot=spots)
    def names_a_place(self, person: Person, spot: int) -> None:
        place = person.words.spots[spot].alone
        self.writes(person, place, "provide_location", location=place)

    @rule(person=people, phrase=st.integers(0, 200), intent=intents)
    def says_something(self, person: Person, phrase: int, intent: str | None) -> None:
        every = [text for texts in person.words.phrases.values() for text in texts]
        text = every[phrase % len(every)].replace("{number}", self.any_number(phrase))
        self.writes(person, text, intent)

    @rule(person=people, text=words, intent=intents)
    def says_anything(self, person: Person, text: str, intent: str | None) -> None:
        self.writes(person, text, intent)

    @rule(person=people, digits=st.integers(0, 13))
    def types_digits(self, person: Person, digits: int) -> None:
        self.writes(person, str(digits), None)

    @rule(person=people)
    def types_the_code_that_was_shown(self, person: Person) -> None:
        shown = [word for bubble in self.screen(person) if not bubble.mine for word in bubble.text.split()]
        codes = [word.strip(".") for word in shown if word.strip(".").isdigit() and len(word.strip(".")) == 4]
        self.writes(person, codes[-1] if codes else "0000", None)

    @rule(person=people, word=st.sampled_from(KEYWORDS))
    def says_a_keyword(self, person: Person, word: str) -> None:
        self.writes(person, word, None)

    @rule(
        person=people,
        right=st.sampled_from(["my_data", "erase", "human", "stop", "start", "leave", "status_number"]),
        nth=st.integers(0, 50),
    )
    def asks_for_a_right(self, person: Person, right: str, nth: int) -> None:
        texts = person.words.phrases[right]
        intent = {"erase": "erase_data", "human": "handover", "leave": None, "status_number": "check_status"}.get(
            right, right
        )
        self.writes(person, texts[nth % len(texts)].replace("{number}", self.any_number(nth)), intent)

    @rule(person=people, inside=st.booleans())
    def sends_a_pin(self, person: Person, inside: bool) -> None:
        point = Point(latitude=14.6, longitude=-66.5) if inside else Point(latitude=48.8, longitude=2.3)
        self.sends(person, self.phone(person).say(person.phone, "", point=point, language=person.language))

    @rule(person=people, caption=st.booleans())
    def sends_a_photo(self, person: Person, caption: bool) -> None:
        text = person.words.phrases["photo"][0] if caption else ""
        self.parser.next = parse(None, language=person.language)
        self.sends(
            person, self.phone(person).say(person.phone, text, photo=b"\xff\xd8\xff x", language=person.language)
        )

    @rule(person=people, kind=st.sampled_from([kind for kind in Kind if kind is not Kind.MESSAGE]))
    def sends_what_is_no_text(self, person: Person, kind: Kind) -> None:
        photo = b"OggS" if kind is Kind.VOICE else None
        inbound = self.phone(person).say(person.phone, "", photo=photo, language=person.language)
        self.sends(person, replace(inbound, kind=kind))

    @rule(person=people, back=st.integers(0, 30))
    def presses_a_button(self, person: Person, back: int) -> None:
        buttons = [choice for bubble in reversed(self.screen(person)) for choice in bubble.choices]
        if not buttons:
            return
        pressed = buttons[back % len(buttons)]
        before = self.dialogue(person)
        old = before is None or pressed.id.partition(":")[0] != before.question
        inbound = self.phone(person).say(person.phone, pressed.label, choice=pressed.id, language=person.language)
        self.sends(person, inbound)
        after = self.dialogue(person)
        if old and before is not None and after is not None and after.asked is before.asked:
            assert after.draft == before.draft, f"an old button ({pressed.label}) filled something in"

    # What clerks and time do

    @rule(nth=st.integers(0, 50), to=st.sampled_from(list(Status)))
    @precondition(lambda self: self.tickets)
    def clerk_moves(self, nth: int, to: Status) -> None:
        number = self.any_number(nth)
        ticket = self.do(self.world.ticket(number))
        if ticket is not None and to in MOVES[ticket.status]:
            self.silent_ones_stay_silent(self.world.move(number, to, "visto"))

    @rule(person=people, closes=st.booleans())
    def clerk_writes(self, person: Person, closes: bool) -> None:
        citizen = self.citizen(person)
        if citizen is not None and self.do(self.world.thread(citizen.id)) is not None:
            self.silent_ones_stay_silent(self._attend(citizen, closes))

    async def _attend(self, citizen: Citizen, closes: bool) -> None:
        with suppress(NotDone):  # the citizen wants no messages
            await self.world.writes(citizen, "777", closes=closes)

    @rule(span=st.sampled_from([timedelta(minutes=31), timedelta(hours=7), timedelta(hours=25), timedelta(days=4)]))
    def time_goes_by(self, span: timedelta) -> None:
        self.silent_ones_stay_silent(self.world.pass_time(span))

    # How it is looked at

    def writes(self, person: Person, text: str, intent: str | None, location: str = "") -> None:
        """Words that tell a language tell the same one of everybody, as they do to a model."""
        if (
            text not in OF_ALL
            and not text.isdigit()
            and self.spoken.setdefault(text, person.language) != person.language
        ):
            return
        self.parser.next = parse(intent, text, location=location, language=person.language)
        self.sends(person, self.phone(person).say(person.phone, text, language=person.language))

    def sends(self, person: Person, inbound: Inbound) -> None:
        """A message, and what must be true of its answer."""
        before, shown = self.citizen(person), len(self.screen(person))
        filed = len(self.tickets)
        self.do(self.world.send([inbound]))
        after, new = self.citizen(person), [b for b in self.screen(person)[shown:] if not b.mine]
        self.look()
        assert len(self.tickets) <= filed + 1, "two tickets for one message"
        stopped = before is not None and before.opted_out and (after is None or after.opted_out)
        if stopped:
            assert not [b for b in new if not b.text.startswith(BY_TWILIO)], "written to after STOP"
        in_thread = before is not None and before.thread is not None
        told = new or self.screen(person)[shown - 1].text.startswith(BY_TWILIO)  # Twilio answers before we are asked
        assert told or stopped or in_thread or inbound.provider_keyword, "no answer"

    def silent_ones_stay_silent(self, what: Coroutine[Any, Any, None]) -> None:
        """Whoever said STOP is shown nothing by what clerks and time do."""
        stopped = [p for p in PEOPLE if (c := self.citizen(p)) is not None and c.opted_out]
        shown = {person.phone: len(self.screen(person)) for person in stopped}
        self.do(what)
        for person in stopped:
            assert len(self.screen(person)) == shown[person.phone], "written to after STOP"
        self.look()

    def look(self) -> None:
        """Everything is in the citizen's language, and nothing was set aside."""
        for person in PEOPLE:
            citizen = self.citizen(person)
            chosen = citizen.language if citizen and citizen.chosen and citizen.language else person.language
            for bubble in self.screen(person)[-6:]:
                if not bubble.mine and not bubble.text.startswith(BY_TWILIO):
                    self.is_spoken(bubble, chosen)
        aside = self.do(self._aside())
        assert not aside, f"set aside: {aside}"

    def is_spoken(self, bubble: Bubble, language: str) -> None:
        heard = BOOK.read(bubble, language)
        assert heard.language == language, f"in {heard.language} to who speaks {language}: {bubble.text!r}"

    async def _aside(self) -> list[str]:
        async with self.world.vecino.store.view() as view:
            page = await view.set_aside.page(0, 100)
            every = [await view.tickets.of_reporter(c.id, 100) for c in await self._citizens(view)]
        self.tickets |= {ticket.number for tickets in every for ticket in tickets}
        return [row.reason for row in page.rows if row.reason != AsideReason.OPTED_OUT]

    async def _citizens(self, view: Any) -> list[Citizen]:
        found = [await self.world.citizen(person.style, person.phone) for person in PEOPLE]
        return [citizen for citizen in found if citizen is not None]

    def screen(self, person: Person) -> list[Bubble]:
        return list(self.world.screen(person.style, person.phone))

    def phone(self, person: Person) -> Any:
        return self.world.phones[person.style]

    def citizen(self, person: Person) -> Citizen | None:
        return self.do(self.world.citizen(person.style, person.phone))

    def dialogue(self, person: Person) -> Dialogue | None:
        citizen = self.citizen(person)
        return self.do(self._dialogue(citizen.id)) if citizen else None

    async def _dialogue(self, citizen: int) -> Dialogue | None:
        async with self.world.vecino.store.work() as work:
            return (await work.dialogues.quiet([citizen])).get(citizen)

    def any_number(self, nth: int) -> str:
        known = sorted(self.tickets) or ["7K3-9QX"]
        return known[nth % len(known)]

    def teardown(self) -> None:
        try:
            for person in PEOPLE if hasattr(self, "world") else ():
                self.ends(person)
        finally:
            self.do(self.stack.aclose())
            self.loop.close()

    def ends(self, person: Person) -> None:
        """Plain answers end whatever is open; who is with a clerk, or wants nothing, is in no dialogue with us."""
        for _ in range(ENDS):
            citizen = self.citizen(person)
            if citizen is None or citizen.opted_out or citizen.thread is not None or self.dialogue(person) is None:
                return
            self.writes(person, self.plain, {"no": "deny"}.get(self.plain))
        raise AssertionError(f"still in the middle of {self.dialogue(person)!r}")


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=RUNS, stateful_step_count=15, deadline=None, derandomize="VECINO_RUNS" not in os.environ,
    suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip
