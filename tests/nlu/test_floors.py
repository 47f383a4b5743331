"""Floors under what the model reaches on sentences it never saw: a later change cannot quietly make it worse.

Just below the figures in nlu/evaluation/report.json (`make eval`); raised when they rise. ROWS: (set, language) ->
macro-F1, service, service among three, language, location F1; CEILINGS over all languages: what must not grow.
"""

import pytest

from nlu.client import Client
from nlu.contract import LANGUAGES
from nlu.evaluation.cases import HERE, read
from nlu.evaluation.metrics import Outcome
from nlu.evaluation.report import per_language

NAMES = ("macro_f1", "service", "service_in_3", "language", "location_f1")
FLOORS = {
    "authored": {
        "es": (0.91, 0.885, 0.975, 0.955, 0.87),
        "pt": (0.90, 0.88, 0.975, 0.97, 0.915),
        "en": (0.855, 0.855, 0.965, 0.98, 0.73),
        "fr": (0.865, 0.86, 0.975, 0.97, 0.845),
    },
    "hard": {
        "es": (0.65, 0.605, 0.875, 0.99, 0.925),
        "pt": (0.65, 0.61, 0.88, 0.99, 0.95),
        "en": (0.555, 0.495, 0.815, 0.98, 0.855),
        "fr": (0.69, 0.645, 0.885, 0.99, 0.91),
    },
}
CEILINGS = {
    "authored": {
        "ece": 0.045,
        "scopeless_reported": 0.03,
        "emergencies_false": 0.01,
        "bot_false": 0.01,
        "bot_missed": 4,
    },
    "hard": {"ece": 0.07, "emergencies_false": 0.02, "bot_false": 0.025},
}


async def outcomes(model: Client, name: str) -> list[Outcome]:
    cases = [case for language in LANGUAGES for case in read(HERE / f"{name}_{language}.jsonl")]
    return [Outcome(case=case, parse=await model.parse(case.text)) for case in cases]


@pytest.mark.parametrize("name", FLOORS)
async def test_nothing_falls_below_what_was_reached(model: Client, name: str) -> None:
    said = await outcomes(model, name)
    table = per_language(said)
    fallen = {
        f"{language} {figure}": table[language][figure]
        for language, floors in FLOORS[name].items()
        for figure, floor in zip(NAMES, floors, strict=True)
        if table[language][figure] < floor
    }
    assert fallen == {}
    pooled = table["all"]
    assert {figure: pooled[figure] for figure, ceiling in CEILINGS[name].items() if pooled[figure] > ceiling} == {}
