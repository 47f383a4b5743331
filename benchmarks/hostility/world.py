"""The world outside of a hostile run: two providers with all that goes wrong at them, and who carries what to us."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Self

from aiohttp import ClientSession

from benchmarks.city import PUBLIC
from benchmarks.hostility.citizens import Carrier
from benchmarks.hostility.dice import Dice
from benchmarks.hostility.door import Door
from benchmarks.hostility.ledger import Heard, Ledger
from benchmarks.hostility.providers import Provider
from benchmarks.hostility.telegram_polled import PolledWorld
from benchmarks.hostility.telegram_world import SECRET, TelegramWorld
from benchmarks.hostility.twilio_world import TwilioWorld
from tests.peers.telegram_stub import TelegramStub
from tests.peers.twilio_stub import TwilioStub


class World:
    """`polled`: Telegram alone, asked by us, for without a public address Twilio has no way to us. `heard` is called
    with every message that a provider took."""

    def __init__(self, dice: Dice, ledger: Ledger, heard: Callable[[Heard], None], *, polled: bool) -> None:
        self._dice, self._ledger, self.polled = dice, ledger, polled
        self._providers = {name: Provider(name, dice, ledger) for name in ("telegram", "twilio")}
        for provider in self._providers.values():
            provider.heard = heard
        self._telegram = TelegramStub(middlewares=[self._providers["telegram"].middleware()])
        self._twilio = TwilioStub(PUBLIC, middlewares=[self._providers["twilio"].middleware()])
        self.carriers: Mapping[str, Carrier] = {}

    async def enter(self, stack: AsyncExitStack, session: ClientSession, ports: Sequence[int]) -> Self:
        """The providers listen, and know the `ports` of our processes."""
        await stack.enter_async_context(self._telegram)
        await stack.enter_async_context(self._twilio)
        door = Door(session, ports, self._dice, self._ledger)
        twilio = TwilioWorld(self._twilio, door, self._dice, self._ledger)
        polled = PolledWorld(self._telegram, self._ledger)
        telegram = polled if self.polled else TelegramWorld(door, self._dice, self._ledger)
        self._providers["telegram"].world, self._providers["twilio"].world = telegram, twilio
        self.carriers = {"telegram": telegram} if self.polled else {
            "telegram": telegram, "sms": twilio, "whatsapp": twilio
        }  # fmt: skip
        return self

    @property
    def apis(self) -> dict[str, str]:
        """Where each channel's provider listens."""
        return {name: self._telegram.url if name == "telegram" else self._twilio.url for name in self.carriers}

    @property
    def secrets(self) -> dict[str, str]:
        return {
            "TELEGRAM_BOT_TOKEN": self._telegram.token, "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TWILIO_ACCOUNT_SID": self._twilio.sid, "TWILIO_AUTH_TOKEN": self._twilio.token,
        }  # fmt: skip

    @property
    def under_way(self) -> int:
        """Duplicates and receipts that are still on their way to us."""
        return sum(carrier.under_way for carrier in set(self.carriers.values()))

    async def outage(self, seconds: float) -> None:
        """One provider, by chance, takes nothing for so long."""
        name = "telegram" if self.polled or self._dice.chance(2) else "twilio"
        self._ledger.count(f"outage of {name}")
        server = self._telegram.server if name == "telegram" else self._twilio.server
        await self._providers[name].outage(server, seconds)
