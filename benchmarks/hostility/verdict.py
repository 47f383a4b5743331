"""The judgement of a hostile run, from outside: what the providers saw, and what the database holds in the end.

Nothing that the bot counts or says of itself is used. `sound` is the exit status: nothing lost, doubled or out of
order, no send lost, no forgery taken.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from benchmarks.hostility.ear import fold
from benchmarks.hostility.ledger import Heard, Ledger, Said
from benchmarks.hostility.stores import Held
from channels.message import Contact

FORGED = "forged"  # stands in the text of every forged message
Figure = tuple[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`first[i]` is when outbox row i was first taken by its provider; `more` are the takings after the first."""

    first: dict[int, float]
    more: list[Heard]
    missing: list[int]


def figures(ledger: Ledger, held: Held) -> list[Figure]:
    """All of them, the ones that must be 0 first."""
    judged = match(ledger, held)
    return [
        ("messages", sum(said.accepted is not None for said in ledger.said)),
        ("reports", sum(report.confirmed for report in ledger.reports)),
        ("tickets", len(held.tickets)),
        ("lost", len(lost(ledger, held))),
        ("doubled", doubled(held)),
        ("out_of_order", out_of_order(ledger, held, judged)),
        ("sends_lost", len(judged.missing)),
        ("forged_taken", sum(FORGED in inbound.text for _, inbound in held.inbox)),
        ("unfinished_reports", sum(not report.number for report in ledger.reports)),
        ("set_aside", sum(row.aside_at is not None for row, _ in held.inbox)),
        *_doubled_sends(ledger, judged),
        *_delays(ledger, held, judged),
    ]


def sound(found: Sequence[Figure]) -> bool:
    must_be_none = {"lost", "doubled", "out_of_order", "sends_lost", "forged_taken", "unfinished_reports"}
    return not any(value for name, value in found if name in must_be_none)


def lost(ledger: Ledger, held: Held) -> list[str]:
    """Accepted messages without an answered row and a reply, and confirmed reports without a ticket."""
    replied = {outbound.key.split(":")[1] for _, outbound in held.outbox if ":" in outbound.key}
    answered = {(i.sender, i.external_id) for row, i in held.inbox if row.done_at and str(row.id) in replied}
    gone = [
        said.external_id
        for said in ledger.said
        if said.accepted is not None and (said.contact, said.external_id) not in answered
    ]
    filed = " ".join(words for _, words in held.tickets)
    return gone + [report.mark for report in ledger.reports if report.confirmed and report.mark not in filed]


def doubled(held: Held) -> int:
    """Tickets beyond the first with one mark, rows beyond the first of one message."""
    marks = Counter(word for _, words in held.tickets for word in set(words.split()) if word.isdigit())
    rows = Counter((inbound.sender, inbound.external_id) for _, inbound in held.inbox)
    return sum(n - 1 for n in (*marks.values(), *rows.values()))


def match(ledger: Ledger, held: Held) -> Judged:
    """Each taking by a provider and the outbox row it is of: by our key where the provider has it, else by the text,
    the oldest first."""
    rows: dict[tuple[Contact, str], deque[int]] = defaultdict(deque)
    for row, outbound in held.outbox:
        rows[outbound.recipient, outbound.key].append(row.id)
        rows[outbound.recipient, fold(outbound.text)].append(row.id)
    first: dict[int, float] = {}
    more: list[Heard] = []
    for heard in ledger.heard:
        name = (heard.contact, heard.key or fold(heard.text))
        if rows[name]:
            first[rows[name].popleft()] = heard.at
        else:
            more.append(heard)
    return Judged(first=first, more=more, missing=[row.id for row, _ in held.outbox if row.id not in first])


def out_of_order(ledger: Ledger, held: Held, judged: Judged) -> int:
    """Pairs of neighbours: accepted one after the other but kept the other way round, or answered so."""
    ids = {(inbound.sender, inbound.external_id): row.id for row, inbound in held.inbox}
    kept = sum(_wrongly_kept(said, ids) for said in _by_contact(ledger.said).values())
    lanes: dict[int, list[float]] = defaultdict(list)
    texts = Counter((row.lane, outbound.text) for row, outbound in held.outbox)
    for row, outbound in sorted(held.outbox, key=lambda one: int(one[0].id)):
        if row.id in judged.first and (outbound.recipient.channel != "telegram" or texts[row.lane, outbound.text] == 1):
            lanes[row.lane].append(judged.first[row.id])
    return kept + sum(later < earlier for times in lanes.values() for earlier, later in pairwise(times))


def _wrongly_kept(said: Sequence[Said], ids: dict[tuple[Contact, str], int]) -> int:
    """Each message against all that were accepted before its first try began."""
    known = [(one, ids[one.contact, one.external_id]) for one in said if (one.contact, one.external_id) in ids]
    return sum(any(_before(other, one) and kept > row for other, kept in known) for one, row in known)


def _before(earlier: Said, later: Said) -> bool:
    return earlier.accepted is not None and earlier.accepted < later.first_try


def _by_contact(said: Sequence[Said]) -> dict[Contact, list[Said]]:
    found: dict[Contact, list[Said]] = defaultdict(list)
    for one in said:
        found[one.contact].append(one)
    return found


def _doubled_sends(ledger: Ledger, judged: Judged) -> Iterator[Figure]:
    """Of those, the ones of which we could not know: the provider took the message and broke the answer."""
    broken = {(heard.contact, heard.text) for heard in ledger.heard if heard.broken}
    unknown = [heard for heard in judged.more if (heard.contact, heard.text) in broken]
    yield "sends", len(ledger.heard)
    yield "sends_doubled", len(judged.more)
    yield "sends_doubled_after_a_broken_answer", len(unknown)
    for channel in ("telegram", "sms", "whatsapp"):
        yield f"sends_doubled_{channel}", sum(heard.contact.channel == channel for heard in judged.more)


def _delays(ledger: Ledger, held: Held, judged: Judged) -> Iterator[Figure]:
    """From the acceptance of a message to its first reply's being taken."""
    replies = {row.key: row.id for row, _ in held.outbox}
    answered: dict[tuple[Contact, str], float] = {}
    for row, inbound in held.inbox:
        at = judged.first.get(replies.get(f"reply:{row.id}:0", 0))
        if at is not None:
            answered[inbound.sender, inbound.external_id] = at
    pairs = [
        (said.accepted, answered[said.contact, said.external_id])
        for said in ledger.said
        if said.accepted is not None and (said.contact, said.external_id) in answered
    ]
    delays = sorted(max(0.0, at - accepted) for accepted, at in pairs)
    if delays:
        yield "delay_p50_s", round(median(delays), 2)
        yield "delay_p99_s", round(delays[int(len(delays) * 0.99)], 2)
        yield "longest_delay_s", round(delays[-1], 1)
    for what in sorted({trouble.what for trouble in ledger.troubles} - {"forgery"}):
        yield from _recovery(what, ledger, pairs)


def _recovery(what: str, ledger: Ledger, pairs: Sequence[tuple[float, float]]) -> Iterator[Figure]:
    """From the end of a trouble until all that was accepted before it was over is answered."""
    waits = [
        max((at - trouble.over for accepted, at in pairs if accepted < trouble.over), default=0.0)
        for trouble in ledger.troubles
        if trouble.what == what
    ]
    yield f"recovery_after_{what}_s", f"{max(0.0, median(waits)):.1f} (median), {max(0.0, *waits):.1f} (longest)"
