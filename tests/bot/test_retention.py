"""Rules of retention as config.yml has them, as the schedule carries them out, and at the terminal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.commands.retention import carried, listed, retention
from bot.commands.serving import Unfit
from bot.config import ConfigError, load
from bot.retaining import Retaining, every_night, nightly
from bot.schedule import Job, Schedule
from store.database import Database
from tests.store.samples import NOON, StillClock, citizen, file, ticket
from tests.town import CITY
from tickets.model import CITIZEN, Status
from tickets.retention import Duty, Rule
from tickets.workflow import move

CONFIG = (Path(__file__).parents[2] / "config.yml").read_text(encoding="utf-8")
RULE = Rule(after=timedelta(days=365), do=Duty.DELETE_CASE)
LATER = NOON + timedelta(days=400)


def read(folder: Path, rules: str) -> tuple[Rule, ...]:
    head, _, rest = CONFIG.partition("retention:\n")
    path = folder / "config.yml"
    tail = rest[rest.index("# backup") :]
    path.write_text(f"{head}retention: {rules}\n{tail}", encoding="utf-8")
    return load(path, {}).settings.retention


def test_a_rule_says_how_closed_of_what_and_how_old(tmp_path: Path) -> None:
    assert read(tmp_path, "[{status: declined, service: pothole, after: {days: 400}, do: delete_media}]") == (
        Rule(status=Status.DECLINED, service="pothole", after=timedelta(days=400), do=Duty.DELETE_MEDIA),
    )
    assert read(tmp_path, "[{after: {days: 30}, do: redact_text}]")[0].status is None


@pytest.mark.parametrize(("rules", "told"), [
    ("[{status: received, after: {days: 40}, do: redact_text}]", "must be one of declined, duplicate, resolved, any"),
    ("[{service: moon, after: {days: 40}, do: redact_text}]", "names moon"),
    ("[{after: {days: 29}, do: redact_text}]", "from 30 to 36500 days"),
    ("[{after: {weeks: 4}, do: redact_text}]", "from 30 to 36500 days"),
    ("[{after: {days: true}, do: redact_text}]", "from 30 to 36500 days"),
    ("[{do: redact_text}]", "is missing"),
    ("[{after: {days: 40}}]", "is missing"),
    ("[{after: {days: 40}, do: burn}]", "must be one of redact_text"),
    ("[{after: {days: 40}, do: redact_text, who: ana}]", "is not known here"),
    ("[{after: {days: 40}, do: redact_text}, {after: {days: 40}, do: redact_text}]", "stands twice"),
    ("{}", "must be a list"),
])  # fmt: skip
def test_what_makes_no_sense_is_told_with_what_to_write(tmp_path: Path, rules: str, told: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        read(tmp_path, rules)
    assert told in str(wrong.value)
    assert all("retention" in problem.key for problem in wrong.value.problems)


def test_left_out_everything_is_kept(tmp_path: Path) -> None:
    head, _, rest = CONFIG.partition("retention:\n")
    (tmp_path / "config.yml").write_text(head + rest[rest.index("# backup") :], encoding="utf-8")
    assert load(tmp_path / "config.yml", {}).settings.retention == ()


def test_it_runs_at_four_by_the_citys_clocks() -> None:
    due = nightly(ZoneInfo("America/Mexico_City"))
    assert due(datetime(2026, 3, 2, 9, 59, tzinfo=UTC)) == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert due(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)) == datetime(2026, 3, 2, 10, tzinfo=UTC)


async def closed(database: Database, *numbers: str) -> None:
    ana = await citizen(database)
    for number in numbers:
        one = ticket(number, ana)
        await file(database, one)
        async with database.work() as work:
            await work.tickets.change(*move(one, Status.RESOLVED, CITY.calendar, actor=CITIZEN, at=NOON, note="x"))
            await work.commit()


async def left(database: Database) -> int:
    async with database.view() as view:
        return sum((await view.tickets.count_by_status()).values())


async def test_the_schedule_does_it_once_however_many_look(database: Database, clock: StillClock) -> None:
    await closed(database, "AAA-AAA", "BBB-BBB", "CCC-CCC")
    clock.time = LATER
    doing = [Job(name=one.name, due=one.due, step=one.step) for one in every_night((RULE,), "UTC")]
    await Schedule(database, clock, doing).look()
    await Schedule(database, clock, doing).look()
    assert await left(database) == 0
    async with database.view() as view:
        assert [(one.rule, one.reports) for one in await view.retention.runs(9)] == [(str(RULE), 3)]


async def test_a_kill_in_the_middle_loses_one_part_and_the_next_goes_on(database: Database) -> None:
    await closed(database, "AAA-AAA", "BBB-BBB", "CCC-CCC")
    due = nightly(ZoneInfo("UTC"))
    doing = Retaining(rule=RULE, due=due, part=2)
    async with database.work() as work:
        after = await doing.step(work, LATER, 0)
        await work.commit()
    assert after
    async with database.work() as work:
        await doing.step(work, LATER, after)  # and killed before its commit
    assert await left(database) == 1
    async with database.work() as work:
        assert await doing.step(work, LATER, after) is None
        await work.commit()
    assert await left(database) == 0


async def test_by_hand_it_is_done_in_parts(database: Database, clock: StillClock) -> None:
    await closed(database, "AAA-AAA", "BBB-BBB", "CCC-CCC")
    clock.time = LATER
    assert await carried(database, clock, RULE, part=2) == 3
    assert await carried(database, clock, RULE, part=2) == 0


def test_what_would_go_is_told_by_service_and_year() -> None:
    due = {("pothole", 2024): 3, ("tree", 2025): 1, ("pothole", 2025): 1200}
    assert listed(due) == ["pothole: 1,203 (2024: 3, 2025: 1,200)", "tree: 1 (2025: 1)"]


@pytest.mark.parametrize("only", [None, 1])
async def test_the_command_needs_rules_and_one_that_there_is(tmp_path: Path, only: int | None) -> None:
    read(tmp_path, "[{after: {days: 40}, do: redact_text}]")
    environment = {"VECINO_VAR": str(tmp_path / "var")}
    config = load(tmp_path / "config.yml", environment)
    await retention(config, dry=True, only=only)
    with pytest.raises(Unfit, match="no rule 2"):
        await retention(config, only=2)
