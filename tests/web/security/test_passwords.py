"""Passwords of clerks: long, of any signs, and stored so that whoever has the database has a long way to go."""

import re
import time

import pytest
from argon2 import extract_parameters

from tests.web.world import World, csrf_of
from web.passwords import Passwords
from web.people.guessable import guessable, problem_of
from web.people.rules import INVITED, Problem, problem_of_password
from web.people.second import _bound, fresh_codes

KNOWN = ("ana.torres", "Ana María Torres", "Puerto Vecino")  # login, name, city
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
    assert not guessable(password, KNOWN)


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password1234!", "p@$$w0rd2024", "qwertyuiop12", "123456789012", "aaaaaaaaaaaaaaaa", "iloveyou1234",
        "passwordpassword", "Contraseña 2026", "puertovecino2026", "Puerto Vecino 1", "Ana María Torres", "torres.ana2026",
        "ana.torres@puerto", "abcdefghijklmnop", "1qaz2wsx3edc", "password1234" * 10,
    ],
)  # fmt: skip
async def test_what_breaches_and_those_around_know_is_refused(password: str) -> None:
    assert await problem_of(password, KNOWN[0], *KNOWN[1:]) in (Problem.GUESSABLE, Problem.OWN_NAME)


@pytest.mark.parametrize(
    "password", ["four words in a row", "lamp post ten, at noon", "zx lamp post " * 9, "a" * 40 + "7Gw!pqz 4Kdm-vTx"]
)
async def test_a_few_words_of_ones_own_are_taken(password: str) -> None:
    assert await problem_of(password, KNOWN[0], *KNOWN[1:]) is None


@pytest.mark.parametrize(
    "password", ["4@8({[<369&#!1/|0$5+7%2zx" * 5, "a1" * 64, "1" * 128, "p@$$w0rd" * 16, "0123456789" * 13]
)
def test_no_password_takes_long_to_look_at(password: str) -> None:
    begun = time.process_time()
    guessable(password[:128], KNOWN)
    assert time.process_time() - begun < 3  # seconds of CPU, on the slowest of machines; without a bound it would be 10


async def test_who_chooses_a_common_one_is_told_what_to_choose_instead(world: World) -> None:
    await world.log_in()
    csrf = csrf_of(await world.page("/desk/me"))
    fields = {"csrf": csrf, "old": "", "password": "Puerto Vecino 1", "again": "Puerto Vecino 1"}
    page = await (await world.client.post("/desk/me/password", data=fields)).text()
    assert "for example four words" in page
    fields = {"csrf": csrf, "login": "rosa", "name": "Rosa Lima", "role": "clerk", "department": "", "language": "es"}
    answer = await world.client.post("/desk/people", data=fields | {"password": "rosa.lima.2026"})
    assert (answer.status, "for example four words" in await answer.text()) == (422, True)


async def test_each_field_of_a_password_can_be_shown_and_a_new_one_is_measured(world: World) -> None:
    """The words that the script needs; tests/web/browser/test_passwords_shown.py tries it."""
    pages = [await world.page("/desk/login")]
    await world.log_in()
    pages += [await world.page(path) for path in ("/desk/me", "/desk/people", "/desk/people/ana")]
    for page in pages:
        fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", page)
        assert fields
        assert all('data-show="Show"' in field for field in fields)
        new = [field for field in fields if 'name="password"' in field and "new-password" in field]
        assert all("data-meter=" in field for field in new)
        assert len(new) == (0 if page is pages[0] else 1)
        assert "people.js" in page


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
