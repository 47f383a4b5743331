"""Passwords of clerks: long, of any signs, and stored so that whoever has the database has a long way to go."""

import re

import pytest
from argon2 import extract_parameters

from tests.web.world import World
from web.passwords import Passwords
from web.people.rules import INVITED, Problem, problem_of_password
from web.people.second import _bound, fresh_codes

EMOJI = "🕳🚧🛣🌳🏙🚌🌧🐕🔦🗑🧱🚰"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("a street at", Problem.SHORT),
        ("a street at ", None),
        ("lamp post ten " * 5, None),
        ("zx lamp post " * 9 + "and eleven", None),
        ("zx lamp post " * 9 + "and eleven!!", None if len("zx lamp post " * 9 + "and eleven!!") <= 128 else Problem.LONG),
        ("zx lamp post " * 10, Problem.LONG),
    ],
)  # fmt: skip
def test_a_new_password_has_12_characters_at_least_and_128_at_most(password: str, problem: Problem | None) -> None:
    assert problem_of_password(password, "ana") == problem


@pytest.mark.parametrize(
    "password",
    [EMOJI, "contraseña larga y ancha", "тихая улица у реки", "静かな通りの古い街灯が消えた", '"; DROP TABLE x --'],
)
def test_a_password_is_of_any_signs(password: str) -> None:
    assert problem_of_password(password, "ana") is None


async def test_every_character_of_a_password_counts() -> None:
    passwords = Passwords()
    long = "lamp post ten " * 9
    stored = passwords.hash(long + "!")
    assert await passwords.verify(stored, long + "!")
    assert not await passwords.verify(stored, long)
    assert not await passwords.verify(stored, long + "?")
    assert not await passwords.verify(stored, (long + "!").replace(" ", "  "))


def test_what_is_stored_is_slow_to_guess_and_salted() -> None:
    first, second = Passwords().hash("lamp post ten"), Passwords().hash("lamp post ten")
    assert first.startswith("$argon2id$")
    assert first != second
    chosen = extract_parameters(first)
    assert (chosen.memory_cost >= 15 * 1024, chosen.time_cost >= 2, chosen.salt_len >= 4) == (True, True, True)


def test_recovery_codes_are_bound_to_their_login() -> None:
    codes = fresh_codes()
    assert len(set(codes)) == len(codes) == 10
    assert len(re.sub(r"[^A-Z2-9]", "", codes[0])) == 10
    assert _bound("ana", codes[0]) != _bound("rosa", codes[0])


async def test_a_password_grows_no_older(world: World) -> None:
    world.clock.pass_by(days=3_650)
    assert (await world.log_in()).status == 303
    assert INVITED.days == 7  # of a link, which is no password


async def test_programs_that_keep_passwords_know_the_fields(world: World) -> None:
    assert 'autocomplete="current-password"' in await world.page("/desk/login")
    await world.log_in()
    mine = await world.page("/desk/me")
    fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", mine)
    assert {re.findall(r'autocomplete="([\w-]+)"', field)[0] for field in fields} == {
        "current-password",
        "new-password",
    }
    assert not any("maxlength" in field or "onpaste" in field for field in fields)  # a browser would cut it off
