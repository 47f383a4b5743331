"""Rasa component: the words that name a place, a ticket or a language, as entities."""

# ruff: noqa: ARG003 - Rasa names these parameters and passes them all

import itertools
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from .messages import as_entity, spans_of, text_of
from .references import tidy
from .tagging import Tagger, train
from .words import Span

_FILE = "chain.crfsuite"
_Example = tuple[str, list[Span]]


class Spans(GraphComponent):
    """Configuration: `rounds`, how often the training reads its examples, and `without`: of the examples without an
    entity, which are many and teach little, it reads one in that many."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._rounds = int(config["rounds"])
        self._without = int(config["without"])
        self._storage = storage
        self._resource = resource
        self._tagger: Tagger | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"rounds": 20, "without": 3}

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn_crfsuite"]  # the name Rasa knows; it brings pycrfsuite

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Spans":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Spans":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._tagger = Tagger((folder / _FILE).read_bytes())
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [(text_of(message), spans_of(message)) for message in training_data.intent_examples]
        with TemporaryDirectory() as scratch:
            train(_taught(examples, self._without), self._rounds, Path(scratch) / _FILE)
            model = (Path(scratch) / _FILE).read_bytes()
        with self._storage.write_to(self._resource) as folder:
            (folder / _FILE).write_bytes(model)
        self._tagger = Tagger(model)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = text_of(message)
            found = tidy(text, self._tagger.spans(text)) if self._tagger else []
            entities = [as_entity(span, text) for span in found]
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *entities], add_to_output=True)
        return messages


def _taught(examples: Sequence[_Example], without: int) -> list[_Example]:
    """In their order, all examples with an entity and every `without`-th of the others."""
    bare = itertools.count()
    return [example for example in examples if example[1] or next(bare) % without == 0]
