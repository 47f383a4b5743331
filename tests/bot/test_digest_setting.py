"""`digest` in config.yml: who gets it, when, of what and in which language."""

from dataclasses import replace

import pytest

from bot.digesting.subscriber import Attach, Sending
from bot.settings.digest import read_digest
from bot.settings.section import Problem, open_yaml
from tests.town import CITY
from tickets.figures import Kind, Scope
from tickets.staff import Person, Role

ENABLED = frozenset({"email", "telegram"})
HEAD = Role(
    code="head",
    people=(
        Person(channel="email", address="Head@city.example", language="fr"),
        Person(channel="sms", address="+15550123", language="fr"),
    ),
)
NIGHT = Role(code="night", people=(Person(channel="sms", address="+15550123", language="es"),))
STAFFED = replace(CITY, staff=(HEAD, NIGHT))


def read(source: str) -> tuple[Sending, list[Problem]]:
    problems: list[Problem] = []
    top = open_yaml(source, problems)
    return read_digest(top, STAFFED, ENABLED), problems


def test_without_it_nobody_gets_it() -> None:
    assert read("other: 1") == (Sending(), [])


def test_everything_that_can_be_said() -> None:
    sending, problems = read("""
digest:
  day: fri
  hour: 18
  attach: [pdf, csv, pdf]
  subscribers:
    - {email: Mayor@City.example, role: mayor}
    - {email: roads@city.example, scope: "department:roads", language: pt, hour: 6}
    - {email: mayor@city.example, scope: "area:centro"}
  telegram:
    - {chat: -1001234567890, language: en}
""")
    assert problems == []
    assert (sending.day, sending.attach) == (4, (Attach.PDF, Attach.CSV))
    told = [(s.contact.channel, s.contact.address, s.role, s.language, s.hour) for s in sending.subscribers]
    assert told == [
        ("email", "mayor@city.example", "mayor", "es", 18),
        ("email", "roads@city.example", "", "pt", 6),
        ("email", "mayor@city.example", "", "es", 18),
        ("telegram", "-1001234567890", "", "en", 18),
    ]
    assert [s.scope for s in sending.subscribers][1:3] == [
        Scope(kind=Kind.DEPARTMENT, code="roads"), Scope(kind=Kind.AREA, code="centro")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("day: monday", "digest.day", "one of mon, tue"),
        ("hour: 24", "digest.hour", "from 0 to 23"),
        ("hour: 7:30", "digest.hour", "from 0 to 23"),
        ("hour: yes", "digest.hour", "from 0 to 23"),
        ("attach: [doc]", "digest.attach", "pdf, csv, json"),
        ("attach: pdf", "digest.attach", "a list"),
        ("readers: 1", "digest.readers", "is not known here"),
        ("subscribers: ana", "digest.subscribers", "must be a list"),
        ("subscribers: [{hour: 7}]", "digest.subscribers[1].email", "is missing"),
        ("subscribers: [{role: mayor}]", "digest.subscribers[1].role", "none of `staff`"),
        ("subscribers: [{role: night}]", "digest.subscribers[1].role", "with an e-mail address"),
        ("subscribers: [{role: head}, {email: head@city.example}]", "digest.subscribers", "somebody twice"),
        ("subscribers: [{email: ana}]", "digest.subscribers[1].email", "an address such as"),
        ("subscribers: [{email: 'a@b.c\\r\\nBcc: x@y.z'}]", "digest.subscribers[1].email", ""),
        ("subscribers: [{email: a@b.example, language: de}]", "digest.subscribers[1].language", "one of es, pt, en, fr"),
        ("subscribers: [{email: a@b.example, scope: roads}]", "digest.subscribers[1].scope", "`city`, `department:roads`"),
        ("subscribers: [{email: a@b.example, scope: 'department:'}]", "digest.subscribers[1].scope", "must be"),
        ("subscribers: [{email: a@b.example, scope: 'department:roadz'}]", "digest.subscribers[1].scope", "there are roads"),
        ("subscribers: [{email: a@b.example, scope: 'area:mars'}]", "digest.subscribers[1].scope", "there are centro"),
        ("subscribers: [{email: a@b.example, hour: -1}]", "digest.subscribers[1].hour", "from 0 to 23"),
        ("subscribers: [{email: a@b.example, name: Ana}]", "digest.subscribers[1].name", "is not known here"),
        ("subscribers: [{email: a@b.example}, {email: A@b.example}]", "digest.subscribers", "somebody twice for city"),
        ("telegram: [{chat: '@group'}]", "digest.telegram[1].chat", "a Telegram chat's id"),
        ("telegram: [{chat: 5}, {chat: '5'}]", "digest.telegram", "somebody twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_key_and_line(line: str, key: str, says: str) -> None:
    _, problems = read(f"digest:\n  {line}")
    assert [(problem.key, problem.line) for problem in problems] == [(key, 2)]
    assert says in problems[0].advice


def test_addresses_are_never_printed() -> None:
    sending, _ = read("digest: {subscribers: [{email: secret@city.example}], telegram: [{chat: -10077}]}")
    assert "secret" not in repr(sending)
    assert "10077" not in repr(sending)


def test_a_role_of_the_staff_stands_for_its_addresses() -> None:
    sending, problems = read("digest: {subscribers: [{role: head, hour: 9}]}")
    assert problems == []
    (one,) = sending.subscribers
    assert (one.contact.address, one.language, one.role, one.hour) == ("head@city.example", "fr", "head", 9)


def test_a_channel_that_is_off_is_told_of() -> None:
    problems: list[Problem] = []
    source = "digest:\n  subscribers: [{email: a@b.example}]\n  telegram: [{chat: 5}]"
    read_digest(open_yaml(source, problems), CITY, frozenset())
    assert [(problem.key, problem.line) for problem in problems] == [("digest.subscribers", 2), ("digest.telegram", 3)]
    assert "channels.email.enabled: true" in problems[0].advice
