"""The city that holds: amendments on top of config.yml, everywhere within a look, one city for one message."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.amending.amended import amended
from bot.amending.change import AS_FILED, Wrong, changed
from bot.amending.export import written
from bot.clock import SystemClock
from bot.commands.settings import export
from bot.config import load
from bot.inforce import InForce
from bot.opening import open_store
from bot.ports import Store
from bot.ports.amendments import RULES, Amendment, Kind
from store.database import Database
from tests.store.samples import NOON
from tickets.city import City
from tickets.routing import Rule

FILE = Path(__file__).parents[2] / "config.yml"
BASE = load(FILE, {}).city
LANGUAGES = BASE.languages


def change(kind: Kind, key: str, value: object, at: int = 1) -> Amendment:
    text = None if value is None else msgspec.json.encode(value).decode()
    return Amendment(kind=kind, key=key, value=text, at=NOON, login="ana", id=at)


def each(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


REPLY = {"names": each("Hola"), "texts": each("Hola {name}")}
RULE = {"code": "schools", "service": "tree", "words": ["escuela"], "department": "front"}


async def amend(store: Store, *some: Amendment) -> None:
    async with store.work() as work:
        for one in some:
            await work.amendments.amend(one)
        await work.commit()


def read_back(folder: Path, city: City) -> City:
    """The city of config.yml with the exported sections put in."""
    raw = yaml.safe_load(FILE.read_text())
    sections = yaml.safe_load(written(city))
    raw |= sections | {"desk": raw["desk"] | sections["desk"]}
    path = folder / "config.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True))
    return load(path, {}).city


def test_what_nobody_changed_is_exported_as_it_was_read(tmp_path: Path) -> None:
    assert read_back(tmp_path, BASE) == BASE


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).filter(
    lambda text: bool(text.strip()) and not set("{}") & set(text)
)
texts = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, words))
targets = st.sampled_from([{"days": 4}, {"hours": 9}])
days = st.dates(date(2026, 1, 1), date(2028, 12, 31)).map(date.isoformat)
changes = st.one_of(
    st.tuples(st.just(Kind.CANNED), st.sampled_from(("thanks", "mine")), st.none() | st.fixed_dictionaries({"names": texts, "texts": texts})),
    st.tuples(st.just(Kind.ANSWER), st.sampled_from(("collection", "mine")), st.none() | st.fixed_dictionaries(
        {"answers": texts, "words": st.fixed_dictionaries({code: st.lists(st.sampled_from(("a b", "ab*|c -d", "= x")), min_size=1, max_size=2) for code in LANGUAGES})}
    )),
    st.tuples(st.just(Kind.SERVICE), st.sampled_from(("tree", "waste", "none")), st.fixed_dictionaries(
        {"names": texts, "sla": st.builds(lambda usual, areas: usual | areas, targets, st.sampled_from([{}, {"areas": {"centro": {"days": 1}}}, {"urgent": {"hours": 3}}]))}
    )),
    st.tuples(st.just(Kind.ROUTE), st.just(RULES), st.lists(st.just(RULE), max_size=1)),
    st.tuples(st.just(Kind.HOLIDAY), days | st.just("2026-12-25"), st.none() | st.fixed_dictionaries({"names": texts | st.just({})})),
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(changes, max_size=5))
def test_whatever_holds_is_exported_as_what_config_yml_accepts_as_the_same(
    some: list[tuple[Kind, str, Any]], tmp_path: Path
) -> None:
    found = amended(BASE, [change(*one, at) for at, one in enumerate(some, 1)])
    assert read_back(tmp_path, found.city) == found.city


def test_each_kind_is_changed_and_taken_back() -> None:
    some = [
        change(Kind.CANNED, "hello", REPLY),
        change(Kind.ANSWER, "collection", None),
        change(Kind.SERVICE, "tree", {"names": each("Palma"), "sla": {"days": 9}}),
        change(Kind.ROUTE, RULES, [RULE]),
        change(Kind.HOLIDAY, "2026-12-25", None),
        change(Kind.HOLIDAY, "2026-12-24", {"names": {"es": "Nochebuena"}}),
    ]
    city = amended(BASE, some).city
    tree = city.service("tree")
    assert city.canned[-1].texts["es"] == "Hola {name}" and tree and tree.names["es"] == "Palma"
    assert "collection" not in [one.code for one in city.information]
    assert city.routing == (Rule(code="schools", service="tree", words=("escuela",), department="front"),)
    assert date(2026, 12, 25) not in city.calendar.holidays and date(2026, 12, 24) in city.calendar.holidays
    for one in some:
        city = changed(city, BASE, one.kind, one.key, AS_FILED)
    assert city == BASE


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        (Kind.SERVICE, "gone", {"names": each("x"), "sla": {"days": 1}}),
        (Kind.SERVICE, "tree", None),
        (Kind.SERVICE, "tree", {"department": "front"}),
        (Kind.SERVICE, "tree", {"names": each("x"), "sla": {"days": 1, "areas": {"atlantis": {"days": 1}}}}),
        (Kind.SERVICE, "tree", {"names": each("x" * 23 + "ñ"), "sla": {"days": 0}}),
        (Kind.CANNED, "hello", {"es": "Hola"}),
        (Kind.CANNED, "hello", REPLY | {"code": "other"}),
        (Kind.CANNED, "hello", ["x"]),
        (Kind.ANSWER, "x", 1),
        (Kind.ROUTE, RULES, [RULE | {"department": "gone"}]),
        (Kind.ROUTE, RULES, [RULE, RULE]),
        (Kind.ROUTE, RULES, [{"code": "all", "department": "front"}]),
        (Kind.ROUTE, "other", []),
        (Kind.HOLIDAY, "soon", {"names": {}}),
        (Kind.HOLIDAY, "2026-12-24", {"names": {"xx": "?"}}),
        (Kind.HOLIDAY, "2026-12-24", 5),
    ],
)
def test_what_config_yml_would_refuse_changes_nothing_and_is_named(kind: Kind, key: str, value: object) -> None:
    one = change(kind, key, value)
    found = amended(BASE, [one])
    assert found.city == BASE and list(found.unfit) == [(kind, key)] and found.unfit[kind, key]
    with pytest.raises(Wrong):
        changed(BASE, BASE, kind, key, one.value)


def test_what_is_no_json_changes_nothing() -> None:
    broken = Amendment(kind=Kind.CANNED, key="x", value="[", at=NOON, login="ana")
    assert amended(BASE, [broken]).city == BASE


async def test_another_process_has_it_at_its_next_look(database: Database) -> None:
    here, there = InForce(BASE), InForce(BASE)
    await here.refresh(database)
    assert here.now == BASE
    await amend(database, change(Kind.CANNED, "hello", REPLY))
    await there.refresh(database)
    assert there.now.canned[-1].code == "hello" and here.now == BASE
    await here.refresh(database)
    assert here.now == there.now
    same = here.now
    await here.refresh(database)
    assert here.now is same


async def test_a_message_that_is_under_way_is_of_one_city_to_its_end(database: Database) -> None:
    force = InForce(BASE)
    await amend(database, change(Kind.CANNED, "hello", REPLY))

    async def message() -> list[City]:
        with force.held():
            before = force.now
            await asyncio.create_task(force.refresh(database))
            return [before, force.now]

    assert await asyncio.create_task(message()) == [BASE, BASE]
    left: list[asyncio.Task[City]] = []

    async def later() -> City:
        await asyncio.sleep(0)
        return force.now

    with force.held():
        left.append(asyncio.create_task(later()))
    assert (await left[0]).canned[-1].code == "hello"  # what is left behind is not held for ever
    assert force.now.canned[-1].code == "hello"


def test_a_city_by_itself_is_what_holds() -> None:
    assert BASE.now is BASE


async def test_of_two_who_write_at_once_the_second_waits_for_the_first(database: Database) -> None:
    async def write(text: str) -> int:
        async with database.work() as work:
            await work.amendments.hold()
            seen = len(await work.amendments.history(Kind.CANNED, "hello", 10))
            await work.amendments.amend(change(Kind.CANNED, "hello", REPLY | {"names": each(text)}))
            await work.commit()
        return seen

    assert sorted(await asyncio.gather(write("a"), write("b"))) == [0, 1]


async def test_the_command_writes_what_holds_and_names_what_does_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = load(FILE, {"VECINO_VAR": str(tmp_path), "VECINO_DATABASE_URL": "", "VECINO_SECRET_KEY": "x" * 40})
    config.settings.var.mkdir(parents=True)
    store, _ = await open_store(config, SystemClock(), durable=False)
    try:
        gone = change(Kind.SERVICE, "gone", {"names": each("x"), "sla": {"days": 1}})
        await amend(store, change(Kind.CANNED, "hello", REPLY), gone)
    finally:
        await store.close()
    await export(config)
    said = capsys.readouterr()
    assert "code: hello" in said.out and yaml.safe_load(said.out)["desk"]["replies"][-1]["code"] == "hello"
    assert said.err.startswith("service gone changes nothing:")
