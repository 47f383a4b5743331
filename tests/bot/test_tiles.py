"""`desk.tiles`: a server of map pictures, and nobody else that browsers would ask."""

import pytest

from bot.settings.desk import read_admission
from bot.settings.section import Problem, open_yaml
from bot.settings.tiles import Tiles, read_tiles


def read(tiles: str) -> tuple[Tiles | None, list[str]]:
    problems: list[Problem] = []
    found = read_tiles(open_yaml(f"desk:\n  tiles: {tiles}\n", problems))
    return found, [f"{problem.key}: {problem.advice}" for problem in problems]


def test_a_server_with_its_name_and_how_close_it_goes() -> None:
    found, problems = read('{url: "https://t.example:8443/{z}/{x}/{y}.png?key=a1", attribution: "© Ana", zoom: 17}')
    assert problems == []
    assert found
    assert (found.origin, found.attribution, found.zoom) == ("https://t.example:8443", "© Ana", 17)


def test_it_stands_among_the_desks_other_keys() -> None:
    problems: list[Problem] = []
    text = 'desk: {idle_hours: 8, tiles: {url: "https://t.example/{z}/{x}/{y}", attribution: x}}'
    read_admission(open_yaml(text, problems))
    assert problems == []


def test_without_it_there_is_none() -> None:
    assert read_tiles(open_yaml("desk: {idle_hours: 8}\n", [])) is None
    assert read_tiles(open_yaml("mode: live\n", [])) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://t.example/{z}/{x}/{y}.png", "/{z}/{x}/{y}.png", "https://t.example/{z}/{x}.png",
        "https://t.example/{z}/{x}/{y}/{y}.png", "https://{s}.t.example/{z}/{x}/{y}.png",
        "https://t.example/{z}/{x}/{y}.png; script-src *", "https://t.example,evil.example/{z}/{x}/{y}",
        "https://ana:secret@t.example/{z}/{x}/{y}.png", "https://t.example:99999/{z}/{x}/{y}.png", "https://{z}/{x}/{y}",
        "https://t.example/{z}/{x}/{y}.png#a", "https://t.example/{z}/{x}/{y}' *", "12", "",
    ],
)  # fmt: skip
def test_what_is_no_address_of_pictures_is_said_where_it_stands(url: str) -> None:
    found, problems = read(f'{{url: "{url}", attribution: x}}')
    assert found is None
    assert problems == ['desk.tiles.url: must be an address such as "https://tiles.example/{z}/{x}/{y}.png"']


@pytest.mark.parametrize(
    ("tiles", "problem"),
    [
        ('{url: "https://t.example/{z}/{x}/{y}"}', "desk.tiles.attribution: is missing"),
        ('{url: "https://t.example/{z}/{x}/{y}", attribution: x, zoom: 23}', "desk.tiles.zoom: must be the closest"),
        ('{url: "https://t.example/{z}/{x}/{y}", attribution: x, token: 1}', "desk.tiles.token: is not known here"),
        ("https://t.example", "desk.tiles: must hold"),
    ],
)
def test_each_mistake_is_said_with_what_to_write(tiles: str, problem: str) -> None:
    assert any(one.startswith(problem) for one in read(tiles)[1])
