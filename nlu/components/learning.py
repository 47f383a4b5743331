"""From examples to a Reader. Imported only where a model is trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .deciding import Limits, alarm, choose
from .fitting import Fitted, fit, rows
from .grams import Vocabulary
from .reading import EMERGENCY, Reader


def learn(
    texts: Sequence[tuple[str, str]], intents: Sequence[str], languages: Sequence[str], config: Mapping[str, Any]
) -> Reader:
    """From examples as (as written, places masked) with their intent and language."""
    vocabulary = Vocabulary.learn(texts, config["rarest"])
    width = len(vocabulary.names)
    plain = rows([vocabulary.vector(text) for text, _ in texts], width)
    bare = rows([vocabulary.vector(text) for _, text in texts], width)
    intent = fit(plain, bare, intents, cost=config["intent_cost"], held_out=config["held_out"])
    language = fit(plain, bare, languages, cost=config["language_cost"], held_out=config["held_out"])
    limits = _limits(intent, np.asarray(intents), config)
    return Reader(vocabulary, intent.model, language.model, limits, config["language_from"])


def _limits(fitted: Fitted, said: npt.NDArray[np.str_], config: Mapping[str, Any]) -> Limits:
    names, said = np.asarray(fitted.model.names), said[fitted.held_out]
    right = names[fitted.unseen.argmax(axis=1)] == said
    threshold, margin = choose(fitted.unseen, right, config["question"])
    danger = fitted.unseen[:, fitted.model.names.index(EMERGENCY)]
    return Limits(threshold, margin, alarm(danger, said == EMERGENCY, config["false_alarms"]))
