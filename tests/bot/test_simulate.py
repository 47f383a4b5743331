"""Simulated citizens: what they write is their own, what they read is what we say, and they do what they came for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.config import load
from bot.i18n import Words
from bot.inbox.burst import NO_WAIT
from bot.simulate.citizen import Citizen, Filed, Talk
from bot.simulate.goals import play
from bot.simulate.measures import Result, figures, table
from bot.simulate.persona import CHANNELS, Goal, Persona, Telling, Temper, Wanted, deal
from bot.simulate.reading import Phrasebook
from bot.simulate.spelling import bare, sloppy
from bot.simulate.transcripts import shown, write
from bot.simulate.vocabulary import vocabulary
from bot.simulate.wish import is_there
from bot.simulate.world import world
from bot.texts import TEXTS
from channels.message import Choice
from channels.segments import gsm_safe
from channels.simulator import Bubble
from channels.words import numbered
from handlers.say import (
    Ago,
    Day,
    Distance,
    LanguageName,
    Moment,
    NextStep,
    Reason,
    Say,
    ServiceName,
    Wording,
    Working,
    say,
)
from nlu.contract import LANGUAGES
from nlu.dataset import fold
from nlu.dataset import load as load_data
from nlu.train import FOLDER
from tests.town import parse
from tickets.calendar import Target, Unit
from tickets.explain import Explanation, Since
from tickets.model import Place, Status

CONFIG = load(Path(__file__).parents[2] / "config.yml", {})
WORDS = Words(CONFIG.city)
BOOK = Phrasebook(CONFIG.city, WORDS)
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
LABELS = {Say.YES, Say.NO, Say.CHANGE_SERVICE, Say.CHANGE_PLACE, Say.DROP, Say.MORE, Say.NONE_OF_THESE, Say.NEARBY_LINE}
CITYS_OWN = {Say.QUESTION, Say.TOLD, Say.REFERRED_NOTE}  # their whole text is the city's, or not for phones
ALIKE = {  # said with the same words, so that no reader can tell them apart
    Say.NOTICE: {Say.NOTICE},
}
VALUES = {
    "city": "Puerto Vecino", "url": "https://puerto-vecino.example/p", "phone": "112", "hours": Wording(CONFIG.city.office.hours),
    "service": ServiceName("waste"), "place": Place(words="calle Molino 40"), "number": "7K3-9QX", "due": AT, "at": AT,
    "status": Status.IN_PROGRESS, "note": "La cuadrilla va.", "count": 2, "body": "Norte", "reach": "555 0199",
    "where": Distance(40.0), "ago": Ago(timedelta(days=2)), "step": NextStep(Status.RECEIVED), "code": "482113",
    "contact": "t1", "language": LanguageName("es"), "since": AT, "day": Day(AT), "reports": 2, "messages": 7, "opens": Moment(AT),
    "text": "Buenas tardes.", "login": "rosa", "when": Moment(AT), "other": "K25-4EX", "name": "Rosa", "question": "?", "answer": "!", "department": "Vialidad",
    "span": Working(Target(amount=3, unit=Unit.DAYS)), "numbers": "7K3-9QX, 7K3-9QY",
    "reason": Reason(Explanation(since=Since.FILED, start=AT, target=Target(amount=3, unit=Unit.DAYS))),
}  # fmt: skip


def bubble(text: str, choices: tuple[Choice, ...] = ()) -> Bubble:
    return Bubble(number=1, mine=False, at=AT, text=text, choices=choices)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_twelve_openings_of_each_service_and_none_is_a_training_sentence(language: str) -> None:
    known = {fold(example.text) for example in load_data(FOLDER / "data")}
    words = vocabulary(language)
    assert set(words.openings) == {service.code for service in CONFIG.city.services}
    for service, openings in words.openings.items():
        assert len({fold(text) for text in openings}) >= 12, service
        filled = {fold(text.format(since=since)) for text in openings for since in words.since}
        assert not filled & known, service


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    words, model = vocabulary(language), vocabulary("es")
    assert set(words.phrases) == set(model.phrases)
    assert set(words.services) == set(model.services)
    assert len(words.spots) >= 12


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("brief", [False, True])
@pytest.mark.parametrize("what", sorted(set(TEXTS) - LABELS - CITYS_OWN))
def test_every_text_of_ours_is_recognised(what: Say, language: str, brief: bool) -> None:
    text = WORDS(say(what, **VALUES), language)
    heard = BOOK.read(bubble(gsm_safe(text) if brief else text), language)
    assert (heard.say, heard.language) == (what, language)


def test_choices_are_read_from_buttons_and_from_numbered_lines() -> None:
    choices = (Choice(id="q:yes", label="Sí"), Choice(id="q:no", label="No"))
    text = WORDS(say(Say.STOP_ASK), "es")
    buttons = BOOK.read(bubble(text, choices), "es")
    lines = BOOK.read(bubble(numbered(text, choices)), "es")
    assert [(c.digit, c.label, c.id) for c in buttons.choices] == [("1", "Sí", "q:yes"), ("2", "No", "q:no")]
    assert [(c.digit, c.label, c.id) for c in lines.choices] == [("1", "Sí", None), ("2", "No", None)]
    assert buttons.say is lines.say is Say.STOP_ASK


def test_the_values_of_a_text_are_read_too() -> None:
    heard = BOOK.read(bubble(WORDS(say(Say.RECEIPT, **VALUES), "pt")), "pt")
    assert heard.values["number"] == "7K3-9QX"
    assert heard.values["service"] == "Lixo"


def test_a_careless_hand_leaves_numbers_alone() -> None:
    for seed in range(50):
        assert "40" in sloppy("Hay un bache en la calle Molino 40", {"que": "q"}, Random(seed))
    assert bare("Bolívar") == "Bolivar"


@pytest.mark.parametrize(
    ("said", "there"),
    [("calle molino 40", True), ("la molno 40", True), ("Calle 8 número 4", False), ("carrera colon 15", False)],
)
def test_a_place_is_known_by_the_word_that_tells_it(said: str, there: bool) -> None:
    spot = next(spot for spot in vocabulary("es").spots if spot.meant == "Calle Molino")
    assert is_there(spot, said) is there


def test_the_same_seed_deals_the_same_people_and_all_languages_and_channels_in_turn() -> None:
    first = [deal(i, 7, ["waste", "tree"], Wanted()) for i in range(48)]
    assert first == [deal(i, 7, ["waste", "tree"], Wanted()) for i in range(48)]
    assert {(p.language, p.channel) for p in first} == {(one, channel) for one in LANGUAGES for channel in CHANNELS}
    assert all(p.temper is not Temper.OLD_BUTTONS for p in first if p.channel != "telegram")


def test_who_wants_to_join_a_neighbour_reports_what_can_be_joined() -> None:
    people = [deal(i, 7, ["waste", "other"], Wanted(goal=Goal.JOIN), offered=["waste"]) for i in range(20)]
    assert {one.service for one in people} == {"waste"}


class Knows:
    """Understands the openings of its language."""

    async def parse(self, text: str):
        for service, openings in vocabulary("es").openings.items():
            for since in vocabulary("es").since:
                for opening in (o.format(since=since) for o in openings):
                    if text.startswith(opening):
                        place = text.removeprefix(opening).strip()
                        return parse(f"report_{service}", text, location=place, language="es")
        intents = {"agree": "affirm", "refuse": "deny", "thanks": "thank"}
        said = (intent for name, intent in intents.items() if text in vocabulary("es").phrases[name])
        spots = {spot.alone for spot in vocabulary("es").spots}
        return parse("provide_location", text, location=text) if text in spots else parse(next(said, None))


def persona(**more: object) -> Persona:
    usual = Persona(
        index=1, goal=Goal.REPORT, language="es", channel="sms", telling=Telling.WHOLE, temper=Temper.PATIENT,
        careless=False, phone="+525000001", hint=None, service="waste", seed="1",
    )  # fmt: skip
    return replace(usual, **more)


async def played(folder: Path, who: Persona) -> tuple[str, Citizen]:
    config = replace(CONFIG, settings=replace(CONFIG.settings, wait=NO_WAIT))
    async with world(config, Knows(), folder, Random(1)) as place:
        citizen = Citizen(place, BOOK, who)
        return await play(citizen), citizen


@pytest.mark.parametrize("channel", CHANNELS)
async def test_who_tells_all_at_once_needs_two_messages(tmp_path: Path, channel: str) -> None:
    reason, citizen = await played(tmp_path, persona(channel=channel))
    assert reason == ""
    assert [(filed.turns, filed.whole) for filed in citizen.talk.reports] == [(2, True)]
    assert (citizen.talk.reports[0].segments is not None) is (channel == "sms")


@pytest.mark.parametrize("temper", [Temper.CORRECTS, Temper.IGNORES, Temper.DIGITS])
async def test_other_tempers_come_to_their_report_too(tmp_path: Path, temper: Temper) -> None:
    reason, _ = await played(tmp_path, persona(temper=temper, channel="telegram"))
    assert reason == ""


def result(reason: str = "", **more: object) -> Result:
    return Result(persona=persona(), reason=reason, stuck=False, talk=Talk(**more))


def test_the_figures_are_medians_and_shares_and_say_what_falls_short() -> None:
    good = result(reports=[Filed(turns=2, segments=3, whole=True), Filed(turns=4, segments=None, whole=False)])
    kept = figures([good] * 19 + [result("not filed")])
    assert (kept.completed, kept.turns_whole, kept.turns_else, kept.segments) == (0.95, 2, 4, 3)
    assert kept.shortfalls() == []
    short = figures([result("not filed"), result(reports=[Filed(turns=3, segments=5, whole=True)], after_stop=1)])
    assert len(short.shortfalls()) == 4


def test_the_table_names_what_went_wrong_and_how_often() -> None:
    lines = list(table([result("not filed"), result("not filed"), result()]))
    assert any("2 report: not filed" in line for line in lines)
    assert lines[1].split()[:3] == ["all", "3", "33.3"]


def test_a_transcript_shows_the_phone(tmp_path: Path) -> None:
    mine = Bubble(number=1, mine=True, at=AT, text="hay basura")
    talk = replace(result(), screen=(mine, bubble("¿Dónde?", (Choice(id="q:1", label="Sí"),))))
    assert "**Citizen** Mon 15:00: hay basura" in shown(talk)
    assert "Vecino Mon 15:00: ¿Dónde? [Sí]" in shown(talk)
    write([talk], tmp_path / "deep")
    assert (tmp_path / "deep" / "es.md").exists()
