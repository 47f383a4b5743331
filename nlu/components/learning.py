"""From examples to a Reader. Imported only where a model is trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .deciding import Limits, alarm, choose, doubt
from .fitting import Fitted, Forms, fit
from .grams import Vocabulary
from .reading import EMERGENCY, REPORT, SCOPELESS, Reader

_ENOUGH = 2  # a language shows in every other example as well


def learn(
    texts: Sequence[tuple[str, str]], intents: Sequence[str], languages: Sequence[str], config: Mapping[str, Any]
) -> Reader:
    """From examples as (as written, places masked) with their intent and language."""
    vocabulary = Vocabulary.learn(texts, config["rarest"])
    forms = _forms(vocabulary, texts)
    kept = {"bayes": config["bayes"], "held_out": config["held_out"]}
    intent = fit(forms, intents, cost=config["intent_cost"], **kept)
    language = fit(forms.every(_ENOUGH), languages[::_ENOUGH], cost=config["language_cost"], **kept)
    limits = _limits(intent, np.asarray(intents), config)
    froms = (config["language_from"], config["language_from_many"])
    return Reader(vocabulary, intent.model, language.model, limits, *froms)


def _forms(vocabulary: Vocabulary, texts: Sequence[tuple[str, str]]) -> Forms:
    placed = [i for i, (plain, bare) in enumerate(texts) if plain != bare]
    bare = vocabulary.matrix([bare for _, bare in texts])
    return Forms(bare, vocabulary.matrix([texts[i][0] for i in placed]), np.array(placed, dtype=np.int64))


def _limits(fitted: Fitted, said: npt.NDArray[np.str_], config: Mapping[str, Any]) -> Limits:
    names, said = np.asarray(fitted.model.names), said[fitted.held_out]
    right = names[fitted.unseen.argmax(axis=1)] == said
    threshold, margin = choose(fitted.unseen, right, config["question"])
    danger = fitted.unseen[:, fitted.model.names.index(EMERGENCY)]
    scopeless = _doubt(fitted, said, threshold, config["false_reports"])
    return Limits(threshold, margin, alarm(danger, said == EMERGENCY, config["false_alarms"]), scopeless)


def _doubt(fitted: Fitted, said: npt.NDArray[np.str_], threshold: float, false: float) -> float:
    names = np.asarray(fitted.model.names)
    unseen = fitted.unseen[said == SCOPELESS]
    reports = np.array([name.startswith(REPORT) for name in names])
    first = unseen.max(axis=1)
    filed = reports[unseen.argmax(axis=1)] & (first >= threshold)
    scopeless = unseen[:, names == SCOPELESS][:, 0]
    return doubt((scopeless / (scopeless + first))[filed], len(unseen), false)
