"""The citizens of the bench understand what the bot says, in every language, by the catalogues as they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.hostility.ear import Ear, Meaning
from benchmarks.phrases import PHRASES
from bot.config import load
from bot.i18n import Words
from handlers.say import Say, ServiceName, say
from nlu.contract import LANGUAGES
from tickets.model import Place

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAID = {
    Say.RECEIPT: Meaning.RECEIPT, Say.CONFIRM: Meaning.CONFIRM, Say.CONFIRM_PHOTO: Meaning.CONFIRM,
    Say.WHERE: Meaning.WHERE, Say.PLACE_NEEDED: Meaning.WHERE, Say.WHAT_HAPPENED: Meaning.DETAILS,
    Say.SORRY_MENU: Meaning.MENU, Say.NUMBER_UNKNOWN: Meaning.UNKNOWN_NUMBER, Say.WELCOME: Meaning.WELCOME,
    Say.TROUBLE: Meaning.TROUBLE, Say.OLD_BUTTON: Meaning.OLD_BUTTON, Say.WHAT_TO_CHANGE: Meaning.CHANGE, Say.THANKS: None, Say.GOODBYE: None,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_understood_as_what_it_is(language: str) -> None:
    words, ear = Words(load(ROOT / "config.yml", {}).city), Ear(LANGUAGES)
    for text, meaning in SAID.items():
        reply = say(
            text, number="7K3-9QX", service=ServiceName("pothole"), place=Place(words="10001 Mill Road"), due=NOW,
            url="https://city.example/p",
        )  # fmt: skip
        rendered = words(reply, language)
        assert ear.meaning(rendered) is meaning, rendered


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_citizens_name_their_house_number_wherever_a_place_is_told(language: str) -> None:
    said = PHRASES[language]
    assert all("{mark}" in text for text in (*said.whole, said.place))
    assert not any("{mark}" in text for text in said.half)
