"""What somebody learns who only tries: of tickets, of accounts, of secrets."""

import ast
from datetime import timedelta
from pathlib import Path

from tests.web.world import NOW, World
from web.throttle import Throttle, keys_of

ROOT = Path(__file__).parents[3]
SECRET_NAMES = {"token", "secret", "csrf", "signature", "mac", "password"}
OWN = {"web/live.py"}  # which streams are of one session, both found by its cookie


async def test_who_is_not_logged_in_learns_of_no_number(world: World) -> None:
    """At the desk a number that there is and one that there is not look alike, to the letter."""
    await world.file()
    told = []
    for number in ("7K3-9QX", "7K3-9QY"):
        for path in (f"/desk/tickets/{number}", f"/desk?number={number}", f"/desk/tickets/{number}/photos/1"):
            answer = await world.client.get(path, allow_redirects=False)
            told.append((answer.status, (await answer.text()).replace(number, "N"), len(answer.headers)))
    assert told[:3] == told[3:]


async def test_while_the_database_is_away_nobody_is_in(world: World) -> None:
    await world.log_in()
    world.store.gone = True
    for path in ("/desk", "/desk/tickets/7K3-9QX", "/desk/people", "/desk/audit"):
        assert (await world.client.get(path, allow_redirects=False)).status == 503
    assert (await world.client.post("/desk/login", data={"login": "ana"}, allow_redirects=False)).status in {403, 503}


def test_an_hour_has_fewer_than_a_hundred_tries() -> None:
    """Against one account, by however many addresses."""
    throttle, now, tries = Throttle(), NOW, 0
    while now < NOW + timedelta(hours=1):
        wait = throttle.take(keys_of("ana", f"10.{tries}.0.1")[:1], now)
        tries += wait == 0
        now += timedelta(seconds=max(1, wait))
    assert tries < 100


def test_secrets_are_never_compared_by_an_equals_sign() -> None:
    """An `==` ends at the first letter that differs, and who measures how long it took learns where that was. (Columns
    are compared by the database, to find rows; those hold hashes.)"""
    found = set()
    for folder in ("web", "channels", "store", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            if any(_leaks(node) for node in ast.walk(ast.parse(path.read_text()))):
                found.add(str(path.relative_to(ROOT)))
    assert found <= OWN


def _leaks(node: ast.AST) -> bool:
    """A comparison of two things that were both named as secrets are."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        return False
    sides = (node.left, node.comparators[0])
    return not any(".c." in ast.unparse(side) for side in sides) and all(_called(side) & SECRET_NAMES for side in sides)


def _called(side: ast.expr) -> set[str]:
    name = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
    return set(name.lower().strip("_").split("_"))
