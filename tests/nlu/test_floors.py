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
        "es": (0.92, 0.89, 0.98, 0.96, 0.875),
        "pt": (0.905, 0.88, 0.98, 0.975, 0.925),
        "en": (0.86, 0.86, 0.97, 0.985, 0.735),
        "fr": (0.87, 0.865, 0.98, 0.975, 0.85),
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
        "ece": 0.035,
        "scopeless_reported": 0.0,
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
