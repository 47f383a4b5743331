"""What each text costs by SMS: at most two segments, whatever the city's names and the citizen's place; those that
most people get, one. Counted in every language with the longest values that config.yml takes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from bot.config import load
from bot.i18n import Words
from bot.settings.room import BODY, LONGEST, MENU, QUESTION
from bot.texts import LANGUAGE_NAMES, STATUSES, TEXTS
from channels.message import Choice
from channels.segments import Encoding, count, gsm_safe
from channels.words import numbered
from handlers.say import (
    Ago,
    Day,
    LanguageName,
    Moment,
    NextStep,
    Option,
    Reason,
    Reply,
    Say,
    ServiceName,
    Value,
    Wording,
    Working,
    say,
)
from tickets.calendar import Target, Unit
from tickets.explain import Explanation, Since
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
    Say.STATUS_WAITING, Say.NEW_DATE,
    Say.NUMBER_UNKNOWN, Say.NO_REPORTS, Say.NOTICE, Say.NOTICE_RESOLVED, Say.THANKS, Say.GOODBYE, Say.EMERGENCY,
    Say.STOP_ASK, Say.STOPPED, Say.STARTED, Say.NOT_STOPPED, Say.LANGUAGE_SET, Say.WHICH_LANGUAGE, Say.UNREADABLE,
    Say.TROUBLE, Say.NEWS, Say.JOINED, Say.JOINED_NO_DATE, Say.JOINED_ALREADY, Say.OWN_ALREADY, Say.LEFT,
    Say.NOT_FOLLOWING, Say.NEWS_OF_OWN, Say.IS_IT_FIXED_LATER, Say.RATE, Say.ANY_WORD, Say.WORD_KEPT, Say.REOPENED,
    Say.TOO_LATE, Say.PROMISE_BROKEN, Say.MY_DATA_CODE, Say.ERASE_CODE, Say.CODE_WRONG, Say.CODE_FAILED,
    Say.CODE_DROPPED, Say.MY_DATA, Say.MY_DATA_ATTACHED, Say.ERASED,
    Say.HANDED_OVER, Say.HANDED_OVER_LATER, Say.BOT_BACK, Say.VIOLENCE, Say.SELF_HARM, Say.EMERGENCY_WHERE, Say.ALERT,
    Say.ALERT_NO_TICKET, Say.RECEIPT_URGENT, Say.CORRECTED, Say.WHAT_TO_CORRECT, Say.RIGHT_PLACE, Say.CLOSED_ALREADY, Say.VOICE_KEPT,
    Say.VOICE_ADDED,
})  # fmt: skip
REASON = Explanation(
    since=Since.FILED, start=datetime(2026, 9, 23, 16, tzinfo=UTC), target=Target(amount=20, unit=Unit.DAYS)
)
_YES_NO = (Option("yes", Say.YES), Option("no", Say.NO))
OPTIONS: Mapping[Say, tuple[Option, ...]] = {
    **dict.fromkeys((Say.CONFIRM, Say.CONFIRM_PHOTO, Say.STOP_ASK, Say.IS_IT_FIXED_LATER, Say.TOO_LATE), _YES_NO),
    Say.RATE: tuple(Option(str(score), score) for score in range(1, 6)),
    Say.WHAT_TO_CHANGE: (
        Option("service", Say.CHANGE_SERVICE), Option("place", Say.CHANGE_PLACE), Option("drop", Say.DROP),
    ),
    Say.WHAT_TO_CORRECT: (Option("service", Say.CHANGE_SERVICE), Option("place", Say.CHANGE_PLACE)),
    Say.WHICH_TICKET: (
        *(Option(NUMBER, say(Say.STATUS_LINE, number=NUMBER, service=ServiceName("tree"), status=Status.TRIAGED)),) * 4,
        Option("new", Say.NEW_REPORT),
    ),
    Say.WHICH_LANGUAGE: tuple(Option(code, LanguageName(code)) for code in LANGUAGE_NAMES),
}  # fmt: skip
MENUS = (Say.WHICH_SERVICE, Say.NOT_UNDERSTOOD, Say.SORRY_MENU, Say.VOICE_NEW, Say.RIGHT_SERVICE)
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
    return max(days, key=lambda day: len(words(Reply(Say.STATUS_CLOSED, values(day, Status.RECEIVED)), language)))


@cache
def longest_of(locale: str) -> tuple[Words, datetime]:
    words = longest_city(locale[:2], locale)
    return words, longest_date(words, locale[:2])


def values(day: datetime, status: Status) -> dict[str, Value]:
    return {
        "service": ServiceName("tree"), "place": Place(words="p" * 200), "number": NUMBER, "other": NUMBER, "due": day,
        "at": day, "status": status, "note": "", "count": 5, "url": "u" * LONGEST["privacy_url"],
        "where": Place(street="s" * 200), "ago": Ago(timedelta(days=29)), "step": NextStep(Status.WAITING),
        "phone": "5" * LONGEST["phone"], "hours": "h" * LONGEST["hours"],
        "code": "1234", "contact": "+52***21", "language": LanguageName("pt"), "since": "2026-11-23", "reports": 999, "day": Day(day),
        "messages": 9_999, "opens": Moment(day), "text": "", "name": "n" * 40, "login": "l" * 64, "when": Moment(day),
        "reason": Reason(REASON), "span": Working(Target(amount=366, unit=Unit.DAYS)), "department": "d" * LONGEST["names"],
        "numbers": f"{NUMBER}, {NUMBER}, {NUMBER} ...", "question": "q" * QUESTION, "body": "b" * BODY, "reach": "r" * LONGEST["reach"], "answer": "",
    }  # fmt: skip


def longest(what: Say, language: str, words: Words, day: datetime) -> str:
    """The text as it goes by SMS, numbered choices included."""
    replies = [Reply(say=what, values=values(day, status), options=OPTIONS.get(what, ())) for status in STATUSES]
    return max((by_sms(reply, language, words) for reply in replies), key=lambda text: count(text).units)


def by_sms(reply: Reply, language: str, words: Words) -> str:
    labels = zip(reply.options, words.labels(reply, language, brief=True), strict=True)
    choices = [Choice(id=option.id, label=label) for option, label in labels]
    return gsm_safe(numbered(words(reply, language, brief=True), choices))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_at_most_two_sms_and_a_common_one_is_one(locale: str) -> None:
    language, wrong = locale[:2], []
    words, day = longest_of(locale)
    for what in TEXTS:
        text = longest(what, language, words, day)
        cost = count(text)
        if cost.encoding is not Encoding.GSM7 or cost.segments > (1 if what in COMMON else 2):
            wrong.append(f"{what}: {cost.units} {cost.encoding}, {cost.segments} segments: {text}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_news_that_it_is_fixed_and_the_question_whether_it_is_are_one_sms(locale: str) -> None:
    words, _ = longest_of(locale)
    asked = say(
        Say.NOTICE_RESOLVED,
        *_YES_NO,
        lines=(say(Say.IS_IT_FIXED),),
        number=NUMBER,
        service=ServiceName("tree"),
        note="",
    )
    text = by_sms(asked, locale[:2], words)
    assert count(text).segments == 1, f"{count(text)}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", MENUS)
def test_the_menu_of_all_services_is_two_sms(language: str, what: Say) -> None:
    for words in (Words(CITY), longest_menu(language)):
        text = by_sms(Reply(say=what, options=SERVICES, values={"number": NUMBER}), language, words)
        assert count(text).segments <= 2, f"{count(text)}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_five_reports_is_two_sms(language: str) -> None:
    words = Words(CITY)
    line = say(Say.STATUS_LINE, number=NUMBER, service=ServiceName("traffic_signal"), status=Status.IN_PROGRESS)
    for reports in (say(Say.MY_REPORTS, lines=(line,) * 5), say(Say.MY_REPORTS, *[Option(NUMBER, line)] * 5)):
        text = by_sms(reports, language, words)
        assert count(text).segments <= 2, f"{count(text)}: {text}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("offered", [1, 2, 3])
def test_three_neighbours_reports_are_two_sms(locale: str, offered: int) -> None:
    """With streets and services as long as they come; what gives way is the citizen's own place."""
    words, day, language = *longest_of(locale), locale[:2]
    line = Reply(Say.NEARBY_LINE, values(day, Status.IN_PROGRESS))
    options = (*(Option(str(n), line) for n in range(offered)), Option("none", Say.NONE_OF_THESE))
    text = by_sms(say(Say.NEARBY, *options, service=ServiceName("tree"), place=Place(words="p" * 200)), language, words)
    assert count(text).segments <= 2, f"{count(text)}: {text}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("note", ["", "n" * 40, "n" * 2_000])
