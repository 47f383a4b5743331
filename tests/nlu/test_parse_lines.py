import asyncio
import json
from collections.abc import AsyncIterator

from nlu.parse import Entity, Guess, NluUnavailable, Parse
from nlu.parse_lines import parse_lines


class Echo:
    """Understands each text as a greeting that took place there; later texts are answered earlier."""

    def __init__(self) -> None:
        self.at_once = 0
        self.most = 0

    async def parse(self, text: str) -> Parse:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        for _ in range(0 if text.endswith("0") else 5):
            await asyncio.sleep(0)
        self.at_once -= 1
        if text == "down":
            raise NluUnavailable("Rasa does not answer")
        place = Entity(name="location", value=text, start=0, end=len(text))
        said = Guess(name="greet", confidence=0.9)
        return Parse(intent="greet", confidence=0.9, ranking=(said,), entities=(place,), language=None)


async def lines(*given: str) -> AsyncIterator[str]:
    for line in given:
        yield line


async def out(echo: Echo, *given: str) -> list[dict[str, object]]:
    return [json.loads(line) async for line in parse_lines(lines(*given), echo)]


async def test_answers_keep_the_order_of_the_lines_and_many_are_on_their_way() -> None:
    echo = Echo()
    texts = [f"text {n}" for n in range(100)]
    answers = await out(echo, *(json.dumps({"text": text}) for text in texts))
    assert [answer["text"] for answer in answers] == texts
    assert 1 < echo.most <= 16


async def test_a_bad_line_is_an_error_in_its_place() -> None:
    good = json.dumps({"text": "hola"})
    answers = await out(Echo(), good, "{", "[1]", '{"text": 5}', '{"text": "down"}', "", good)
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, False]


async def test_a_line_has_the_shape_of_rasas_answer() -> None:
    (answer,) = await out(Echo(), json.dumps({"text": "olá 🙂"}))
    assert answer == {
        "text": "olá 🙂",
        "intent": {"name": "greet", "confidence": 0.9},
        "intent_ranking": [{"name": "greet", "confidence": 0.9}],
        "entities": [{"entity": "location", "value": "olá 🙂", "start": 0, "end": 5}],
        "language": None,
    }
