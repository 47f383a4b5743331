from zoneinfo import ZoneInfo

import pytest

from bot.moving.mapping import ISO, BadMapping, Column, Unknown
from tests.bot.moving.samples import MAPPING, plan
from tests.town import CITY
from tickets.model import Status


def test_a_mapping_says_what_words_of_the_other_system_mean() -> None:
    found = plan()
    assert found.source == "old-crm"
    assert found.zone == ZoneInfo("America/Bogota")
    assert found.columns[Column.NUMBER] == ("Folio",)
    assert found.columns[Column.DESCRIPTION] == ("Asunto", "Detalle")
    assert found.services["alumbrado público"] == "lighting"
    assert found.statuses["en curso"] is Status.IN_PROGRESS
    assert found.skipped == {"trámites"}
    assert found.unknown == Unknown()


def test_the_citys_own_words_need_no_mapping() -> None:
    found = plan()
    for service in CITY.services:
        if service.body is None:
            assert found.services[service.code] == service.code
            assert {found.services[name.casefold()] for name in service.names.values()} == {service.code}


def test_of_an_open311_server_nothing_but_its_name_has_to_be_said() -> None:
    found = plan("source: neighbour", online=True)
    assert found.columns[Column.NUMBER] == ("service_request_id",)
    assert found.columns[Column.LATITUDE] == ("lat",)
    assert found.statuses["closed"] is Status.RESOLVED
    assert found.dates == (ISO,)
    assert found.zone == CITY.calendar.zone


@pytest.mark.parametrize(
    ("mapping", "key"),
    [
        ("columns: {}", "source"),
        ("source: x\ncolumns: {number: N}", "columns.service"),
        (MAPPING.replace("pothole", "potholes"), "services.Bache"),
        (MAPPING.replace("resolved", "done"), "statuses.Cerrado"),
        (MAPPING.replace("America/Bogota", "Bogotá"), "timezone"),
        (MAPPING.replace("America/Bogota", "../../etc/passwd"), "timezone"),
        (MAPPING + "\nencoding: latin-nine-hundred", "encoding"),
        (MAPPING + "\nencoding: hex", "encoding"),
        (MAPPING + "\ndelimiter: ';;'", "delimiter"),
        (MAPPING + "\nlanguage: xx", "language"),
        (MAPPING + "\nrate: 0", "rate"),
        (MAPPING + "\nunknown: {service: nothing}", "unknown.service"),
        (MAPPING + "\nunknown: {colour: red}", "unknown.colour"),
        (MAPPING + "\nphone: Celular", "phone"),
        (MAPPING.replace("  number: Folio", "  phone: Celular"), "columns.phone"),
        ("- a list", "config.yml"),
        ("{", "config.yml"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_by_the_key(mapping: str, key: str) -> None:
    with pytest.raises(BadMapping) as refused:
        plan(mapping)
    assert key in [problem.key for problem in refused.value.problems]
    assert str(refused.value).startswith("The mapping cannot be used:\n")


def test_what_nothing_maps_may_have_a_place_of_its_own() -> None:
    found = plan(MAPPING + "\nunknown: {service: other, status: triaged, closed: filed}")
    assert found.unknown == Unknown(service="other", status=Status.TRIAGED, undated=True)
