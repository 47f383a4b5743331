"""Names what is missing when a service, a language or a channel is added (docs/adding.md)."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from bot.config import load
from bot.texts import LANGUAGE_NAMES, LOCALES
from channels import Opens
from channels import load as load_channel
from handlers.phrases.words import TABLES
from nlu.contract import ENTITIES, INTENTS, LANGUAGES, SERVICE_CODES
from nlu.dataset import load as load_data

ROOT = Path(__file__).parents[1]
SOURCE = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
CHANNELS = tuple(SOURCE["channels"])
SEND_ONLY = frozenset({"email"})  # nothing comes in by them
CONFIG = load(ROOT / "config.yml", {})


def test_each_service_of_the_contract_is_offered_by_the_demo_city_in_every_language() -> None:
    assert {service.code for service in CONFIG.city.services} == set(SERVICE_CODES)
    for service in CONFIG.city.services:
        assert set(service.names) == set(CONFIG.city.languages), service.code


def test_each_language_has_a_catalogue_training_data_and_a_name() -> None:
    for language in CONFIG.city.languages:
        assert language in LANGUAGES, f"{language}: add it to nlu/contract.py"
        assert language in LANGUAGE_NAMES, f"{language}: add its own name to bot/texts.py"
        assert (LOCALES / language / "LC_MESSAGES" / "messages.po").exists(), f"{language}: add a catalogue"
        assert (ROOT / "nlu" / "data" / f"{language}.yml").exists(), f"{language}: add nlu/data/{language}.yml"


def test_rasas_domain_names_just_the_contract() -> None:
    domain = yaml.safe_load((ROOT / "nlu" / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["intents"]) == INTENTS
    assert set(domain["entities"]) == ENTITIES


def test_every_intent_has_25_examples_in_every_language() -> None:
    examples = load_data(ROOT / "nlu" / "data")
    for language in LANGUAGES:
        for intent in INTENTS:
            count = sum(e.language == language and e.intent == intent for e in examples)
            assert count >= 25, f"{language}: {intent} has {count} examples"


@pytest.mark.parametrize("table", TABLES)
def test_each_language_has_the_words_that_count_without_the_model(table: str) -> None:
    for language in CONFIG.city.languages:
        assert TABLES[table].get(language), f"{language}: add its words to {table} in handlers/phrases/words.py"


def test_each_file_of_a_channel_has_its_section() -> None:
    for path in (ROOT / "channels").glob("[a-z]*.py"):
        if isinstance(import_module(f"channels.{path.stem}"), Opens):
            assert path.stem in CHANNELS, f"config.yml has no section channels.{path.stem}"


@pytest.mark.parametrize("name", CHANNELS)
def test_each_channel_has_its_file_its_section_and_its_payloads(name: str) -> None:
    channel = load_channel(name)
    assert isinstance(channel, Opens)
    payloads = (ROOT / "tests" / "channels" / "fixtures" / name).glob("*.json")
    assert name in SEND_ONLY or list(payloads), f"no payloads for {name}"
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert any(f"channels.{name}" in contract.get("modules", ()) for contract in contracts)
