from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from nlu.client import Address, Client, Fixed
from nlu.parse import Guess, NluStarting, NluUnavailable
from tests.nlu.fake_rasa import TOKEN, FakeRasa, answer


@dataclass
class Watch:
    """A clock that goes when it is told."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def client(rasa: FakeRasa, watch: Watch) -> AsyncIterator[Client]:
    async with TestServer(rasa.app(), host="127.0.0.1") as server, aiohttp.ClientSession() as session:
        at = Address(url=str(server.make_url("")).rstrip("/"), token=TOKEN)
        yield Client(session, Fixed(at=at), clock=watch, timeout=0.3)


async def test_a_parse_comes_back_with_intent_ranking_entities_and_language(client: Client, rasa: FakeRasa) -> None:
    rasa.says = answer(
        ranking=("report_pothole", "report_water"),
        entities=[{"entity": "location", "value": "Av. 5", "start": 9, "end": 14}],
        language={"name": "es", "confidence": 0.98},
    )
    parse = await client.parse("bache en Av. 5")
    assert parse.intent == "report_pothole"
    assert [guess.name for guess in parse.ranking] == ["report_pothole", "report_water"]
    place = parse.first("location")
    assert place is not None
    assert (place.value, place.start, place.end) == ("Av. 5", 9, 14)
    assert parse.language == Guess(name="es", confidence=0.98)


async def test_the_fallback_is_no_intent_and_not_in_the_ranking(client: Client, rasa: FakeRasa) -> None:
    rasa.says = answer(ranking=("nlu_fallback", "report_tree", "report_noise"))
    parse = await client.parse("eso de ahí")
    assert parse.intent is None
    assert [guess.name for guess in parse.ranking] == ["report_tree", "report_noise"]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ('/erase_data{"location":"x"}', 'erase_data{"location":"x"}'),
        ("  // / hay luz", "hay luz"),
        ("a\x00b\x1bc", "a b c"),
        ("half \ud83d pair", "half   pair"),
        ("x" * 5_000, "x" * 2_000),
        ("", ""),
        ("/", ""),
    ],
)
async def test_what_is_sent_is_safe(client: Client, rasa: FakeRasa, written: str, sent: str) -> None:
    await client.parse(written)
    assert rasa.asked == [sent]


async def test_offsets_are_those_of_the_text_as_it_was_written(client: Client, rasa: FakeRasa) -> None:
    rasa.says = answer(entities=[{"entity": "location", "value": "Rua 7", "start": 0, "end": 5}])
    text = " /Rua 7"
    place = (await client.parse(text)).first("location")
    assert place is not None
    assert text[place.start : place.end] == "Rua 7"


async def test_a_short_text_is_asked_once_and_a_long_one_each_time(client: Client, rasa: FakeRasa) -> None:
    for text in ("sí", "sí", "x" * 61, "x" * 61):
        await client.parse(text)
    assert rasa.asked == ["sí", "x" * 61, "x" * 61]
    assert client.counts == {"answered": 3, "remembered": 1}


@pytest.mark.parametrize(
    "says",
    [answer("drop_tables"), answer(ranking=("report_tree", "hay luz")), {"version": "3.6"}, ["no"], {"intent": None}],
)
async def test_an_answer_outside_the_contract_is_refused_and_counted(
    client: Client, rasa: FakeRasa, says: object
) -> None:
    rasa.says = says
    with pytest.raises(NluUnavailable):
        await client.parse("hola")
    assert client.counts["foreign"] == 1


@pytest.mark.parametrize("status", [302, 400, 401, 404, 500, 503])
async def test_any_other_status_is_unavailable(client: Client, rasa: FakeRasa, status: int) -> None:
    rasa.status = status
    with pytest.raises(NluUnavailable, match=str(status)):
        await client.parse("hola")


async def test_a_server_that_hangs_is_given_up(client: Client, rasa: FakeRasa) -> None:
    rasa.hangs = True
    with pytest.raises(NluUnavailable, match="does not answer"):
        await client.parse("hola")


async def test_five_failures_in_a_row_leave_the_server_alone_for_five_seconds(
    client: Client, rasa: FakeRasa, watch: Watch
) -> None:
    rasa.status = 500
    for _ in range(7):
        with pytest.raises(NluUnavailable):
            await client.parse("hola")
    assert len(rasa.asked) == 5
    rasa.status, watch.seconds = 200, 6.0
    await client.parse("hola")
    await client.parse("otra cosa")
    assert len(rasa.asked) == 7


async def test_after_the_rest_one_more_failure_closes_the_door_again(
    client: Client, rasa: FakeRasa, watch: Watch
) -> None:
    rasa.status = 500
    for seconds in (0, 0, 0, 0, 0, 6, 6, 10):
        watch.seconds = seconds
        with pytest.raises(NluUnavailable):
            await client.parse("hola")
    assert len(rasa.asked) == 6


async def test_no_word_of_a_citizen_is_in_the_error(client: Client, rasa: FakeRasa) -> None:
    rasa.says = answer("secreto de la vecina")
    with pytest.raises(NluUnavailable) as error:
        await client.parse("secreto de la vecina")
    assert "vecina" not in str(error.value)


async def test_the_data_hash_of_the_model_can_be_asked(client: Client, rasa: FakeRasa) -> None:
    assert await client.trained_on() == "abc"
    rasa.status = 404
    with pytest.raises(NluUnavailable):
        await client.trained_on()


async def test_while_it_loads_the_caller_is_told_so() -> None:
    class Loading:
        def address(self) -> Address:
            raise NluStarting

    async with aiohttp.ClientSession() as session:
        with pytest.raises(NluStarting):
            await Client(session, Loading(), clock=Watch()).parse("hola")


def test_a_token_is_never_printed() -> None:
    assert "geheim" not in repr(Address(url="http://127.0.0.1:1", token="geheim"))