def test_a_status_with_all_its_lines_is_two_sms(locale: str, note: str) -> None:
    """What gives way is the clerk's note."""
    words, day, language = *longest_of(locale), locale[:2]
    news = say(Say.LAST_NEWS, at=day, note=note)
    lines = (news, say(Say.NEXT, step=NextStep(Status.WAITING)), say(Say.FOLLOWING))
    for what, status in product((Say.STATUS, Say.STATUS_LATE, Say.STATUS_WAITING, Say.STATUS_CLOSED), Status):
        text = by_sms(Reply(what, values(day, status), lines=lines), language, words)
        assert count(text).segments <= 2, f"{count(text)}: {text}"


@pytest.mark.parametrize("locale", LOCALES)
def test_an_answer_of_the_city_and_the_question_whether_this_was_it_are_two_sms(locale: str) -> None:
    words, language = longest_of(locale)[0], locale[:2]
    answer = Wording({language: "a" * LONGEST["answers"]})
    text = by_sms(say(Say.TOLD, *_YES_NO, lines=(say(Say.WAS_THIS_IT),), answer=answer), language, words)
    assert count(text).segments <= 2, f"{count(text)}: {text}"


def main() -> None:
    """All texts in all languages, each with its SMS segments at their longest: `python -m tests.test_segments_of_texts`."""
    for what in TEXTS:
        print(f"\n{what}")
        for language, locale in (("en", "en_US"), ("es", "es_MX"), ("pt", "pt_BR"), ("fr", "fr_FR")):
            words, day = longest_of(locale)
            cost = count(longest(what, language, words, day))
            source = words.translation(language).gettext(TEXTS[what])
            print(f"  {language} {cost.segments} ({cost.units}): {source}")


if __name__ == "__main__":
    main()
