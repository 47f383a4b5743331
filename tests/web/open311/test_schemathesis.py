"""Schemathesis makes requests of the OpenAPI document, right ones and wrong ones, and sends them to the real application
on loopback. Whatever comes back must be as the document says; nothing may be an error of ours.

The same requests each time. A right request may still be refused for what no schema can say (`start_date` behind
`end_date`, a circle without its radius, a picture that is none, an answer to a service's question that is missing): so
a 400 is no failure there, and the requests that must be taken stand in test_openapi.py. Our 403 is the standard's word
for a key that is missing, where `ignored_auth` waits for a 401: test_posting.py tries keys.
"""

import asyncio
import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.web.open311.test_openapi import DOCUMENT, operations
from tests.web.open311.test_posting import add_key
from tests.web.open311.town import clear, fill, number, ticket
from tests.web.world import World

SEARCH = "/open311/v2/requests.{form}"
EXAMPLES = int(os.environ.get("VECINO_SCHEMATHESIS", "25"))  # of each operation and kind
OFTEN = 1_000_000  # requests a minute
SCHEMA = schemathesis.openapi.from_dict(dict(DOCUMENT))
EXCLUDED: Any = CHECKS.get_by_names(["positive_data_acceptance", "ignored_auth"])
SETTINGS = settings(
    max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate), database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
async def filled(open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tickets, a key, and no limit for who asks from one address as no crowd does."""
    tickets = [ticket(n, service=("pothole", "lighting", "noise")[n % 3]) for n in range(1, 30)]
    await fill(open_world, *tickets)
    await clear(open_world, tickets[0], "a hole", "we come tomorrow")
    await add_key(open_world, rate=OFTEN)
    monkeypatch.setattr("web.open311.pace.Pace.take", lambda *_: 0)


@pytest.mark.parametrize("kind", GenerationMode)
@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in operations()])
async def test_no_request_brings_an_answer_that_is_not_in_the_document(
    open_world: World, method: str, path: str, kind: GenerationMode
) -> None:
    url, statuses = str(open_world.client.make_url("")).rstrip("/"), set[int]()

    @seed(311)
    @SETTINGS
    @given(case=SCHEMA[path][method].as_strategy(generation_mode=kind))
    def ask(case: schemathesis.Case[Any]) -> None:
        if path == SEARCH and case.query:
            case.query.pop("service_request_id", None)  # beside it, says the standard, nothing else counts
        if kind is GenerationMode.POSITIVE:
            _meant(case)
        with requests.Session() as session:
            answer = case.call_and_validate(
                base_url=url, session=session, headers={"Api-Key": "secret"}, excluded_checks=EXCLUDED
            )  # fmt: skip
            statuses.add(answer.status_code)

    await asyncio.to_thread(ask)  # its client waits; the application answers meanwhile
    if kind is GenerationMode.POSITIVE:
        assert 200 in statuses


def _meant(case: schemathesis.Case[Any]) -> None:
    """Every other one asks for what is there, which nobody would guess."""
    for name, there in (("number", number(3)), ("token", number(3)), ("code", "lighting")):
        if name in case.path_parameters and len(str(case.path_parameters[name])) % 2:
            case.path_parameters[name] = there
    for fields in (case.query, case.body):
        if isinstance(fields, dict):
            fields.pop("jurisdiction_id", None)
    if isinstance(case.body, dict) and "service_request_id" in case.body:
        case.body["service_request_id"] = number(3)
    if isinstance(case.body, dict) and case.body.get("service_code") == "lighting":
        case.body |= {"attribute[fault]": "off", "attribute[since]": "May"}
