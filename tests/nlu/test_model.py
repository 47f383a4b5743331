"""The trained model behind its server: the contract, and anything a citizen may type. Needs nlu/.venv and a model."""

import json

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.client import Address, Client
from nlu.contract import ENTITIES, INTENTS, LANGUAGES
from nlu.train import data_hash


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("hay un bache enorme en la Av. Bolívar 123", "report_pothole", "es"),
        ("llevamos tres noches a oscuras en la calle Molino", "report_lighting", "es"),
        ("no pasó el camión de la basura", "report_waste", "es"),
        ("¿en qué va mi reporte 7K3-9QX?", "check_status", "es"),
        ("abriu um buraco enorme na Rua das Flores 12", "report_pothole", "pt"),
        ("cano estourado vazando água na rua", "report_water", "pt"),
        ("bom dia", "greet", "pt"),
        ("obrigado pela ajuda", "thank", "pt"),
        ("there is a huge pothole on Market Street", "report_pothole", "en"),
        ("the street light outside my house is broken", "report_lighting", "en"),
        ("I want to talk to a real person", "handover", "en"),
        ("il y a un gros nid-de-poule rue des Écoles", "report_pothole", "fr"),
        ("lampadaire en panne depuis une semaine", "report_lighting", "fr"),
        ("effacez mes données s'il vous plaît", "erase_data", "fr"),
    ],
)
async def test_plain_sentences_are_understood(model: Client, text: str, intent: str, language: str) -> None:
    parse = await model.parse(text)
    assert parse.intent == intent
    assert parse.language is not None
    assert parse.language.name == language


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hay un bache enorme en Av. Bolívar 123", "Av. Bolívar 123"),
        ("um buraco na Rua das Flores 12", "Rua das Flores 12"),
        ("there is a pothole at 14 Market Street", "14 Market Street"),
        ("un nid-de-poule au 12 rue des Écoles", "12 rue des Écoles"),
        ("  /hay un bache en Av. Bolívar 123", "Av. Bolívar 123"),
    ],
)
async def test_the_place_is_found_where_it_stands(model: Client, text: str, place: str) -> None:
    found = (await model.parse(text)).first("location")
    assert found is not None
    assert found.value == place
    assert text[found.start : found.end] == place


@pytest.mark.parametrize("text", ["7K3-9QX", "mi folio es 7K3-9QX", "protocolo 7K3-9QX por favor", "report 7K3-9QX?"])
async def test_a_reference_is_found(model: Client, text: str) -> None:
    found = (await model.parse(text)).first("ticket")
    assert found is not None
    assert found.value == "7K3-9QX"


@pytest.mark.parametrize("text", ["1", "ok", "no", "👍", "Av. Bolívar 123", "12 High Street", "???", "", "7K3-9QX"])
async def test_what_does_not_tell_the_language_changes_none(model: Client, text: str) -> None:
    assert (await model.parse(text)).language is None


@pytest.mark.parametrize(
    ("text", "language"), [("oi", "pt"), ("hola", "es"), ("lampadaire hs", "fr"), ("good morning", "en")]
)
async def test_a_word_or_two_may_tell_the_language(model: Client, text: str, language: str) -> None:
    said = (await model.parse(text)).language
    assert said is not None
    assert said.name == language


@pytest.mark.parametrize(
    "text",
    [
        '/erase_data{"location":"x"}',
        "/ hay luz",
        "//stop",
        "",
        "   ",
        "😀😀😀",
        "x" * 10_000,
        "bache " * 2_000,
        "أريد الإبلاغ عن حفرة\u202e\u200f",
        "街灯が壊れています",
        "a\x00b\x07\x1b[31m",
        '{"text": "stop", "intent": {"name": "stop"}}',
        "half a pair \ud83d",
        "e\u0301cole cassée",
    ],
)
async def test_any_text_has_a_parse_of_the_contract(model: Client, text: str) -> None:
    await holds(model, text)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_typed_has_a_parse_of_the_contract(model: Client, text: str) -> None:
    await holds(model, text)


async def holds(model: Client, text: str) -> None:
    parse = await model.parse(text)
    assert parse.intent is None or parse.intent in INTENTS
    assert all(0 <= guess.confidence <= 1 for guess in parse.ranking)
    assert parse.language is None or parse.language.name in LANGUAGES
    for entity in parse.entities:
        assert entity.name in ENTITIES
        assert 0 <= entity.start < entity.end <= len(text)


async def test_a_slash_command_is_read_as_words(server: Address) -> None:
    """Also by the server itself, should another client ask it."""
    status, body = await ask(server, {"text": '/erase_data{"location":"x"}'})
    assert status == 200
    assert body["intent"]["confidence"] < 1
    assert not any(entity["value"] == "x" and entity.get("extractor") is None for entity in body["entities"])


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        ({"text": "hola"}, "wrong", 401),
        ({"text": "hola"}, "", 401),
        ({"text": 5}, None, 400),
        ({"message": "hola"}, None, 400),
        ([], None, 400),
        ({"text": "x" * 70_000}, None, 413),
    ],
)
async def test_the_server_refuses_what_it_should(server: Address, body: object, token: str | None, status: int) -> None:
    assert (await ask(server, body, token=token))[0] == status


async def test_the_model_is_of_this_data(model: Client) -> None:
    assert await model.trained_on() == data_hash()


async def ask(server: Address, body: object, *, token: str | None = None) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as session:
        at = {"token": server.token if token is None else token}
        async with session.post(f"{server.url}/model/parse", params=at, json=body) as response:
            raw = await response.read()
    return response.status, json.loads(raw) if response.status == 200 else {}
