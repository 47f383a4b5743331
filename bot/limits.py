"""What delivery keeps to: the rates that a channel's section of config.yml sets, and how old a message may grow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from bot.ports import Departure, Limit
from channels import BadOption

NOTICE = "notice:"  # keys of news of a ticket
_YEAR = 8760  # hours


@dataclass(frozen=True, slots=True, kw_only=True)
class TooOld:
    """From when on nobody wants to read it any more: an answer, and news of a ticket."""

    reply: timedelta = timedelta(hours=24)
    notice: timedelta = timedelta(days=7)

    def is_past(self, departure: Departure, now: datetime) -> bool:
        news = departure.bulk or departure.outbound.key.startswith(NOTICE)  # which an answer behind it may have hurried
        return now - departure.queued_at > (self.notice if news else self.reply)


def too_old(hours: object) -> TooOld:
    """Hours by kind, as in config.yml; one that is left out keeps its default. Raises TypeError or ValueError."""
    if not isinstance(hours, dict):
        raise TypeError
    if any(type(count) not in (int, float) or not 0 < count <= _YEAR for count in hours.values()):
        raise ValueError
    return TooOld(**{kind: timedelta(hours=count) for kind, count in hours.items()})


def limit(channel: str, options: Mapping[str, str]) -> Limit:
    """The options `rate` and `chat_rate` of a channel; one that it does not have is 0, no limit. Raises BadOption."""
    return Limit(rate=_rate(channel, "rate", options), chat_rate=_rate(channel, "chat_rate", options))


def _rate(channel: str, name: str, options: Mapping[str, str]) -> float:
    try:
        rate = float(options.get(name, "0"))
    except ValueError:
        rate = -1.0
    if not isfinite(rate) or not 0 <= rate <= 10_000:
        raise BadOption(f"channels.{channel}.{name}: write messages per second such as 0.5 or 30, or 0 for no limit")
    return rate


class Pauses:
    """Whom providers asked us to slow down for. Telegram never says whether it means one chat or all: when it asks for
    a second chat before the first one's pause is over, it means all."""

    def __init__(self) -> None:
        self._chats: dict[str, dict[int, datetime]] = {}

    def is_for_all(self, departure: Departure, now: datetime, until: datetime) -> bool:
        """Note that this one is paused until then; whether the whole channel should be."""
        channel = departure.outbound.recipient.channel
        paused = {chat: end for chat, end in self._chats.get(channel, {}).items() if end > now}
        others = paused.keys() - {departure.citizen}
        self._chats[channel] = {**paused, departure.citizen: until}
        return bool(others)
