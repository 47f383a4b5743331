import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import i18n
from bot.config import load
from bot.i18n import Words
from bot.texts import LOCALES, PIN, STATUSES, TEXTS
from handlers.say import LanguageName, Option, Say, ServiceName, say
from tickets.model import Place, Status

CITY = load(Path(__file__).parents[2] / "config.yml", {}).city
WORDS = Words(CITY)
DUE = datetime(2026, 11, 27, 21, tzinfo=UTC)
LANGUAGES = ("es", "pt", "en", "fr")


def holes(text: str) -> set[str]:
    return set(re.findall(r"{\w+}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_the_same_values(language: str) -> None:
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    for text in [*TEXTS.values(), *STATUSES.values(), PIN]:
        message = catalogue.get(text)
        assert message is not None, f"{language}: {text!r} is not in the catalogue; run `make translations`"
        translated = str(message.string) or (text if language == "en" else "")
        assert translated, f"{language}: {text!r} has no translation"
        assert holes(translated) == holes(text), f"{language}: {translated!r}"
        assert not message.fuzzy, f"{language}: {text!r} is marked fuzzy"


def test_everything_that_can_be_said_has_words() -> None:
    assert set(TEXTS) == set(Say)
    assert set(STATUSES) == set(Status)


@pytest.mark.parametrize(
    ("language", "receipt"),
    [
        ("es", "¡Listo! Reporte 7K3-9QX: Bache, Av. Bolívar 123. Esperamos resolverlo para el vie 27 de nov. Yo le aviso."),
        ("pt", "Pronto! Pedido 7K3-9QX: Buraco na rua, Av. Bolívar 123. Esperamos resolver até sex., 27 de nov. Vou avisando."),
        ("en", "Done! Report 7K3-9QX: Pothole, Av. Bolívar 123. We expect to sort it out by Fri, Nov 27. I'll keep you posted."),
        ("fr", "C'est envoyé ! Signalement 7K3-9QX : Nid-de-poule, Av. Bolívar 123. Nous visons le ven. 27 nov. Je vous tiens au courant."),
    ],
)  # fmt: skip
def test_a_receipt_reads_well_in_each_language(language: str, receipt: str) -> None:
    place = Place(words="Av. Bolívar 123")
    said = WORDS(say(Say.RECEIPT, number="7K3-9QX", service=ServiceName("pothole"), place=place, due=DUE), language)
    assert said == receipt


def test_lines_follow_below() -> None:
    line = say(Say.STATUS_LINE, number="7K3-9QX", service=ServiceName("tree"), status=Status.RESOLVED)
    assert WORDS(say(Say.MY_REPORTS, lines=(line,)), "fr") == "Vos derniers signalements :\n7K3-9QX Arbre : réglé"


def test_a_place_without_words_is_named_by_its_street_or_as_a_pin() -> None:
    def confirm(place: Place) -> str:
        return WORDS(say(Say.CONFIRM, service=ServiceName("tree"), place=place), "en")

    assert "at: Rua 7" in confirm(Place(street="Rua 7"))
    assert "at: the spot you marked" in confirm(Place())


def test_a_very_long_place_is_cut_in_the_summary_only() -> None:
    place = Place(words="frente a la casa " * 300)
    said = WORDS(say(Say.CONFIRM, service=ServiceName("tree"), place=place), "es")
    assert len(said) < 120
    assert len(place.words) > 4000


def test_by_sms_the_place_is_shorter_save_where_it_is_to_be_confirmed() -> None:
    place = Place(words="coin de la rue du moulin et du boulevard de la republique")
    values = {"service": ServiceName("tree"), "place": place, "number": "7K3-9QX", "due": DUE}
    receipt = WORDS(say(Say.RECEIPT, **values), "fr", brief=True)
    assert "Arbre, coin de la rue du moulin et du... Nous visons" in receipt
    assert place.words in WORDS(say(Say.CONFIRM, **values), "fr", brief=True)
    assert place.words in WORDS(say(Say.RECEIPT, **values), "fr")


def test_a_place_is_never_cut_inside_what_is_read_as_one_character() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    said = WORDS(say(Say.CONFIRM, service=ServiceName("tree"), place=Place(words=family * 30)), "es")
    assert family in said
    assert said.replace(family, "").startswith("Árbol: ...")


def test_words_of_citizens_and_clerks_are_never_read_as_a_format() -> None:
    said = WORDS(
        say(Say.NOTICE, number="7K3-9QX", service=ServiceName("tree"), status=Status.WAITING, note="{url} %s {0}"), "en"
    )
    assert "{url} %s {0}" in said


def test_no_text_holds_a_space_that_would_make_a_whole_sms_cost_double() -> None:
    for language in LANGUAGES:
        said = WORDS(
            say(
                Say.STATUS_CLOSED,
                number="1",
                service=ServiceName("tree"),
                place=Place(),
                status=Status.RESOLVED,
                at=DUE,
            ),
            language,
        )
        assert not set(said) & {"\u202f", "\u00a0"}


def test_choices_are_labelled_in_the_language_and_languages_by_their_own_name() -> None:
    assert WORDS.label(Option("yes", Say.YES), "pt") == "Sim"
    assert WORDS.label(Option("tree", ServiceName("tree")), "fr") == "Arbre"
    assert WORDS.label(Option("fr", LanguageName("fr")), "es") == "Français"


def test_a_service_that_is_no_more_offered_is_still_named() -> None:
    fewer = Words(replace(CITY, services=CITY.services[1:]))
    assert "pothole" in fewer(say(Say.WHERE, service=ServiceName("pothole")), "es")


def test_a_catalogue_that_lacks_a_text_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    target.parent.mkdir(parents=True)
    whole = (LOCALES / "es" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    without = re.sub(r'msgid "Yes"\nmsgstr "[^"]+"', 'msgid "Yes"\nmsgstr ""', whole)
    assert without != whole
    target.write_text(without, encoding="utf-8")
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    with pytest.raises(i18n.CatalogueMissing, match="es: locales/es does not translate 'Yes'"):
        i18n.catalogue("es")
    with pytest.raises(i18n.CatalogueMissing, match=r"pt.*is missing"):
        i18n.catalogue("pt")
