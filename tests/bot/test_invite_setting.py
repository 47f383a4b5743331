"""`invite`: by which names citizens find the city's channels."""

import pytest

from bot.settings.invite import Invite, read_invite
from bot.settings.section import Problem, open_yaml

ON = {"telegram": {}, "sms": {"from": "+15550100"}, "whatsapp": {"from": "+15550101"}}


def read(text: str, channels: dict[str, dict[str, str]]) -> tuple[Invite, list[str]]:
    problems: list[Problem] = []
    found = read_invite(open_yaml(text or "mode: live\n", problems), channels)
    return found, [f"{problem.key}: {problem.advice}" for problem in problems]


def test_numbers_are_those_from_which_the_channels_write_and_a_bots_name_is_told() -> None:
    found, problems = read('invite: {telegram: "@PuertoVecinoBot"}', ON)
    assert (found, problems) == (Invite(telegram="PuertoVecinoBot", sms="+15550100", whatsapp="+15550101"), [])


def test_another_number_may_be_told_and_no_channel_that_is_off() -> None:
    found, problems = read('invite: {telegram: SomeBot, sms: "+15550999", whatsapp: "+15550998"}', {"sms": ON["sms"]})
    assert (found, problems) == (Invite(sms="+15550999"), [])


def test_what_is_no_number_to_write_to_is_not_told() -> None:
    found, _ = read("", {"sms": {"from": "MG0123456789"}, "telegram": {}})
    assert not found


@pytest.mark.parametrize(
    "wrong", ['telegram: "a b"', 'telegram: "x\\" onclick"', "sms: 555", 'whatsapp: "0100"', "fax: x"]
)
def test_what_cannot_be_is_told_with_its_key(wrong: str) -> None:
    found, problems = read(f"invite: {{{wrong}}}", {"telegram": {}, "sms": {}, "whatsapp": {}})
    assert not found
    assert len(problems) == 1 and problems[0].startswith("invite.")
