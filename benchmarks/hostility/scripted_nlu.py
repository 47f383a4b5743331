"""A parser that knows by heart what the citizens of the benches say, behind Rasa's own `/model/parse`.

    VECINO_NLU_TOKEN=... python -m benchmarks.hostility.scripted_nlu PORT

It starts in a moment where the real one takes seconds; what it does not know is out of scope.
"""

import json
import os
import re
import sys
import threading
from typing import Any

from aiohttp import web

from benchmarks.phrases import PHRASES
from nlu.train import data_hash

_SERVICES = ("pothole", "lighting", "waste")  # in the order of the phrases
_HOLE = re.compile(r"\\\{\w+\\\}")


def main() -> None:
    app = web.Application()
    app.add_routes([web.post("/model/parse", _parse), web.get("/status", _status)])
    port = int(sys.argv[1])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    web.run_app(app, host="127.0.0.1", port=port, print=lambda _: print(json.dumps({"port": port}), flush=True))


def _end_with_parent() -> None:
    """Its end of the pipe closes when the parent ends, however it does."""
    sys.stdin.read()
    os._exit(0)


async def _parse(request: web.Request) -> web.Response:
    text = str((await request.json())["text"])
    language, intent = next(
        ((language, intent) for pattern, language, intent in _KNOWN if pattern.fullmatch(text)), (None, "out_of_scope")
    )
    return web.json_response(_answer(text, intent, language))


async def _status(_: web.Request) -> web.Response:
    return web.json_response({"data_hash": data_hash()})


def _known() -> list[tuple[re.Pattern[str], str, str]]:
    rows = []
    for language, said in PHRASES.items():
        for texts in (said.whole, said.half):
            rows += [(text, language, f"report_{service}") for text, service in zip(texts, _SERVICES, strict=True)]
        rows += [
            (said.place, language, "provide_location"), (said.yes, language, "affirm"),
            (said.details, language, "provide_location"), (said.status, language, "check_status"),
            (said.thanks, language, "thank"),
        ]  # fmt: skip
    return [(re.compile(_HOLE.sub(".+", re.escape(text))), language, intent) for text, language, intent in rows]


def _answer(text: str, intent: str, language: str | None) -> dict[str, Any]:
    guesses = [{"name": intent, "confidence": 0.95}]
    return {
        "text": text, "intent": guesses[0], "intent_ranking": guesses, "entities": list(_places(text)),
        "language": {"name": language, "confidence": 0.99} if language else None,
    }  # fmt: skip


def _places(text: str) -> list[dict[str, Any]]:
    """The place is told in one way per language, house number included."""
    for said in PHRASES.values():
        found = re.search(_HOLE.sub("[0-9]{5}", re.escape(said.place)), text)
        if found:
            start, end = found.span()
            return [{"entity": "location", "value": found[0], "start": start, "end": end}]
    return []


_KNOWN = _known()

if __name__ == "__main__":
    main()
