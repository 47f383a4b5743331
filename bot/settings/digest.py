"""Who reads the weekly digest: `digest` of config.yml, optional."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.digesting.subscriber import (
    SCOPES,
    TELEGRAM,
    Attach,
    Sending,
    Subscriber,
    codes,
    known,
    read_scope,
    write_scope,
)
from bot.settings.section import Section, among, some_text, some_texts
from channels import mailbox
from channels.message import Contact
from tickets.city import City
from tickets.figures import Scope
from tickets.staff import Person

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EMAILS = "subscribers"
_LISTS: Mapping[str, str] = {mailbox.CHANNEL: _EMAILS, TELEGRAM: TELEGRAM}
_ENABLE: Mapping[str, str] = {
    mailbox.CHANNEL: "set channels.email.enabled: true (without a host mails are written to a folder, docs/email.md)",
    TELEGRAM: "set channels.telegram.enabled: true",
}
_CHAT = re.compile(r"-?[1-9]\d{0,17}")
_HOUR = "an hour from 0 to 23"
_USUAL_HOUR = 7


def read_digest(top: Section, city: City | None, enabled: frozenset[str]) -> Sending:
    """`digest: {day: mon, hour: 7, subscribers: [{email, role, scope, language, hour}], telegram: [{chat, language}],
    attach: [pdf]}`. The latter four of a subscriber are optional, and a chat may have them too; without an `email`, all
    of that `role` of `staff` get it. Without a city that can be used, scopes and languages are not looked at."""
    if not top.has("digest"):
        return Sending()
    section = top.section("digest")
    day = section.get("day", among(_DAYS), f"one of {', '.join(_DAYS)}", _DAYS[0], required=False)
    hour = section.get("hour", _hour, _HOUR, _USUAL_HOUR, required=False)
    read = _Read(city, hour)
    listed = [*_listed(section, _EMAILS, read.readers), *_listed(section, TELEGRAM, read.chat)]
    files = ", ".join(Attach)
    attach = section.get("attach", _attach, f"a list of {files}", Sending().attach, required=False)
    section.done()
    _unique(section, listed)
    _sendable(section, listed, enabled)
    return Sending(day=_DAYS.index(day), subscribers=tuple(listed), attach=attach)


def _listed(section: Section, name: str, read: Callable[[Section], Sequence[Subscriber]]) -> Iterator[Subscriber]:
    if section.has(name):
        for entry in section.sections(name):
            yield from read(entry)
            entry.done()


class _Read:
    """Entries of one city's lists; `hour` is where they tell none."""

    def __init__(self, city: City | None, hour: int) -> None:
        self._city, self._hour = city, hour
        self._languages = city.languages if city else ()

    def readers(self, entry: Section) -> Sequence[Subscriber]:
        """Whoever has this address, or all of a role that do."""
        role = entry.get("role", some_text, "some text", "", required=False)
        if entry.has("email") or not role:
            address = entry.get("email", _email, "an e-mail address, or leave it out and name a role of `staff`", "")
            if address and (advice := mailbox.wrong(address)):
                entry.wrong("email", advice)
            return self._subscribers(entry, mailbox.CHANNEL, role, {address: self._usual})
        people = {_email(one.address): one.language for one in self._people(role)}
        if self._city and not people:
            entry.wrong("role", "is none of `staff` with an e-mail address; add `email`, or the role there")
        return self._subscribers(entry, mailbox.CHANNEL, role, people)

    def chat(self, entry: Section) -> Sequence[Subscriber]:
        chat = entry.get("chat", _chat, "a Telegram chat's id, such as -1001234567890", "")
        role = entry.get("role", some_text, "some text", "", required=False)
        return self._subscribers(entry, TELEGRAM, role, {chat: self._usual})

    @property
    def _usual(self) -> str:
        return next(iter(self._languages), "")

    def _people(self, code: str) -> Sequence[Person]:
        staff = self._city.staff if self._city else ()
        return [one for role in staff if role.code == code for one in role.people if one.channel == mailbox.CHANNEL]

    def _subscribers(
        self, entry: Section, channel: str, role: str, languages: Mapping[str, str]
    ) -> Sequence[Subscriber]:
        """One for each address; `languages`: theirs, where the entry tells none."""
        allowed = among(self._languages) if self._languages else some_text
        own = entry.get("language", allowed, f"one of {', '.join(self._languages)}", "", required=False)
        hour = entry.get("hour", _hour, _HOUR, self._hour, required=False)
        scope = _scope(entry, self._city)
        return [
            Subscriber(
                contact=Contact(channel=channel, address=address), language=own or language, hour=hour, scope=scope,
                role=role,
            )
            for address, language in languages.items()
        ]  # fmt: skip


def _scope(entry: Section, city: City | None) -> Scope:
    scope = entry.get("scope", read_scope, SCOPES, Scope(), required=False)
    if city and not known(scope, city):
        has = ", ".join(filter(None, codes(scope.kind, city))) or "none"
        entry.wrong("scope", f"names no {scope.kind} of this city; there are {has}")
    return scope


def _unique(section: Section, listed: Sequence[Subscriber]) -> None:
    times = Counter((one.contact, write_scope(one.scope)) for one in listed if one.contact.address)
    for contact, scope in (pair for pair, count in times.items() if count > 1):
        section.wrong(_LISTS[contact.channel], f"has somebody twice for {scope}; remove one of the two")


def _sendable(section: Section, listed: Sequence[Subscriber], enabled: frozenset[str]) -> None:
    for channel in sorted({one.contact.channel for one in listed} - enabled):
        section.wrong(_LISTS[channel], f"needs the channel {channel}: {_ENABLE[channel]}")


def _email(value: object) -> str:
    """In small letters: nobody has two mailboxes that differ in nothing else, and each shall get it once."""
    return some_text(value).strip().lower()


def _chat(value: object) -> str:
    if isinstance(value, bool) or not _CHAT.fullmatch(str(value)):
        raise ValueError
    return str(value)


def _hour(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 23:
        raise ValueError
    return value


def _attach(value: object) -> tuple[Attach, ...]:
    return tuple(dict.fromkeys(Attach(kind) for kind in some_texts(value)))
