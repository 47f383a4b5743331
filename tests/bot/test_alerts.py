"""What is watched is really told: every number in the alert rules and on the dashboard stands in /metrics."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Counters
from bot.ports import Backlog
from bot.roles.families import COUNTED, STATES, Numbers
from tests.bot.conftest import WHOLE
from tests.bot.test_scrape import numbers, scrape
from tests.town import ScriptedParser, Town, parse

ROOT = Path(__file__).parents[2]
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0][
    "rules"
]
PANELS = json.loads((ROOT / "deploy" / "grafana" / "vecino.json").read_text(encoding="utf-8"))["panels"]
NAME = re.compile(r"\b((?:vecino|process)_[a-z_]+)(?:\{([^}]*)\})?")


def exported() -> dict[str, set[str]]:
    """Sample names, each with its labels: of numbers in which everything has happened once."""
    counters = Counters()
    for name, (labels, _) in COUNTED.items():
        counters.count(name, **dict.fromkeys(labels, "x"))
    everything = Numbers(
        counters=counters, states=dict.fromkeys(STATES, 1.0), health={"x": False},
        backlogs={Backlog(queue="inbox", waiting=1, oldest=None): 1.0}, listed={"undelivered": 1},
        apart={"messages": {"refused": 1}},
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(everything.text().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def expressions() -> list[str]:
    return [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_every_number_that_is_watched_is_exported_with_the_labels_that_are_asked_for(expression: str) -> None:
    known, asked = exported(), NAME.findall(expression)
    assert asked or expression == 'up{job="vecino"} == 0'  # Prometheus makes that one itself
    for name, selector in asked:
        assert name in known, name
        labels = set(re.findall(r"(\w+)\s*[=!~]", selector)) - {"job"}
        assert labels <= known[name], name
    grouped = {one for some in re.findall(r"by \(([^)]*)\)", expression) for one in some.split(", ")}
    assert grouped <= {label for name, _ in asked for label in known[name]}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_waits_says_how_grave_it_is_and_what_to_do(rule: dict[str, object]) -> None:
    labels, said = rule["labels"], rule["annotations"]
    assert isinstance(labels, dict) and isinstance(said, dict)
    assert re.fullmatch(r"\d+[mhd]", str(rule["for"]))
    assert labels["severity"] in {"page", "ticket"}
    assert {"summary", "action", "runbook"} <= set(said)
    assert str(said["runbook"]).startswith("docs/")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_where_an_alert_leads_there_is_that_chapter(rule: dict[str, dict[str, str]]) -> None:
    file, _, anchor = rule["annotations"]["runbook"].partition("#")
    text = (ROOT / file).read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}
    assert not anchor or anchor in anchors


async def test_how_much_is_not_understood_and_what_is_late_is_counted(puerto: Town, parser: ScriptedParser) -> None:
    measure = scrape(puerto)
    parser.known["qué"] = parse(None, "qué")
    await puerto.says("qué")
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    found = await numbers(measure)
    assert (found["vecino_understood_total unsure"], found["vecino_understood_total understood"]) == (1, 1)
    assert found["vecino_late_tickets"] == 0
    puerto.clock.forward(days=60)
    assert (await numbers(measure))["vecino_late_tickets"] == 1
