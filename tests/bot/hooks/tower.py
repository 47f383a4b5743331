"""A city with one subscriber that listens, and the workers that tell it."""

from dataclasses import dataclass
from random import Random

from bot.hooks.acts import Hooking, Wanted
from bot.hooks.worker import HookWorker
from bot.i18n import Words
from bot.loop import Workplace
from bot.metrics import Counters
from bot.ports.hooks import Hook
from store.database import Database
from tests.bot.hooks.receiver import Receiver
from tests.store.samples import StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.calendar import Calendar
from tickets.model import Actor, Author, Status, Ticket
from tickets.workflow import move
from web.hooks.telling import Telling

CLERK = Actor(author=Author.CLERK, name="marta")
ALWAYS = Calendar(timezone="UTC", opening={})
SOURCE = "https://city.example/open311/v2"
WORDS = Words(CITY)


@dataclass
class Standing:
    """A city that a test changes."""

    now = CITY


@dataclass
class Tower:
    """Workers on one database, and a subscriber that listens."""

    database: Database
    clock: StillClock
    there: Receiver
    city: Standing
    acts: Hooking
    counters: Counters
    secret: str = ""
    hook: int = 0

    def worker(self, database: Database | None = None, owner: str = "one") -> HookWorker:
        store = database or self.database
        at = Workplace(store=store, clock=self.clock, random=Random(3), owner=owner, wake=store.bell)
        tell = Telling(render=WORDS, translation=WORDS.translation, public_url="https://city.example")
        return HookWorker(
            at, city=self.city, send=self.acts.send, tell=tell, source=SOURCE, counters=self.counters
        )  # fmt: skip

    async def subscribe(self, **filters: object) -> None:
        wanted = Wanted(name="Power", url=self.there.url, **filters)  # type: ignore[arg-type]
        self.hook, self.secret = await self.acts.add(wanted, "ada")

    async def settle(self) -> None:
        """Until nothing is due."""
        worker = self.worker()
        while await worker.loop.step():
            pass

    async def state(self) -> Hook:
        async with self.database.view() as view:
            found = await view.hooks.get(self.hook)
        assert found
        return found

    async def waiting(self) -> tuple[int, int]:
        """What waits, and what was set aside."""
        async with self.database.view() as view:
            held = (await view.hooks.held()).get(self.hook)
        return (held.waiting, held.aside) if held else (0, 0)

    async def moved(self, one: Ticket, to: Status, note: str = "") -> Ticket:
        after, update = move(one, to, ALWAYS, actor=CLERK, at=self.clock.now(), note=note)
        async with self.database.work() as work:
            await work.tickets.change(after, update)
            await work.commit()
        return after


async def filed(tower: Tower, *numbers: str, **values: object) -> list[Ticket]:
    reporter = await citizen(tower.database)
    found = [ticket(number, reporter, **values) for number in numbers]  # type: ignore[arg-type]
    await file(tower.database, *found)
    return found
