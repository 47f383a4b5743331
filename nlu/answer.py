"""The JSON of `/model/parse`, checked against the contract and read into a Parse."""

import msgspec

from nlu.contract import INTENTS
from nlu.parse import Entity, Guess, Parse

FALLBACK = "nlu_fallback"


class Foreign(Exception):
    """The server answered something that is not in the contract; is it the right model?"""


class _Guess(msgspec.Struct, frozen=True):
    name: str
    confidence: float


class _Entity(msgspec.Struct, frozen=True):
    entity: str
    value: str
    start: int
    end: int


class _Answer(msgspec.Struct, frozen=True):
    intent: _Guess
    entities: tuple[_Entity, ...] = ()
    intent_ranking: tuple[_Guess, ...] = ()
    language: _Guess | None = None


_DECODER = msgspec.json.Decoder(_Answer)
_NOT_OURS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def read(body: bytes) -> Parse:
    """Raises Foreign."""
    try:
        answer = _DECODER.decode(body)
    except _NOT_OURS:
        raise Foreign("not the JSON of /model/parse") from None
    names = {answer.intent.name, *(guess.name for guess in answer.intent_ranking)} - {FALLBACK}
    if not names <= INTENTS:
        raise Foreign("an intent that is not in nlu/contract.py")
    return Parse(
        intent=None if answer.intent.name == FALLBACK else answer.intent.name,
        confidence=answer.intent.confidence,
        ranking=tuple(_guess(guess) for guess in answer.intent_ranking if guess.name != FALLBACK),
        entities=tuple(_entity(entity) for entity in answer.entities),
        language=_guess(answer.language) if answer.language else None,
    )


def _guess(guess: _Guess) -> Guess:
    return Guess(name=guess.name, confidence=guess.confidence)


def _entity(entity: _Entity) -> Entity:
    return Entity(name=entity.entity, value=entity.value, start=entity.start, end=entity.end)


class _Status(msgspec.Struct, frozen=True):
    data_hash: str


def read_status(body: bytes) -> str:
    """What the served model was trained on, from the JSON of `/status`. Raises Foreign."""
    try:
        return msgspec.json.decode(body, type=_Status).data_hash
    except _NOT_OURS:
        raise Foreign("its /status names no data_hash; it is not served by nlu/serve.py") from None
