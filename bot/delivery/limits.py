"""What delivery keeps to: the rates that a channel's section of config.yml sets, and how old a message may grow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from types import MappingProxyType

from bot.ports import Departure, Kind, Limit
from channels import BadOption

AGES: Mapping[Kind, timedelta] = MappingProxyType(
    {
        Kind.REPLY: timedelta(hours=24),
        Kind.STOP: timedelta(hours=24),
        Kind.NOTICE: timedelta(days=7),
        Kind.NEWS: timedelta(hours=24),
        Kind.ALERT: timedelta(hours=24),
        Kind.ESCALATION: timedelta(days=3),
        Kind.ACCOUNT: timedelta(days=3),
        Kind.REFERRAL: timedelta(days=7),
        Kind.DIGEST: timedelta(days=6),  # then the next one comes
    }
)
_YEAR = 8760  # hours


@dataclass(frozen=True, slots=True, kw_only=True)
class TooOld:
    """From when on nobody wants to read it any more, by kind."""

    ages: Mapping[Kind, timedelta] = field(default_factory=lambda: AGES)

    def is_past(self, departure: Departure, now: datetime) -> bool:
        return now - departure.queued_at > self.ages[departure.kind]


def too_old(hours: object) -> TooOld:
    """Hours by kind, as in config.yml; what is left out is as in `AGES`. Raises TypeError or ValueError."""
    if not isinstance(hours, dict):
        raise TypeError
    if any(type(count) not in (int, float) or not 0 < count <= _YEAR for count in hours.values()):
        raise ValueError
    return TooOld(ages={**AGES, **{Kind(kind): timedelta(hours=count) for kind, count in hours.items()}})


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
