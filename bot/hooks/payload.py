"""What a subscriber is sent: an event as CloudEvents 1.0 writes it in JSON
(https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md), its `data` the ticket as anybody
may see it at this moment:

{"specversion": "1.0", "id": "7K3-9QX.4", "source": "https://city.example/open311/v2", "type": "ticket.closed",
 "subject": "7K3-9QX", "time": "2026-11-23T15:04:05Z", "datacontenttype": "application/json", "version": 4,
 "data": {"service_request_id": "7K3-9QX", "status": "closed", ...}}
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from bot.ports.hooks import Happened
from tickets.city import City
from tickets.public import PublicTicket

PING: Final = "ping"
Tell = Callable[[PublicTicket, City], Mapping[str, object]]  # a ticket as Open311 writes it


def id_of(one: Happened) -> str:
    """The same at each try and at each replay, by which a subscriber knows what it had before."""
    return f"{one.number}.{one.version}"


def event(one: Happened, data: Mapping[str, object], source: str) -> bytes:
    told = _envelope(id_of(one), source, f"ticket.{one.happening}", one.at)
    return msgspec.json.encode({**told, "subject": one.number, "version": one.version, "data": data})


def ping(name: str, source: str, now: datetime) -> bytes:
    """To see whether somebody listens."""
    return msgspec.json.encode({**_envelope(name, source, PING, now), "data": {}})


def _envelope(name: str, source: str, what: str, at: datetime) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": name, "source": source, "type": what, "time": _utc(at),
        "datacontenttype": "application/json",
    }  # fmt: skip


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
