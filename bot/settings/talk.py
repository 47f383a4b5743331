"""How patient the bot is and when it stops answering: `wait` and `guard` of config.yml, both optional."""

from datetime import timedelta

from bot.inbox.burst import Wait
from bot.inbox.pace import Limits
from bot.settings.section import Section

_ALBUM, _THOUGHT = 2.0, 4.0  # seconds; what people need between two messages, and who waits is not annoyed yet
_LONGEST = 30.0  # seconds
_WAIT = "seconds from 0 (no wait) to 30"
_COUNT = "a whole number from 0 (no limit) to 10000"


def read_wait(top: Section) -> Wait:
    """`wait: {album: 2, thought: 4}`: seconds of silence after the photos of an album, after a report without place."""
    section = top.section("wait") if top.has("wait") else None
    if section is None:
        return Wait(album=timedelta(seconds=_ALBUM), thought=timedelta(seconds=_THOUGHT))
    album = section.get("album", _seconds, _WAIT, _ALBUM, required=False)
    thought = section.get("thought", _seconds, _WAIT, _THOUGHT, required=False)
    section.done()
    return Wait(album=timedelta(seconds=album), thought=timedelta(seconds=thought))


def read_limits(top: Section) -> Limits:
    """`guard: {answers: 40, alike: 12, minutes: 10, photos_a_day: 30}`: what one citizen can get within so many
    minutes, and how much of theirs is kept."""
    usual = Limits()
    section = top.section("guard") if top.has("guard") else None
    if section is None:
        return usual
    answers = section.get("answers", _count, _COUNT, usual.answers, required=False)
    alike = section.get("alike", _count, _COUNT, usual.alike, required=False)
    minutes = section.get("minutes", _minutes, "minutes from 1 to 1440", 10, required=False)
    photos = section.get("photos_a_day", _count, _COUNT, usual.photos, required=False)
    section.done()
    return Limits(answers=answers, alike=alike, span=timedelta(minutes=minutes), photos=photos)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= _LONGEST:
        raise ValueError
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise ValueError
    return value


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1440:
        raise ValueError
    return value
