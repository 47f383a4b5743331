"""Telegram's refusals: what they mean to us, and nothing of a citizen in any error."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp.client_exceptions import ClientConnectorError, ConnectionTimeoutError, InvalidURL
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError

from channels import Rejected, Throttled, Unavailable
from channels._telegram_http import TooManyRequests
from channels.reason import Reason

_BEFORE_SENDING = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)

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
