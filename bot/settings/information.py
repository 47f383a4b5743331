"""Questions that citizens ask and the city's answers: `information` of config.yml, optional."""

from collections import Counter

from bot.settings import room
from bot.settings.section import Mistake, Section, some_texts
from nlu.answers import BadRow, check
from tickets.city import Information


def read_information(top: Section, languages: tuple[str, ...]) -> tuple[Information, ...]:
    """Each with its words and its answer in every language of the city, short enough for two SMS."""
    if not top.has("information"):
        return ()
    entries = tuple(read_answer(section, languages) for section in top.sections("information"))
    for code, times in Counter(entry.code for entry in entries).items():
        if code and times > 1:
            top.wrong("information", f"has the code {code} twice; codes must differ")
    return entries


def read_answer(section: Section, languages: tuple[str, ...]) -> Information:
    """One of them."""
    entry = Information(
        code=section.text("code"),
        words=_words(section.section("words"), languages),
        answers=section.texts("answers", languages),
    )
    room.check(section, "answers", entry.answers.values())
    section.done()
    return entry


def _words(section: Section, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    none: tuple[str, ...] = ()
    words = {language: section.get(language, some_texts, "a list of rows of words", none) for language in languages}
    for language, rows in words.items():
        if section.has(language) and not rows:
            section.wrong(language, "is empty; write what such questions hold, or remove the entry", Mistake.MISSING)
        for row in rows:
            _check(section, language, row)
    section.done()
    return words


def _check(section: Section, language: str, row: str) -> None:
    try:
        check(row)
    except BadRow:
        advice = "is no row of words: write words, `a|b` for either, `ab*` for any ending, `-ab` for not with this one"
        section.wrong(language, f"`{row}` {advice}", Mistake.ROW, at=language, shown=row)
