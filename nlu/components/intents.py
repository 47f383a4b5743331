"""Rasa component: intent, language and the fallback, from one gram vector of the text with its places masked."""

# ruff: noqa: ARG003 - Rasa names these parameters and passes them all

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .messages import as_entity, intent_of, language_of, spans_of, text_of
from .reading import Reader
from .references import explained
from .words import masked


class Intents(GraphComponent):
    """Configuration: `intent_cost` and `language_cost` (the SVM's C), `bayes` (the factor of the naive Bayes scores
    added to the SVM's), `rarest` (examples an n-gram must be in), `held_out` (the share of examples that calibrates),
    `question` (what asking back costs; a mistake costs 1), `false_alarms` (the share of harmless messages that may be
    taken for emergencies), `false_reports` (the share of those out of scope that may be filed), `language_from` and
    `language_from_many` (the least confidence in a language, of a word or two and of more) and `ranking` (how many
    intents are listed)."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._reader: Reader | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_cost": 0.3, "language_cost": 0.3, "bayes": 0.08, "rarest": 2, "held_out": 0.25,
            "question": 0.65, "false_alarms": 0.01, "false_reports": 0.02,
            "language_from": 0.7, "language_from_many": 0.45, "ranking": 10,
        }  # fmt: skip

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "scipy", "numpy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Intents":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Intents":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._reader = _read(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        from .learning import learn  # brings scikit-learn, which a server does not need

        messages = training_data.intent_examples
        texts = [(text_of(message), masked(text_of(message), spans_of(message))) for message in messages]
        intents = [intent_of(message) for message in messages]
        self._reader = learn(texts, intents, [language_of(message) for message in messages], self._config)
        with self._storage.write_to(self._resource) as folder:
            _write(self._reader, folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._reader and text_of(message):
                self._say(message, self._reader)
        return messages

    def _say(self, message: Message, reader: Reader) -> None:
        text = text_of(message)
        reading = reader.read(masked(text, spans_of(message)))
        ranking = [{"name": name, "confidence": sure} for name, sure in reading.ranking]
        spans = explained(text, spans_of(message), reading.ranking[0][0])
        message.set(ENTITIES, [as_entity(span, text) for span in spans], add_to_output=True)
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking[: self._config["ranking"]], add_to_output=True)
        language = reading.language and {"name": reading.language[0], "confidence": reading.language[1]}
        message.set("language", language, add_to_output=True)


def _write(reader: Reader, folder: Path) -> None:
    arrays, rest = reader.as_parts()
    np.savez(folder / "weights.npz", **arrays)
    (folder / "reader.json").write_text(json.dumps(rest, ensure_ascii=False), encoding="utf-8")


def _read(folder: Path) -> Reader:
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        return Reader.from_parts(dict(arrays), json.loads((folder / "reader.json").read_text(encoding="utf-8")))
