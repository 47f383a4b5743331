"""The other side of `benchmarks/mailing.py`: a mail server that greylists, refuses, is slow, and kills whoever sends;
and the judge of what it got."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from statistics import median
from time import monotonic

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.peers.mail_server import MailServer

Figure = tuple[str, object]
_SLOW = 3.0  # seconds that it takes a mail to `slow`
_JUST = 2.0  # seconds within which a process notes what it sent
_GREYLISTED = ("450 4.2.0 Greylisted, try again", "451 4.3.0 Not now")
_GONE = ("550 5.1.1 No such user here",) * 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail that the server has, and when."""

    to: str
    message_id: str
    sender: str
    at: float


class Mailroom(MailServer):
    """`slow`: an address whose mails take their time. `kills`: called once the server has so many mails, before it says
    so: what is sent then is sent twice, and nothing else may be."""

    def __init__(
        self, *, greylisted: Iterable[str], gone: str, slow: str, kills: Mapping[int, Callable[[], None]]
    ) -> None:
        super().__init__(security="none")
        self.taken: list[Taken] = []
        self.excused: set[str] = set()
        self._slow, self._kills = slow, dict(kills)
        self._begun: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        for address in greylisted:
            self.refuse(address, *_GREYLISTED)
        self.refuse(gone, *_GONE)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]) -> str:  # noqa: N802 - its own name
        self._begun[to] = monotonic()
        self._ended.pop(to, None)
        said = await MailServer.handle_RCPT(self, server, session, envelope, to, options)
        if not said.startswith("250"):
            del self._begun[to]  # nothing of it is on its way
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its own name
        (to,) = envelope.rcpt_tos
        if to == self._slow:
            await asyncio.sleep(_SLOW)
        said = await MailServer.handle_DATA(self, server, session, envelope)
        mail = message_from_bytes(self.mails.pop().content, policy=default)
        sender = envelope.mail_from or ""
        self.taken.append(Taken(to=to, message_id=str(mail["Message-ID"]), sender=sender, at=monotonic()))
        if kill := self._kills.pop(len(self.taken), None):
            self._excuse()
            kill()
        self._ended[to] = monotonic()
        return said

    def _excuse(self) -> None:
        """Those whose mail is on its way just now, or was so quickly noted that it may not have been."""
        now = monotonic()
        self.excused |= {to for to in self._begun if self._ended.get(to, now) > now - _JUST}


def judged(
    room: Mailroom, begin: float, *, subscribers: Iterable[str], staff: Mapping[str, int], gone: str
) -> Iterator[Figure]:
    """`staff`: how many escalations each is to have. `doubled` is what no kill explains."""
    mails: dict[str, list[Taken]] = defaultdict(list)
    for one in room.taken:
        mails[one.to].append(one)
    wanted = dict.fromkeys((one for one in subscribers if one != gone), 1) | dict(staff)
    kinds = {to: len({one.message_id for one in mails[to]}) for to in wanted}
    times = [one.at - begin for one in room.taken]
    yield "subscribers", sum(to not in staff for to in wanted)
    yield "unknown_to_their_server", 1
    yield "escalations", sum(staff.values())
    yield "mails", len(room.taken)
    yield "lost", sum(max(0, count - kinds[to]) for to, count in wanted.items())
    yield (
        "doubled",
        sum(max(0, kinds[to] - count) for to, count in wanted.items()) + sum(_repeats(room, mails, excused=False)),
    )
    yield "sent_again_after_a_kill", sum(_repeats(room, mails, excused=True))
    yield "to_strangers", sum(to not in wanted for to in mails)
    yield "delay_median_s", round(median(times), 1) if times else None
    yield "delay_most_s", round(max(times), 1) if times else None


def _repeats(room: Mailroom, mails: Mapping[str, list[Taken]], *, excused: bool) -> Iterator[int]:
    """The same mail once more, under the same Message-ID."""
    for to, taken in mails.items():
        if (to in room.excused) is excused:
            yield len(taken) - len({one.message_id for one in taken})
