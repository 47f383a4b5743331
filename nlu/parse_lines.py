"""`python -m bot parse`: JSON lines `{"text": ...}` in, one parse a line out, in the same order.

A line that is not such an object, or that Rasa cannot read, gives `{"error": "..."}` in its place; several are on their
way at once.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator
from typing import Protocol

from nlu.parse import Guess, NluUnavailable, Parse

_AT_ONCE = 16  # lines on their way


class Parses(Protocol):
    async def parse(self, text: str) -> Parse: ...


async def parse_lines(lines: AsyncIterable[str], parser: Parses) -> AsyncIterator[str]:
    """One line of JSON for each line; empty lines are passed over."""
    waiting: deque[asyncio.Task[str]] = deque()
    try:
        async for line in lines:
            if line.strip():
                waiting.append(asyncio.create_task(_line(line, parser)))
            if len(waiting) >= _AT_ONCE:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()


async def _line(line: str, parser: Parses) -> str:
    try:
        asked = json.loads(line)
    except ValueError:
        return json.dumps({"error": "not JSON"})
    text = asked.get("text") if isinstance(asked, dict) else None
    if not isinstance(text, str):
        return json.dumps({"error": 'no "text"'})
    try:
        return as_json(text, await parser.parse(text))
    except NluUnavailable as why:
        return json.dumps({"error": str(why)})


def as_json(text: str, parse: Parse) -> str:
    """The JSON of `/model/parse`, with the key `language`."""
    entities = [
        {"entity": entity.name, "value": entity.value, "start": entity.start, "end": entity.end}
        for entity in parse.entities
    ]
    answer = {
        "text": text,
        "intent": {"name": parse.intent or "nlu_fallback", "confidence": parse.confidence},
        "entities": entities,
        "intent_ranking": [_guess(guess) for guess in parse.ranking],
        "language": _guess(parse.language) if parse.language else None,
    }
    return json.dumps(answer, ensure_ascii=True)


def _guess(guess: Guess) -> dict[str, str | float]:
    return {"name": guess.name, "confidence": guess.confidence}
