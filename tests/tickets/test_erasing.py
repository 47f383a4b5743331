"""What stays of a ticket when its citizen has their data deleted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.samples import TICKET
from tickets.calendar import Target, Unit
from tickets.city import AnswerOption, Question, Service
from tickets.erasing import bare, discreet, is_of, wordless
from tickets.model import CITIZEN, SYSTEM, Actor, Author, Change, Event, Field, Place, Point, Update

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
CLERK = Actor(author=Author.CLERK, name="marta")
NAMES = {"es": "x"}
SERVICE = Service(
    code="lighting", names=NAMES, department="electric", target=Target(amount=1, unit=Unit.DAYS), asks=(),
    questions=(
        Question(code="kind", texts=NAMES, options=(AnswerOption(code="off", names=NAMES),)),
        Question(code="word", texts=NAMES),
    ),
)  # fmt: skip


def update(actor: Actor = CITIZEN, note: str = "", **more: object) -> Update:
    return Update(
        number="7K3-9QX", version=2, at=NOW, actor=actor, event=Event.COMMENTED, note=note, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_place_on_the_map_and_chosen_answers_stay_and_words_go() -> None:
    point = Point(latitude=14.6, longitude=-66.5)
    ticket = replace(
        TICKET, place=Place(words="frente a mi casa", point=point, street="Calle 8", area="centro"), version=4,
        answers=(("kind", "off"), ("kind", "se ve raro"), ("word", "llame al 5551234"), ("gone", "x")),
    )  # fmt: skip
    left, told = bare(ticket, SERVICE, at=NOW)
    assert left == replace(
        ticket, description="", place=Place(point=point, street="Calle 8", area="centro"), answers=(("kind", "off"),),
        version=5,
    )  # fmt: skip
    assert (told.version, told.event, told.actor, told.public, told.note) == (5, Event.ERASED, SYSTEM, False, "")


def test_of_a_service_that_the_city_offers_no_more_no_answer_stays() -> None:
    assert bare(replace(TICKET, answers=(("kind", "off"),)), None, at=NOW)[0].answers == ()


@pytest.mark.parametrize(
    ("actor", "by", "of_seven"),
    [(CITIZEN, 7, True), (CITIZEN, None, True), (CITIZEN, 8, False), (CLERK, None, False), (SYSTEM, None, False)],
)
def test_whose_words_an_update_holds(actor: Actor, by: int | None, *, of_seven: bool) -> None:
    assert is_of(update(actor, citizen=by), 7, reporter=7) is of_seven


def test_words_of_an_unnamed_citizen_are_the_reporters_and_no_followers() -> None:
    assert not is_of(update(citizen=None), 8, reporter=7)


def test_of_an_update_its_words_go_and_what_it_was_stays() -> None:
    changes = (
        Change(field=Field.PLACE, old="Calle 8", new="Calle 9"),
        Change(field=Field.SERVICE, old="water", new="tree"),
        Change(field=Field.ANSWER, old="", new="word=Ana"),
    )
    left = wordless(update(note="soy Ana", changes=changes))
    assert (left.note, left.event, left.at) == ("", Event.COMMENTED, NOW)
    assert left.changes == (Change(field=Field.PLACE), changes[1], Change(field=Field.ANSWER))


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("llamé al +52 55 8765 4321, no contesta", "llamé al ..., no contesta"),
        ("tel. 5587654321", "tel. ..."),
        ("(55) 8765-4321", "..."),
        ("escribió ana.ruiz@example.org ayer", "escribió ... ayer"),
        ("cuadrilla 7 el 2026-11-23 a las 10:30", "cuadrilla 7 el 2026-11-23 a las 10:30"),
        ("llamar a Aguas, 555 0100", "llamar a Aguas, 555 0100"),
        ("", ""),
    ],
)
def test_a_clerks_note_stays_without_the_citizens_number(note: str, left: str) -> None:
    assert discreet(update(CLERK, note), "+525587654321").note == left


def test_a_telegram_chat_has_no_number_to_be_found_by_its_end() -> None:
    assert discreet(update(CLERK, "folio 1234567"), "").note == "folio 1234567"


@pytest.mark.timeout(5)  # seconds; a pattern that tries every way took minutes
@pytest.mark.parametrize("words", ["@" * 4000, "a@" * 2000, "a" * 4000, "a." * 2000, "a@" + "a." * 2000])
def test_a_note_that_is_nearly_an_address_is_read_at_once(words: str) -> None:
    assert discreet(update(CLERK, note=words), "+525587654321").number == "7K3-9QX"


def test_an_address_of_e_mail_in_a_clerks_note_is_gone_and_the_comma_stays() -> None:
    note = "escribir a ana.ruiz@ciudad.gob.mx, o a ana@c-b.org"
    assert discreet(update(CLERK, note=note), "").note == "escribir a ..., o a ..."
