"""The judge of the hostile bench must see every fault: one that sees none would praise anything."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from benchmarks.hostility.ledger import Heard, Ledger, Report, Said
from benchmarks.hostility.stores import Held
from benchmarks.hostility.verdict import figures, sound
from channels.message import Contact, Inbound, Outbound

ANA = Contact(channel="sms", address="+15550001")
FIRST, SECOND = 1, 2
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def said(number: int, **more: Any) -> Said:
    at = float(number * 10)
    values: dict[str, Any] = {
        "text": f"calle 1000{number}",
        "mark": f"1000{number}",
        "first_try": at,
        "accepted": at + 1,
    } | more
    return Said(contact=ANA, external_id=f"SM{number}", **values)


def came(row: int, number: int, **more: Any) -> tuple[Any, Inbound]:
    values = {"id": row, "lane": 7, "done_at": NOW, "aside_at": None} | more
    inbound = Inbound(sender=ANA, external_id=f"SM{number}", received_at=NOW, text=f"calle 1000{number}")
    return SimpleNamespace(**values), inbound


def went(row: int, answers: int) -> tuple[Any, Outbound]:
    key = f"reply:{answers}:0"
    return SimpleNamespace(id=row, lane=7, key=key), Outbound(key=key, recipient=ANA, text=f"listo {answers}")


def heard(answers: int, at: float, *, broken: bool = False) -> Heard:
    return Heard(contact=ANA, key=f"reply:{answers}:0", text=f"listo {answers}", buttons=(), at=at, broken=broken)


def ticket(mark: str) -> tuple[Any, str]:
    return SimpleNamespace(number="7K3-9QX"), f"hay un bache en la calle {mark}"


def good() -> tuple[Ledger, Held]:
    """Two messages of one citizen, accepted, answered and sent in order; one report, one ticket."""
    ledger = Ledger(
        said=[said(FIRST), said(SECOND)],
        heard=[heard(FIRST, 12.0), heard(SECOND, 25.0)],
        reports=[Report(contact=ANA, mark="10001", confirmed=True, number="7K3-9QX")],
    )
    held = Held(
        inbox=[came(FIRST, FIRST), came(SECOND, SECOND)],
        outbox=[went(1, FIRST), went(2, SECOND)],
        tickets=[ticket("10001")],
    )
    return ledger, held


def faults(ledger: Ledger, held: Held) -> dict[str, object]:
    """What is not 0 of what must be."""
    found = figures(ledger, held)
    names = {"lost", "doubled", "out_of_order", "sends_lost", "forged_taken", "unfinished_reports"}
    wrong = {name: value for name, value in found if name in names and value}
    assert sound(found) is not bool(wrong)
    return wrong


def test_a_good_run_is_sound_and_its_delays_are_counted_from_acceptance() -> None:
    ledger, held = good()
    assert faults(ledger, held) == {}
    told = dict(figures(ledger, held))
    assert (told["messages"], told["tickets"], told["sends_doubled"], told["longest_delay_s"]) == (2, 1, 0, 4.0)


def test_an_accepted_message_without_a_row_is_lost() -> None:
    ledger, held = good()
    assert faults(ledger, replace(held, inbox=held.inbox[:1])) == {"lost": 1}


def test_an_accepted_message_that_was_never_answered_is_lost() -> None:
    ledger, held = good()
    assert faults(ledger, replace(held, outbox=held.outbox[:1])) == {"lost": 1}
    waiting = [held.inbox[0], came(SECOND, SECOND, done_at=None)]
    assert faults(ledger, replace(held, inbox=waiting)) == {"lost": 1}


def test_a_message_that_nobody_accepted_is_not_ours_to_lose() -> None:
    ledger, held = good()
    ledger.said.append(said(3, accepted=None))
    assert faults(ledger, held) == {}


def test_a_confirmed_report_without_a_ticket_is_lost() -> None:
    ledger, held = good()
    assert faults(ledger, replace(held, tickets=[])) == {"lost": 1}


def test_a_report_whose_citizen_got_no_receipt_is_unfinished() -> None:
    ledger, held = good()
    ledger.reports[0].number = ""
    assert faults(ledger, held) == {"unfinished_reports": 1}


def test_two_tickets_of_one_report_and_two_rows_of_one_message_are_doubled() -> None:
    ledger, held = good()
    assert faults(ledger, replace(held, tickets=[ticket("10001"), ticket("10001")])) == {"doubled": 1}
    twice = [*held.inbox, came(3, SECOND)]
    assert faults(ledger, replace(held, inbox=twice, outbox=[*held.outbox])) == {"doubled": 1}


def test_a_message_kept_before_one_that_was_accepted_earlier_is_out_of_order() -> None:
    ledger, held = good()
    swapped = Held(
        inbox=[came(1, SECOND), came(2, FIRST)], outbox=[went(1, FIRST), went(2, SECOND)], tickets=held.tickets
    )
    assert faults(ledger, swapped) == {"out_of_order": 1}


def test_messages_under_way_at_once_may_be_kept_in_any_order() -> None:
    ledger, held = good()
    ledger.said[1].first_try = 10.5
    swapped = Held(
        inbox=[came(1, SECOND), came(2, FIRST)], outbox=[went(1, FIRST), went(2, SECOND)], tickets=held.tickets
    )
    assert faults(ledger, swapped) == {}


def test_replies_that_arrive_the_other_way_round_are_out_of_order() -> None:
    ledger, held = good()
    ledger.heard = [heard(SECOND, 12.0), heard(FIRST, 25.0)]
    assert faults(ledger, held) == {"out_of_order": 1}


def test_a_reply_that_no_provider_took_is_a_lost_send() -> None:
    ledger, held = good()
    ledger.heard.pop()
    assert faults(ledger, held) == {"sends_lost": 1}


def test_a_reply_taken_twice_is_a_doubled_send_and_told_apart_by_whether_we_could_know() -> None:
    ledger, held = good()
    ledger.heard.append(heard(SECOND, 40.0))
    told = dict(figures(ledger, held))
    assert (told["sends_doubled"], told["sends_doubled_after_a_broken_answer"]) == (1, 0)
    ledger.heard[1] = heard(SECOND, 25.0, broken=True)
    told = dict(figures(ledger, held))
    assert (told["sends_doubled"], told["sends_doubled_after_a_broken_answer"]) == (1, 1)
    assert faults(ledger, held) == {}  # at least once: stated, counted, and no fault


def test_a_forged_message_that_was_kept_is_a_fault() -> None:
    ledger, held = good()
    row, inbound = came(3, 3)
    kept = replace(held, inbox=[*held.inbox, (row, replace(inbound, text="forged hay un bache"))])
    assert faults(ledger, kept) == {"forged_taken": 1}
