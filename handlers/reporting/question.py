"""A service's own questions (config.yml): answered by what was told already, else asked, each at most twice.

An answer is the code of an option, or the citizen's own words. Options stand in config.yml from the commonest to the
most telling: where words tell of several ("se apagó porque el poste se cayó"), the last one counts.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from handlers.phrases.words import REFUSING, fold
from handlers.say import Option, Say, Wording, say
from handlers.turn import Answer, Asked, Draft, Turn, ask
from tickets.city import AnswerOption, City, Question, Service

_SHORT, _SURE = 5, 0.7  # words of an answer; of another meaning, from which it is none
LONGEST = 500  # characters of an answer in the citizen's own words
_CLAUSE = re.compile(r"[,.;:!?\n]")
_ANY = "0any"  # stands for the `*` while a phrase is folded
_DENIED_WITHIN = 2  # words: "no está apagada"


def with_told(draft: Draft, service: Service, language: str) -> Draft:
    """The draft with the answers that its words hold already; `language` is its writer's."""
    said = f"{draft.description}\n{draft.details or ''}"
    for question in service.questions:
        if draft.answer(question.code) is None and (option := told_in(said, question, language)):
            draft = answered(draft, question.code, option.code)
    return draft


def open_one(turn: Turn, service: Service, draft: Draft, misses: int = 0) -> Answer | None:
    """The first question that has no answer; None when all have one."""
    question = next((one for one in service.questions if draft.answer(one.code) is None), None)
    if question is None:
        return None
    options = (Option(option.code, Wording(option.names)) for option in question.options)
    reply = say(Say.QUESTION, *options, question=Wording(question.texts))
    return ask(turn, Asked.QUESTION, draft, reply, misses=misses, item=question.code)


def heard(turn: Turn, city: City) -> Turn:
    """The turn, where a short message answers the service's open question: "il est mort", of a dog, is no danger to
    life, unless a rule says so or the model is sure."""
    asked = _open(turn, city)
    if asked is None or turn.parse is None or len(turn.inbound.text.split()) > _SHORT:
        return turn
    if named(turn.inbound.text, asked):
        return replace(turn, danger=None, parse=replace(turn.parse, intent=None))
    told = told_in(turn.inbound.text, asked, turn.language) is not None
    unsure = turn.parse.confidence < _SURE and turn.danger is None
    return replace(turn, parse=replace(turn.parse, intent=None)) if told and unsure else turn


def _open(turn: Turn, city: City) -> Question | None:
    dialogue = turn.dialogue
    if dialogue is None or dialogue.asked is not Asked.QUESTION:
        return None
    service = city.service(dialogue.draft.service or "")
    return service.question(dialogue.item) if service else None


def answered(draft: Draft, question: str, answer: str) -> Draft:
    """The draft with this answer, in the place of an earlier one."""
    others = tuple(pair for pair in draft.answers if pair[0] != question)
    return replace(draft, answers=(*others, (question, answer[:LONGEST])))


def named(text: str, question: Question) -> AnswerOption | None:
    """The option that the text names, and nothing else."""
    folded = fold(text)
    return next((one for one in question.options if folded in map(fold, one.names.values())), None)


def told_in(text: str, question: Question, language: str) -> AnswerOption | None:
    """The option that the words tell of, without being asked; the last one of several. Words of all languages count,
    but each language denies with its own: "no" is Portuguese for "in the"."""
    clauses = [fold(clause).split() for clause in _CLAUSE.split(text)]
    refusing = REFUSING.get(language, ())
    told = [one for one in question.options if any(_tells(clause, one, refusing) for clause in clauses)]
    return told[-1] if told else None


def _tells(clause: list[str], option: AnswerOption, refusing: Collection[str]) -> bool:
    phrases = (_folded(phrase) for words in option.words.values() for phrase in words)
    return any(_stands(clause, phrase, refusing) for phrase in phrases)


@cache
def _folded(phrase: str) -> tuple[str, ...]:
    """The words of a phrase; one that ends in `*` is the beginning of a word."""
    words = fold(phrase.replace("*", f"{_ANY} ")).split()
    return tuple(word.replace(_ANY, "*") for word in words)


def _stands(clause: list[str], phrase: tuple[str, ...], refusing: Collection[str]) -> bool:
    """Whether the phrase stands in these words, and is not denied by those before it."""
    ends = range(len(clause) - len(phrase) + 1)
    begins = (at for at in ends if all(_is(word, clause[at + i]) for i, word in enumerate(phrase)))
    return any(not set(refusing) & set(clause[max(0, at - _DENIED_WITHIN) : at]) for at in begins)


def _is(word: str, said: str) -> bool:
    return said.startswith(word[:-1]) if word.endswith("*") else said == word
