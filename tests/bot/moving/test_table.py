"""Tables as spreadsheets and old systems write them, and as nobody should."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.moving.mapping import Column, Plan
from bot.moving.reading import Case, Reading
from bot.moving.rows import Refused, Row, Why
from bot.moving.table import BadTable, form_of, rows
from tests.bot.moving.samples import HEADER, MAPPING, NOON, line, plan
from tests.town import CITY, OneStreet

WHATEVER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "old.csv"
    path.write_bytes(content)
    return path


def taken(path: Path, wanted: Plan | None = None) -> list[Row | Refused]:
    return list(rows(path, form_of(path, wanted or plan())))


@pytest.mark.parametrize(
    ("encoding", "known"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("windows-1252", "windows-1252")],
)
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_how_a_table_is_written_is_found_out(tmp_path: Path, encoding: str, known: str, sign: str, end: str) -> None:
    text = end.join((HEADER, line(asunto="señal caída"), "")).replace(";", sign)
    path = written(tmp_path, text.encode(encoding))
    form = form_of(path, plan())
    assert (form.encoding, form.delimiter) == (known, sign)
    [row] = rows(path, form)
    assert isinstance(row, Row)
    assert (row.at, row.cells["Asunto"]) == (2, "señal caída")


def test_a_letter_behind_the_first_million_tells_the_encoding_too(tmp_path: Path) -> None:
    lines = [HEADER, *[line(asunto="x" * 900)] * 1500, line(asunto="caída")]
    assert form_of(written(tmp_path, "\n".join(lines).encode("windows-1252")), plan()).encoding == "windows-1252"


def test_what_the_mapping_says_of_the_file_is_not_guessed(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}\n{line(asunto='señal')}".encode("cp437"))
    [row] = taken(path, plan(MAPPING + "\nencoding: cp437\ndelimiter: ';'"))
    assert isinstance(row, Row)
    assert row.cells["Asunto"] == "señal"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "no header"),
        (";;;", "no header"),
        (HEADER + ";Folio", "Folio"),
        (HEADER.replace("Lon", "Lat"), "Lat"),
        (HEADER.replace("Estado", "State"), "Estado"),
    ],
)
def test_a_header_that_cannot_be_right_is_refused(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        form_of(written(tmp_path, f"{header}\n{line()}".encode()), plan())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="cannot be read"):
        form_of(tmp_path / "nothing.csv", plan())


def test_cells_may_hold_lines_signs_and_quotes(tmp_path: Path) -> None:
    said = line(asunto='"uno;\n""dos"""')
    [row, after] = taken(written(tmp_path, f"{HEADER}\n{said}\n{line('2')}".encode()))
    assert isinstance(row, Row)
    assert row.cells["Asunto"] == 'uno;\n"dos"'
    assert after.at == 3


def test_a_quote_that_nobody_closed_takes_no_more_than_its_limit(tmp_path: Path) -> None:
    lines = [HEADER, line("1"), line("2", asunto='"nunca'), *(line(str(n)) for n in range(3, 4000))]
    found = taken(written(tmp_path, "\n".join(lines).encode()))
    assert any(isinstance(one, Refused) and one.why is Why.BROKEN for one in found)
    assert sum(isinstance(one, Row) for one in found) > 2000


@WHATEVER
@given(content=st.binary(max_size=400))
def test_whatever_the_file_holds_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for beginning in (b"", f"{HEADER}\n".encode(), f"{HEADER}\n".encode("utf-16")):
        try:
            found = taken(written(tmp_path, beginning + content))
        except BadTable:
            continue
        reading = Reading(plan(), OneStreet(), CITY.languages, NOON)
        assert all(isinstance(reading.case(one) if isinstance(one, Row) else one, Case | Refused) for one in found)


NAMES = tuple(name for names in plan().columns.values() for name in names)
LIKELY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(("Bache", "Cerrado", "Abierto", "01/02/2026", "31/02/2026", "0001-01-01", "9999-12-31T23:59:59-14:00",
                     "nan", "-inf", "1e400", "91", "-74,08", "4.6", "\x00", "\ud800", "2026-02-30", "2026-W08-1")),
)  # fmt: skip


@WHATEVER
@given(cells=st.dictionaries(st.sampled_from(NAMES), LIKELY))
def test_whatever_a_row_holds_it_is_a_case_or_refused(cells: dict[str, str]) -> None:
    wanted = plan(MAPPING + "\nunknown: {service: other, status: received}")
    found = Reading(wanted, OneStreet(), CITY.languages, NOON).case(Row(at=2, cells=cells))
    if isinstance(found, Case):
        assert found.filed_at.tzinfo
        assert found.closed_at is None or found.closed_at >= found.filed_at
        assert found.external
        assert found.place.point is None or abs(found.place.point.latitude) <= 90
    else:
        assert found.why in Why


def test_a_description_that_is_too_long_is_cut_and_told(tmp_path: Path) -> None:
    reading = Reading(plan(), OneStreet(), CITY.languages, NOON)
    [row] = taken(written(tmp_path, f"{HEADER}\n{line(asunto='x' * 4001)}".encode()))
    assert isinstance(row, Row)
    case = reading.case(row)
    assert isinstance(case, Case)
    assert (len(case.description), case.cut) == (4000, True)


@pytest.mark.parametrize(("lat", "lon"), [("14,6", "-66,5"), ("14.6", "-66.5"), (" 14.6 ", "-66.5")])
def test_degrees_may_be_written_with_a_comma(lat: str, lon: str) -> None:
    cells = dict(zip(HEADER.split(";"), line(lat=lat, lon=lon).split(";"), strict=True))
    case = Reading(plan(), OneStreet(), CITY.languages, NOON).case(Row(at=2, cells=cells))
    assert isinstance(case, Case)
    assert case.place.point
    assert (case.place.point.latitude, case.place.point.longitude) == (14.6, -66.5)


def test_nowhere_in_the_sea_off_africa_stands_for_nowhere() -> None:
    cells = dict(zip(HEADER.split(";"), line(lat="0", lon="0.0", lugar="Calle 9").split(";"), strict=True))
    case = Reading(plan(), OneStreet(), CITY.languages, NOON).case(Row(at=2, cells=cells))
    assert isinstance(case, Case)
    assert (case.place.point, case.place.words) == (None, "Calle 9")


def test_every_column_can_be_named() -> None:
    assert set(plan().columns) == set(Column) - {Column.CHANGED, Column.LANGUAGE}
