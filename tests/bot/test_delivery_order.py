"""What holds for every message whatever providers do: the order per citizen, and silence after STOP."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports import Queued
from channels import Rejected, Throttled, Traits, Unavailable
from channels.message import Contact, Outbound
from handlers.turn import Citizen
from tests.town import ScriptedParser, Town, town

CITIZENS = 3
TROUBLES: list[Callable[[], Exception] | None] = [
    None,
    None,
    None,
    lambda: Unavailable("network"),
    lambda: Unavailable("provider", uncertain=True),
    lambda: Throttled(3),
    lambda: Throttled(2, whole=True),
    lambda: Rejected("refused"),
    lambda: KeyError("a bug"),
]


class Moody:
    """A provider that does with each try what was drawn for it, and accepts when the draws are used up."""

    name = "simulated_sms"
    traits = Traits(buttons=0, text_limit=1600, callbacks=True)

    def __init__(self, moods: list[int]) -> None:
        self.moods, self.accepted = moods, list[Outbound]()

    def read(self, webhook: object) -> list[object]:
        return []

    async def send(self, outbound: Outbound) -> str:
        trouble = TROUBLES[self.moods.pop()] if self.moods else None
        if trouble:
            raise trouble()
        self.accepted.append(outbound)
        return f"id{len(self.accepted)}"

    async def close(self) -> None: ...


def in_a_town(template: Path, moods: list[int], story: Callable[[Town, Moody], Coroutine[None, None, None]]) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(template, Path(folder) / "town.db")
            url = f"sqlite:///{Path(folder) / 'town.db'}"
            async with town(Path(folder), ScriptedParser(), database_url=url) as place:
                provider = Moody(moods)
                place.delivery._channels = {"simulated_sms": provider}  # type: ignore[dict-item]  # a test breaks one part
                await story(place, provider)

    asyncio.run(run())


async def people(place: Town) -> list[Citizen]:
    found = []
    for n in range(CITIZENS):
        await place.says("STOP", style="sms", phone=f"p{n}", settle=False)  # silent: Twilio answers it
        await place.says("START", style="sms", phone=f"p{n}", settle=True)
        async with place.store.view() as view:
            one = await view.citizens.find(Contact(channel="simulated_sms", address=f"p{n}"))
        assert one
        found.append(one)
    return found


async def queue(place: Town, person: Citizen, number: int, *, bulk: bool = False) -> None:
    outbound = Outbound(key=f"reply:{person.id}:{number}", recipient=person.contact, text=f"{number}")
    async with place.store.work() as work:
        await work.outbox.enqueue([Queued(outbound=outbound, citizen=person.id, bulk=bulk)], place.clock.now())
        await work.commit()


draws = st.lists(st.integers(0, len(TROUBLES) - 1), max_size=40)
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(moods=draws, bulks=st.lists(st.booleans(), min_size=12, max_size=12), waits=st.lists(st.integers(0, 40)))
def test_each_citizen_gets_everything_in_order(
    sqlite_template: Path, moods: list[int], bulks: list[bool], waits: list[int]
) -> None:
    async def story(place: Town, provider: Moody) -> None:
        provider.moods, drawn = [], provider.moods
        everybody = await people(place)
        provider.moods, provider.accepted = drawn, []
        for number, bulk in enumerate(bulks):
            await queue(place, everybody[number % CITIZENS], number, bulk=bulk)
        for seconds in [*waits, *[400] * 60]:
            place.clock.forward(seconds=seconds)
            await place.delivery.loop.step()
        for person in everybody:
            got = [int(o.text) for o in provider.accepted if o.recipient == person.contact]
            assert got == sorted(set(got))
        async with place.store.view() as view:
            lost = {int(failure.text) for failure in (await view.undelivered.page(0, 100)).rows}
        assert lost | {int(o.text) for o in provider.accepted} == set(range(len(bulks)))  # told, or on the clerks' list

    in_a_town(sqlite_template, moods, story)


@quick
@given(moods=draws, before=st.integers(0, 6), waits=st.lists(st.integers(0, 40), max_size=6))
def test_nothing_is_sent_after_stop(sqlite_template: Path, moods: list[int], before: int, waits: list[int]) -> None:
    async def story(place: Town, provider: Moody) -> None:
        provider.moods, drawn = [], provider.moods
        person = (await people(place))[0]
        provider.moods, provider.accepted = drawn, []
        for number in range(6):
            if number == before:
                await place.says("STOP", style="sms", phone="p0", settle=False)
                await place.inbox.loop.step()
                told = len(provider.accepted)
            await queue(place, person, number)
            for seconds in waits[:2]:
                place.clock.forward(seconds=seconds)
                await place.delivery.loop.step()
        if before == 6:
            return
        for _ in range(60):
            place.clock.forward(seconds=400)
            await place.delivery.loop.step()
        assert len(provider.accepted) == told

    in_a_town(sqlite_template, moods, story)
