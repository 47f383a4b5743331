"""Requests to Telegram's Bot API: what its refusals mean to us, and nothing of a citizen in any error."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from httpx import ConnectError, ConnectTimeout, PoolTimeout
from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from channels import Rejected, Throttled, Unavailable
from channels.reason import Reason

_PAUSE = 5.0  # seconds, where Telegram names none
_BEFORE_SENDING = (ConnectError, ConnectTimeout, PoolTimeout)

# What Telegram's descriptions contain, for the codes 400 and 403 say no more.
_REASONS = (
    ("blocked", Reason.BLOCKED),
    ("deactivated", Reason.GONE),
    ("initiate conversation", Reason.BLOCKED),  # they deleted the chat and never pressed "start" again
    ("not found", Reason.NOT_FOUND),
    ("wrong file", Reason.NOT_FOUND),
    ("invalid file", Reason.NOT_FOUND),
    ("file is too big", Reason.TOO_LARGE),
    ("too long", Reason.TOO_LONG),
)


class TooManyRequests(TelegramError):
    """Telegram asks us to slow down, with the `seconds` it names."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class BotRequest(HTTPXRequest):
    """The library's own requests, but 429 is read by us (the library warns that its own RetryAfter is deprecated) and
    a broken answer is not written to the log, for it may hold what citizens wrote."""

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **options)
        if status == 429:
            raise TooManyRequests(_seconds(payload))
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not what Telegram sends")
        return answer


class PollRequest(BotRequest):
    """Polling: an update that the library cannot read is passed over by its number. The library would refuse the whole
    answer, for ever, and write it to the log."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = BotRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(item) for item in answer["result"] if _numbered(item)]
        return answer


def _numbered(item: object) -> bool:
    return isinstance(item, dict) and type(item.get("update_id")) is int


def _readable(item: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(item, None)
    except Exception:  # noqa: BLE001 - the library raises whatever its constructors do
        return {"update_id": item["update_id"]}
    return item


def _seconds(payload: bytes) -> float:
    try:
        return max(0.0, float(json.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return _PAUSE


@asynccontextmanager
async def answering() -> AsyncIterator[None]:
    """Telegram's refusals as Rejected, Throttled or Unavailable."""
    try:
        yield
    except TooManyRequests as slow:
        raise Throttled(slow.seconds) from None
    except Conflict:
        raise Unavailable(Reason.CONFLICT) from None
    except InvalidToken:
        raise Unavailable(Reason.UNAUTHORIZED) from None  # a person must set it right; messages wait meanwhile
    except (BadRequest, Forbidden) as refused:
        raise Rejected(_reason(refused.message)) from None
    except NetworkError as failed:
        raise Unavailable(Reason.NETWORK, uncertain=not isinstance(failed.__cause__, _BEFORE_SENDING)) from None
    except TelegramError:
        raise Unavailable(Reason.PROVIDER, uncertain=True) from None


def _reason(description: str) -> Reason:
    words = description.lower()
    return next((reason for part, reason in _REASONS if part in words), Reason.REFUSED)
