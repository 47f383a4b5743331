"""How citizens come to write: the public names of the city's channels, for links and QR codes of the page "how to
report". `invite` of config.yml, which may be left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings.section import Section, some_text

_BOT = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{4,31})")  # as Telegram allows
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Of channels that are on; "" where a citizen cannot write there. `telegram`: the bot's name without @; the others
    are phone numbers as `+15550100`."""

    telegram: str = ""
    sms: str = ""
    whatsapp: str = ""

    def __bool__(self) -> bool:
        return bool(self.telegram or self.sms or self.whatsapp)


def read_invite(top: Section, channels: Mapping[str, Mapping[str, str]]) -> Invite:
    """`invite: {telegram: PuertoVecinoBot, sms: "+15550100"}`; `channels`: the options of those that are on. Numbers
    that are left out are those from which the channel writes; a bot's name stands nowhere else."""
    section = top.section("invite") if top.has("invite") else None
    name, numbers = "", {"sms": "", "whatsapp": ""}
    if section:
        name = section.get("telegram", _bot, "the bot's name, such as PuertoVecinoBot", "", required=False)
        for channel in numbers:
            what = 'a number in quotes, such as "+15550100"'
            numbers[channel] = section.get(channel, _number, what, "", required=False)
        section.done()
    return Invite(
        telegram=name if "telegram" in channels else "",
        **{channel: _reached(number, channels.get(channel)) for channel, number in numbers.items()},
    )


def _reached(number: str, options: Mapping[str, str] | None) -> str:
    if options is None:
        return ""
    sender = options.get("from", "")
    return number or (sender if _NUMBER.fullmatch(sender) else "")


def _bot(value: object) -> str:
    found = _BOT.fullmatch(some_text(value))
    if not found:
        raise ValueError
    return found[1]


def _number(value: object) -> str:
    number = some_text(value)
    if not _NUMBER.fullmatch(number):
        raise ValueError
    return number
