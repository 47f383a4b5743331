"""How durations, channels and titles are said."""

import pytest

from bot.i18n import catalogue
from digest.voice import Voice
from tests.digest import sample


def voice(language: str) -> Voice:
    return Voice(city=sample.city(), language=language, translation=catalogue(language))


@pytest.mark.parametrize("language", sample.LANGUAGES)
@pytest.mark.parametrize("hours", [1, 1.5, 2, 11])
def test_an_hour_has_one_sign_however_many(language: str, hours: float) -> None:
    said = voice(language).hours(hours)
    assert said == f"{voice(language).number(hours, 1)}\u00a0h"


def test_one_day_and_more() -> None:
    assert [voice("es").hours(24 * days) for days in (2, 2.5)] == ["2 días", "2.5 días"]


def test_the_simulators_channels_have_names() -> None:
    assert voice("es").channel("simulated_sms") == "SMS (simulador)"
    assert voice("es").channel("{pigeon}") == "{pigeon}"
