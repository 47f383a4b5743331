"""A citizen's correction of a ticket: what it changes, what is promised then, and what it leaves alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.samples import TICKET
from tests.town import CITY
from tickets.calendar import due_at
from tickets.model import CITIZEN, Change, Event, Field, Place, Point, Status
from tickets.workflow import NotAllowed, correct

LIGHTING = next(service for service in CITY.services if service.code == "lighting")
SOON, LATER = TICKET.filed_at + timedelta(hours=1), TICKET.filed_at + timedelta(days=60)


def test_another_service_is_another_department_and_another_date() -> None:
    changed, update = correct(TICKET, CITY.calendar, service=LIGHTING, actor=CITIZEN, at=SOON, note=" es el foco ")
    assert (changed.service, changed.department, changed.confidence) == ("lighting", "electric", None)
    assert changed.due_at == due_at(TICKET.filed_at, LIGHTING.target, CITY.calendar)
    assert (update.event, update.note, update.public, update.version) == (Event.CORRECTED, "es el foco", False, 2)


def test_where_that_date_is_gone_the_time_begins_now() -> None:
    changed, _ = correct(TICKET, CITY.calendar, service=LIGHTING, actor=CITIZEN, at=LATER)
    assert changed.due_at == due_at(LATER, LIGHTING.target, CITY.calendar) > LATER


def test_answers_to_the_old_services_questions_go_into_history() -> None:
    asked = replace(TICKET, answers=(("kind", "bag"),))
    changed, update = correct(asked, CITY.calendar, service=LIGHTING, actor=CITIZEN, at=SOON)
    assert changed.answers == ()
    assert Change(field=Field.ANSWER, old="kind=bag") in update.changes


def test_another_place_leaves_service_and_date_alone() -> None:
    place = Place(point=Point(latitude=14.6, longitude=-66.5))
    changed, update = correct(TICKET, CITY.calendar, place=place, actor=CITIZEN, at=SOON)
    assert (changed.place, changed.due_at, changed.department) == (place, TICKET.due_at, TICKET.department)
    assert update.changes == (Change(field=Field.PLACE, old=TICKET.place.words, new="14.60000, -66.50000"),)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED, Status.DUPLICATE])
def test_a_closed_ticket_is_not_corrected(status: Status) -> None:
    with pytest.raises(NotAllowed):
        correct(replace(TICKET, status=status), CITY.calendar, service=LIGHTING, actor=CITIZEN, at=SOON)


def test_what_the_ticket_says_already_is_no_correction() -> None:
    same = CITY.service(TICKET.service)
    for service, place in ((same, None), (None, TICKET.place), (None, None)):
        with pytest.raises(NotAllowed):
            correct(TICKET, CITY.calendar, service=service, place=place, actor=CITIZEN, at=SOON)
