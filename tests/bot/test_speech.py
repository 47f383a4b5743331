"""Which language a citizen is answered in: own choice, last confident one, the phone, the city; in that order."""

from dataclasses import replace

import pytest

from bot.ports import Arrival
from bot.speech import choose_language
from channels.message import Contact, Inbound
from handlers.turn import Asked, Citizen, Dialogue
from nlu.parse import Parse
from tests.town import CITY, START, parse

ADDRESS = "12 Mill Road"


def arrival(text: str, *, address: str = "+34600", hint: str | None = None, **citizen: object) -> Arrival:
    contact = Contact(channel="sms", address=address)
    inbound = Inbound(sender=contact, external_id="1", received_at=START, text=text, language_hint=hint)
    who = replace(Citizen(id=1, contact=contact), **citizen)  # type: ignore[arg-type]
    return Arrival(
        id=1, token="t", attempts=1, accepted_at=START, inbound=inbound, citizen=who, dialogue=None,
    )  # fmt: skip


def chosen(text: str, said: Parse | None, *, dialogue: Dialogue | None = None, **more: object) -> str:
    return choose_language(arrival(text, **more), said, dialogue, CITY)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["no", "No.", "ok", "OK!", "1", "23", "sí", "oui", "👍", "?", "12:30"])
def test_what_is_said_in_any_language_changes_none(text: str) -> None:
    assert chosen(text, parse("affirm", language="en"), language="pt") == "pt"


@pytest.mark.parametrize(("text", "place"), [(ADDRESS, ADDRESS), (f"at {ADDRESS}", ADDRESS), ("rua 7", "rua 7")])
def test_an_address_alone_changes_none(text: str, place: str) -> None:
    assert chosen(text, parse("provide_location", text, location=place, language="en"), language="pt") == "pt"


@pytest.mark.parametrize("text", ["oi", "lampadaire hs", f"the lamp is out at {ADDRESS}"])
def test_a_confident_language_is_taken(text: str) -> None:
    said = parse("greet", text, location=ADDRESS if ADDRESS in text else "", language="fr")
    assert chosen(text, said, language="pt") == "fr"


@pytest.mark.parametrize("intent", [None, "out_of_scope", "abuse"])
def test_one_word_that_means_nothing_tells_no_language(intent: str | None) -> None:
    assert chosen("asdf", parse(intent, language="en"), language="pt") == "pt"
    assert chosen("asdf", parse(intent, language="en")) == CITY.languages[0]
    assert chosen("who are you", parse(intent, language="en"), language="pt") == "en"


def test_the_order_is_choice_then_last_then_phone_then_city() -> None:
    said = parse("greet", language="fr")
    assert chosen("salut", said, language="pt", chosen=True) == "pt"
    assert chosen("salut", parse("greet"), language="pt") == "pt"
    assert chosen("salut", parse("greet"), hint="pt-BR") == "pt"
    assert chosen("salut", None, address="+33600") == "fr"
    assert chosen("salut", None, address="77") == CITY.languages[0]


def test_the_answer_to_where_is_it_changes_none() -> None:
    placing = Dialogue(asked=Asked.PLACE, since=START)
    assert chosen("near the bakery", parse("provide_location", language="en"), dialogue=placing, language="es") == "es"


@pytest.mark.parametrize(
    "text", ["/menu", "start", "/start", "/help", "STOP", "START", "human", "my data", "gracias", "merci beaucoup"]
)
def test_keywords_and_courtesies_are_said_in_any_language(text: str) -> None:
    said = parse("greet", text, language="fr")
    assert chosen(text, said, language="pt") == "pt"


@pytest.mark.parametrize("text", ["/start", "menu", "STOP", "merci"])
def test_at_first_contact_the_phone_tells_more_than_a_keyword(text: str) -> None:
    assert chosen(text, parse("greet", text, language="en"), hint="pt-BR") == "pt"


def test_at_first_contact_a_right_in_whole_words_tells_its_language() -> None:
    assert chosen("mes données", parse("my_data", language="fr")) == "fr"


def test_thanks_around_a_report_do_not_hide_its_language() -> None:
    text = "merci, le lampadaire est cassé, merci beaucoup"
    assert chosen(text, parse("report_lighting", text, language="fr"), language="pt") == "fr"
