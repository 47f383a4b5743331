"""The golden digests: how they read, and that every number in them is what the demo's histories come to."""

import csv
import re
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from bot.i18n import catalogue
from digest.compose import report
from digest.measures import MEASURES, Rate
from digest.measures import usual as shown_usual
from digest.plain import plain
from digest.voice import Voice
from digest.words import NAMES
from tests.digest import demo, golden, sample
from tests.digest.recounted import Rows, rows, usual
from tests.store.test_figures_demo import gathered
from tests.town import CITY
from tickets.figures import Figure, Kind, Scope

MONDAY = demo.WEEK.begin
CLUSTERS = 8  # places that are shown


def table(language: str = "es") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(golden.forms(language).csv.removeprefix("\ufeff"))))


@pytest.fixture(scope="module")
def history(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """All rows once more, from the demo's histories."""
    import asyncio

    path = tmp_path_factory.mktemp("demo") / "vecino.db"
    shutil.copy(sqlite_template, path)

    async def counted() -> Rows:
        database = await demo.filled(f"sqlite:///{path}")
        try:
            return rows(await gathered(database), CITY, MONDAY)
        finally:
            await database.close()

    return asyncio.run(counted())


@pytest.mark.parametrize("language", sample.LANGUAGES)
def test_the_digest_reads_as_it_did_when_it_was_looked_at(language: str) -> None:
    for path, text in golden.texts(language):
        assert path.read_bytes().decode() == text, f"{path.name}: look at it, then `python -m tests.digest.golden`"


async def test_the_demo_is_counted_alike_on_both_databases(database_url: str) -> None:
    database = await demo.filled(database_url)
    try:
        assert await demo.counted(database) == golden.digest()
    finally:
        await database.close()


def test_every_number_of_the_table_is_what_the_histories_come_to(history: Rows) -> None:
    told = {}
    for row in table():
        key = tuple(row[name] for name in ("scope", "code", "begin", "figure", "by", "key"))
        assert key not in told or row["by"] == "cluster"
        told[key] = float(row["value"]) if row["value"] else None, int(row["cases"]) if row["cases"] else None
    piles = sorted((n for (*_, by, _), (n, _) in history.items() if by == "cluster"), reverse=True)
    expected = {key: cell for key, cell in history.items() if key[4] != "cluster"}
    assert {key for key in told if key[4] != "cluster"} == set(expected)
    for key, (number, cases) in told.items():
        right, of = history[key]
        assert number == (None if right is None else pytest.approx(right, abs=1e-6)), key
        assert cases is None or cases == of, key
    shown = [number for key, (number, _) in told.items() if key[3:5] == ("filed", "cluster")]
    assert len(shown) == CLUSTERS and shown == sorted(shown, reverse=True) and shown[0] == piles[0]


def test_what_is_usual_is_the_mean_of_the_weeks_before(history: Rows) -> None:
    digest = golden.digest()
    for series in (digest.whole, *digest.parts):
        for measure in MEASURES:
            right = usual(history, series.scope, MONDAY, measure.value)
            assert shown_usual(series, measure) == (None if right is None else pytest.approx(right))


def test_all_figures_are_shown_as_they_were_recounted(history: Rows) -> None:
    """In English: this week, the week before, usual."""
    text = golden.forms("en").text.replace("\xa0", " ")
    lines = text[text.index("\nALL FIGURES") :]
    monday_before = MONDAY.fromordinal(MONDAY.toordinal() - 7)
    voice = Voice(city=CITY, language="en", translation=catalogue("en"))
    for measure in MEASURES:
        now, before = (history["city", "", day.isoformat(), measure.value, "", ""] for day in (MONDAY, monday_before))
        mean = usual(history, Scope(), MONDAY, measure.value)
        told = [written(measure.value, number) for number in (now[0], before[0])] + [written(measure.value, mean, 1)]
        of = f" \\({now[1]}\\)" if measure is Rate.SATISFACTION else ""
        name = r"\s+".join(re.escape(word) for word in voice.say(NAMES[measure]).split())
        assert re.search(rf"\n{name} +{told[0]}{of} +{told[1]} +{told[2]}\n", lines), (measure, told)


def written(figure: str, number: float | None, digits: int = 0) -> str:
    """As a reader of English sees it."""
    assert number is not None
    if figure == "on_time_share":
        return f"{number:.0%}"
    if figure == "satisfaction":
        return f"{number:.1f}"
    if "_" in figure and figure.endswith(("median", "p90")):
        digits, number, unit = (1, number / 24, " d") if number >= 48 else (int(number < 10), number, " h")
        return f"{number:.{digits}f}".removesuffix(".0") + unit
    return f"{number:,.{digits if number < 100 else 0}f}".removesuffix(".0")


def test_the_digest_of_a_department_comes_to_the_same_as_its_row(history: Rows) -> None:
    parts = [part for part in golden.digest().parts if part.scope.kind is Kind.DEPARTMENT]
    for figure in Figure:
        whole = history["city", "", MONDAY.isoformat(), figure.value, "", ""][0]
        assert sum(part.now.counts[figure] for part in parts) == whole


@pytest.mark.parametrize("figure", Figure)
def test_a_number_that_changes_changes_what_is_read(figure: Figure) -> None:
    """So no number of the city's week can change without the golden texts."""
    digest = golden.digest()
    more = digest.whole.now.counts | {figure: digest.whole.now.counts[figure] + 1}
    changed = replace(digest, whole=replace(digest.whole, now=replace(digest.whole.now, counts=more)))
    voice = Voice(city=CITY, language="es", translation=catalogue("es"))
    assert plain(report(changed, voice), voice, week=True) != golden.forms("es").text


def test_tables_and_figures_stand_once_for_all_languages() -> None:
    es, others = table("es"), [table(language) for language in sample.LANGUAGES[1:]]
    for other in others:
        assert [row | {"name": ""} for row in es] == [row | {"name": ""} for row in other]
    assert len({golden.forms(language).json for language in sample.LANGUAGES}) == 1
