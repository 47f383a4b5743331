"""What each text costs by SMS: at most two segments, whatever the city's names and the citizen's place; those that
most people get, one. Counted in every language with the longest values that config.yml takes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import load
from bot.i18n import Words
from bot.settings.room import LONGEST, MENU
from bot.texts import LANGUAGE_NAMES, STATUSES, TEXTS
from channels.message import Choice
from channels.segments import Encoding, count, gsm_safe
from channels.words import numbered
from handlers.say import LanguageName, Option, Reply, Say, ServiceName, Value, say
from tickets.model import Place, Status

LOCALES = (
    "es_MX", "es_CO", "es_AR", "es_DO", "es_ES", "pt_BR", "pt_PT", "pt_AO", "en_US", "en_GB", "en_KE", "fr_FR", "fr_CA",
    "fr_HT",
)  # fmt: skip
LANGUAGES = ("es", "pt", "en", "fr")
CITY = load(Path(__file__).parents[1] / "config.yml", {}).city
NUMBER = "7K3-9QX"

# A report from the first word to its end, and what is asked most: these are one SMS each.
COMMON = frozenset({
    Say.GREETING, Say.INVITATION, Say.WHERE, Say.WHAT_HAPPENED, Say.PLACE_NEEDED, Say.CONFIRM, Say.CONFIRM_PHOTO,
    Say.WHAT_TO_CHANGE, Say.RECEIPT, Say.DROPPED, Say.STATUS, Say.STATUS_CLOSED, Say.STATUS_PUBLIC, Say.COMMENT_KEPT,
    Say.NUMBER_UNKNOWN, Say.NO_REPORTS, Say.NOTICE, Say.NOTICE_RESOLVED, Say.THANKS, Say.GOODBYE, Say.EMERGENCY,
    Say.STOP_ASK, Say.STOPPED, Say.STARTED, Say.NOT_STOPPED, Say.LANGUAGE_SET, Say.WHICH_LANGUAGE, Say.UNREADABLE,
    Say.TROUBLE, Say.NEWS,
})  # fmt: skip
_YES_NO = (Option("yes", Say.YES), Option("no", Say.NO))
OPTIONS: Mapping[Say, tuple[Option, ...]] = {
    **dict.fromkeys((Say.CONFIRM, Say.CONFIRM_PHOTO, Say.STOP_ASK), _YES_NO),
    Say.WHAT_TO_CHANGE: (
        Option("service", Say.CHANGE_SERVICE), Option("place", Say.CHANGE_PLACE), Option("drop", Say.DROP),
    ),
    Say.WHICH_LANGUAGE: tuple(Option(code, LanguageName(code)) for code in LANGUAGE_NAMES),
}  # fmt: skip
MENUS = (Say.WHICH_SERVICE, Say.NOT_UNDERSTOOD, Say.SORRY_MENU)
SERVICES = tuple(Option(service.code, ServiceName(service.code)) for service in CITY.services)


def longest_city(language: str, locale: str) -> Words:
    """The demo city with every name as long as config.yml allows."""
    services = tuple(replace(s, names=dict.fromkeys(LANGUAGES, "n" * LONGEST["names"])) for s in CITY.services)
    return Words(
        replace(CITY, name="n" * LONGEST["name"], services=services, languages=(language,), locales={language: locale})
    )


def longest_menu(language: str) -> Words:
    """The demo city with services whose names together are as long as a menu takes."""
    share = MENU // len(CITY.services)
    services = tuple(replace(s, names=dict.fromkeys(LANGUAGES, "n" * share)) for s in CITY.services)
    return Words(replace(CITY, services=services, languages=(language,)))


def longest_date(words: Words, language: str) -> datetime:
    """Of a whole year."""
    days = [datetime(2026, 1, 1, 16, tzinfo=UTC) + timedelta(days=day) for day in range(365)]
    return max(days, key=lambda day: len(words(say(Say.STATUS_CLOSED, **values(day, Status.RECEIVED)), language)))


def values(day: datetime, status: Status) -> dict[str, Value]:
    return {
        "service": ServiceName("tree"), "place": Place(words="p" * 200), "number": NUMBER, "due": day,
        "at": day, "status": status, "note": "", "count": 5, "url": "u" * LONGEST["privacy_url"],
        "phone": "5" * LONGEST["phone"], "hours": "h" * LONGEST["hours"],
    }  # fmt: skip


def longest(what: Say, language: str, words: Words, day: datetime) -> str:
    """The text as it goes by SMS, numbered choices included."""
    replies = [Reply(say=what, values=values(day, status), options=OPTIONS.get(what, ())) for status in STATUSES]
    return max((by_sms(reply, language, words) for reply in replies), key=lambda text: count(text).units)


def by_sms(reply: Reply, language: str, words: Words) -> str:
    choices = [Choice(id=option.id, label=words.label(option, language)) for option in reply.options]
    return gsm_safe(numbered(words(reply, language, brief=True), choices))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_at_most_two_sms_and_a_common_one_is_one(locale: str) -> None:
    language, wrong = locale[:2], []
    words = longest_city(language, locale)
    day = longest_date(words, language)
    for what in TEXTS:
        text = longest(what, language, words, day)
        cost = count(text)
        if cost.encoding is not Encoding.GSM7 or cost.segments > (1 if what in COMMON else 2):
            wrong.append(f"{what}: {cost.units} {cost.encoding}, {cost.segments} segments: {text}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", MENUS)
def test_the_menu_of_all_services_is_two_sms(language: str, what: Say) -> None:
    for words in (Words(CITY), longest_menu(language)):
        text = by_sms(Reply(say=what, options=SERVICES), language, words)
        assert count(text).segments <= 2, f"{count(text)}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_five_reports_is_two_sms(language: str) -> None:
    words = Words(CITY)
    line = say(Say.STATUS_LINE, number=NUMBER, service=ServiceName("traffic_signal"), status=Status.IN_PROGRESS)
    text = by_sms(say(Say.MY_REPORTS, lines=(line,) * 5), language, words)
    assert count(text).segments <= 2, f"{count(text)}: {text}"
