"""How patient conversations are and who is told of emergencies: `talk` and `alerts` of config.yml, both optional."""

from datetime import timedelta

from bot.settings.section import Section, among
from bot.settings.staff import read_contact
from nlu.contract import SERVICE_CODES
from tickets.city import Alert, Talk
from tickets.staff import Role

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


def read_alerts(top: Section, staff: tuple[Role, ...] = ()) -> tuple[Alert, ...]:
    """`alerts: [{role: head}, {channel: sms, address: "+15550123"}]`: whom of the staff to tell of emergencies at
    once."""
    sections = top.sections("alerts") if top.has("alerts") else ()
    return tuple(alert for section in sections for alert in _alerts(section, staff))


def _alerts(section: Section, staff: tuple[Role, ...]) -> tuple[Alert, ...]:
    if not section.has("role"):
        return (_alert(section),)
    codes = tuple(role.code for role in staff if role.code)
    named = ", ".join(codes) or "`staff`, which names none yet"
    code = section.get("role", among(codes), f"one of {named}", "")
    section.done()
    people = [person for role in staff if role.code == code for person in role.people]
    return tuple(Alert(channel=one.channel, address=one.address, language=one.language) for one in people)


def _alert(section: Section) -> Alert:
    channel, address = read_contact(section)
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
