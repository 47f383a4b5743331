"""The way in: posts of a provider to any of our processes, as a load balancer without health checks would pass them."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from benchmarks.hostility.dice import Dice
from benchmarks.hostility.ledger import Ledger

_ANSWER_WITHIN = ClientTimeout(total=15)  # seconds; Twilio waits as long
_HANGS_UP_AFTER = 0.05  # seconds: a provider that does not wait for our answer
_HANGS_UP = 33.0  # one request in so many


class Door:
    """The ports of all our processes; a post goes to one of them by chance, be it dead."""

    def __init__(self, session: ClientSession, ports: Sequence[int], dice: Dice, ledger: Ledger) -> None:
        self._session, self._ports, self._dice, self._ledger = session, ports, dice, ledger

    async def post(self, path: str, headers: Mapping[str, str], **body: Any) -> int:
        """The status of the answer; 0 when there was none."""
        port = self._dice.random.choice(self._ports)
        hangs_up = self._dice.chance(_HANGS_UP)
        timeout = ClientTimeout(total=self._dice.seconds(_HANGS_UP_AFTER)) if hangs_up else _ANSWER_WITHIN
        self._ledger.count("webhooks")
        try:
            async with self._session.post(
                URL(f"http://127.0.0.1:{port}{path}", encoded=True), headers=headers, timeout=timeout, **body
            ) as answer:
                status = answer.status
        except (ClientError, TimeoutError, OSError):
            status = 0
        self._ledger.count(f"answered {status}")
        return status
