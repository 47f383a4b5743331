"""`staff` of config.yml: named roles, and how they are told of what they should know; optional."""

import re
from collections.abc import Iterable

from bot.settings.section import Section, among, some_text
from channels import mailbox
from tickets.staff import DESK, Person, Role

# WhatsApp is none of them: it takes free text only for a day after the person has written
TOLD_BY = ("telegram", "sms", mailbox.CHANNEL)
_FORMS = {"telegram": re.compile(r"-?[1-9]\d{0,17}"), "sms": re.compile(r"\+[1-9]\d{6,14}")}
_ADDRESS = 'a phone number such as "+15550123", a Telegram chat\'s id, or an e-mail address'
_FORM = "must be a number with its + for sms, or a Telegram chat's id, in quotes"


def read_staff(top: Section, languages: tuple[str, ...]) -> tuple[Role, ...]:
    """`staff: [{role: head, language: es, contacts: [{channel: email, address: head@city.example}]}]`; a contact may
    have a language of its own, and without any it is the city's first."""
    roles = tuple(_role(section, languages) for section in top.sections("staff")) if top.has("staff") else ()
    codes = [role.code for role in roles if role.code]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        top.wrong("staff", f"has the role {code} twice; give it all its contacts once")
    return roles


def check_channels(top: Section, staff: Iterable[Role], enabled: frozenset[str]) -> None:
    """What is off carries nothing, and nobody would notice before it matters."""
    used = {person.channel for role in staff for person in role.people if person.channel}
    for channel in sorted(used - enabled):
        top.wrong("staff", f"needs the channel {channel}: set channels.{channel}.enabled: true, or remove the contact")


def wrong(channel: str, address: str) -> str:
    """What is wrong with an address of one of `TOLD_BY`, as a sentence; "" where nothing is."""
    if channel == mailbox.CHANNEL:
        return mailbox.wrong(address)
    return "" if _FORMS[channel].fullmatch(address) else _FORM


def read_contact(section: Section) -> tuple[str, str]:
    """The `channel` and the `address` of one of the staff; one mailbox is written in one way."""
    channel = section.get("channel", among(TOLD_BY), f"one of {', '.join(TOLD_BY)}", TOLD_BY[0])
    address = section.get("address", some_text, _ADDRESS, "").strip()
    if channel == mailbox.CHANNEL:
        address = address.lower()
    if address and (advice := wrong(channel, address)):
        section.wrong("address", advice)
    return channel, address


def _role(section: Section, languages: tuple[str, ...]) -> Role:
    code = section.get("role", some_text, "a name such as head", "")
    if code == DESK:
        section.wrong("role", f"must be another name: `{DESK}` is the desk itself, and needs no contacts")
    language = _language(section, languages, next(iter(languages), ""))
    people = tuple(_person(contact, languages, language) for contact in section.sections("contacts"))
    if section.has("contacts") and not people:
        section.wrong("contacts", "is empty; a role needs somebody to tell")
    section.done()
    return Role(code=code, people=people)


def _person(section: Section, languages: tuple[str, ...], language: str) -> Person:
    channel, address = read_contact(section)
    own = _language(section, languages, language)
    section.done()
    return Person(channel=channel, address=address, language=own)


def _language(section: Section, languages: tuple[str, ...], default: str) -> str:
    return section.get("language", among(languages), f"one of {', '.join(languages)}", default, required=False)
