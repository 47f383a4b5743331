"""How patient conversations are and who is told of emergencies: `talk` and `alerts` of config.yml, both optional."""

import re
from datetime import timedelta

from bot.settings.section import Section, among, some_text
from nlu.contract import SERVICE_CODES
from tickets.city import Alert, Talk

# WhatsApp is none of them: it takes free text only for a day after the clerk has written
ALERTED_BY = ("telegram", "sms")
_ADDRESS = {"sms": re.compile(r"\+[1-9]\d{6,14}"), "telegram": re.compile(r"-?[1-9]\d{0,17}")}
_HOURS = "hours, a number above 0 and at most 720"
_DAY = "hours, a number above 0 and at most 23"  # while WhatsApp still takes the last word
_MINUTES = "minutes, a number above 0 and at most 1440"


def read_talk(top: Section) -> Talk:
    """`talk: {remind: 30, expire: 23, reopen: 72, handover: 24, urgent_from: 5, emergency_service: other}`: minutes of
    silence before a draft is brought up again; hours before it is dropped, that "not fixed" reopens a ticket, and of
    silence before the bot takes over from a person; followers; a service's code."""
    usual = Talk()
    section = top.section("talk") if top.has("talk") else None
    if section is None:
        return usual
    talk = Talk(
        remind=section.get("remind", _minutes, _MINUTES, usual.remind, required=False),
        expire=section.get("expire", _within_day, _DAY, usual.expire, required=False),
        reopen=section.get("reopen", _hours, _HOURS, usual.reopen, required=False),
        handover=section.get("handover", _hours, _HOURS, usual.handover, required=False),
        urgent_from=section.get("urgent_from", _count, "a whole number from 1 on", usual.urgent_from, required=False),
        emergency_service=section.get(
            "emergency_service", among(SERVICE_CODES), "the code of a service", usual.emergency_service, required=False
        ),
    )
    section.done()
    return talk


def read_alerts(top: Section) -> tuple[Alert, ...]:
    """`alerts: [{channel: sms, address: "+15550123"}]`: whom of the staff to tell of emergencies at once."""
    return tuple(_alert(section) for section in top.sections("alerts")) if top.has("alerts") else ()


def _alert(section: Section) -> Alert:
    channel = section.get("channel", among(ALERTED_BY), f"one of {', '.join(ALERTED_BY)}", ALERTED_BY[0])
    address = section.get("address", some_text, 'a phone number such as "+15550123", or a Telegram chat\'s id', "")
    if address and not _ADDRESS[channel].fullmatch(address):
        section.wrong("address", "must be a number with its + for sms, or a Telegram chat's id, in quotes")
    section.done()
    return Alert(channel=channel, address=address)


def _hours(value: object) -> timedelta:
    return timedelta(hours=_number(value, 720))


def _within_day(value: object) -> timedelta:
    return timedelta(hours=_number(value, 23))


def _minutes(value: object) -> timedelta:
    return timedelta(minutes=_number(value, 1440))


def _number(value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= most:
        raise ValueError
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError
    return value
