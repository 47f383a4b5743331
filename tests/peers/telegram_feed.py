"""Updates on their way to the bot: they wait for getUpdates, or go to the webhook that was set, in order."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from aiohttp import ClientError, ClientSession, web

from tests.peers.telegram_json import Json, ok, refused


@dataclass
class _Webhook:
    url: str = ""
    secret: str = ""
    last_error: str = ""
    allowed: list[str] = field(default_factory=list)


class Feed:
    """`statuses` are the answers that the webhook gave, oldest first. `moved` is called with each update that a poll's
    offset has moved past."""

    def __init__(self, news: asyncio.Condition) -> None:
        self._news = news
        self.statuses: list[int] = []
        self.pending: deque[Json] = deque()
        self.proxy = ("", "")
        self.client: ClientSession | None = None
        self.moved: Callable[[Json], None] = lambda _: None
        self._ids = count(1000)
        self._webhook = _Webhook()
        self._polls = 0
        self._delivering = asyncio.Lock()

    async def add(self, **content: Json) -> Json:
        update = {"update_id": next(self._ids), **content}
        if self._webhook.allowed and not set(content) & set(self._webhook.allowed):
            return update
        async with self._news:
            self.pending.append(update)
            self._news.notify_all()
        await self.deliver()
        return update

    async def deliver(self) -> None:
        """Post what is pending to the webhook, oldest first, until it refuses one."""
        async with self._delivering:
            while self._webhook.url and self.pending:
                status = await self._post(self.pending[0])
                self.statuses.append(status)
                if not 200 <= status < 300:
                    self._webhook.last_error = f"Wrong response from the webhook: {status}"
                    return
                self.pending.popleft()

    async def _post(self, update: Json) -> int:
        assert self.client is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._webhook.secret} if self._webhook.secret else {}
        try:
            url = self._webhook.url.replace(*self.proxy, 1)
            async with self.client.post(url, json=update, headers=headers) as answer:
                return answer.status
        except ClientError:
            return 0

    async def get_updates(self, arguments: Json) -> web.Response:
        """Waits up to `timeout`; refused while a webhook is set, and a later poll ends this one."""
        if self._webhook.url:
            return refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self._polls += 1
        mine, offset = self._polls, int(arguments.get("offset") or 0)
        while self.pending and self.pending[0]["update_id"] < offset:
            self.moved(self.pending.popleft())
        async with self._news:
            self._news.notify_all()
            try:
                async with asyncio.timeout(float(arguments.get("timeout") or 0)):
                    await self._news.wait_for(lambda: self.pending or self._polls != mine)
            except TimeoutError:
                return ok([])
        if self._polls != mine:
            return refused(409, "Conflict: terminated by other getUpdates request")
        allowed = json.loads(arguments.get("allowed_updates") or "[]")
        return ok([u for u in list(self.pending)[:100] if not allowed or set(u) & set(allowed)])

    async def set_webhook(self, arguments: Json) -> web.Response:
        allowed = json.loads(arguments.get("allowed_updates") or "[]")
        self._webhook = _Webhook(arguments.get("url", ""), arguments.get("secret_token", ""), allowed=allowed)
        return ok(result=True)

    async def delete_webhook(self, _: Json) -> web.Response:
        self._webhook = _Webhook()
        return ok(result=True)

    async def get_webhook_info(self, _: Json) -> web.Response:
        info = {
            "url": self._webhook.url, "has_custom_certificate": False, "pending_update_count": len(self.pending)
        }  # fmt: skip
        return ok(info | ({"last_error_message": self._webhook.last_error} if self._webhook.last_error else {}))
