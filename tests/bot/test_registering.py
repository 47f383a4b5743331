import asyncio

import pytest

from bot.inbox import registering
from bot.inbox.registering import register, register_at_last
from channels import Rejected, Throttled, Traits, Unavailable


class Provider:
    """A channel whose provider refuses to be told our address as often as said."""

    name = "telegram"
    traits = Traits(buttons=0, text_limit=10)

    def __init__(self, *troubles: Exception) -> None:
        self.troubles, self.url = list(troubles), ""

    def read(self, webhook: object) -> list[object]:
        return []

    async def send(self, outbound: object) -> str:
        return ""

    async def close(self) -> None: ...

    async def register(self, url: str) -> None:
        if self.troubles:
            raise self.troubles.pop()
        self.url = url


@pytest.mark.parametrize("trouble", [Unavailable("network"), Throttled(3), Rejected("refused")])
async def test_a_provider_that_is_down_when_we_start_is_told_our_address_later(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "PAUSE", 0.0)
    provider = Provider(trouble, trouble)
    assert not await register(provider, "https://city.example/channels/telegram")  # type: ignore[arg-type]
    await asyncio.wait_for(register_at_last(provider, "https://city.example/channels/telegram"), 5)  # type: ignore[arg-type]
    assert provider.url == "https://city.example/channels/telegram"
