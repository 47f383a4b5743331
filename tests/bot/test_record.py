"""What is remembered of a citizen after an answer."""

from dataclasses import replace

import pytest

from bot.conversation import Outcome
from bot.record import remembered
from handlers.effects import Effect, FileTicket, Follow
from handlers.turn import Answer
from tests.handlers.turns import CITIZEN
from tests.samples import TICKET
from tickets.model import CITIZEN as BY_CITIZEN
from tickets.workflow import filed

NEW = replace(CITIZEN, language=None)


def outcome(*effects: Effect) -> Outcome:
    return Outcome(answer=Answer(replies=(), effects=effects), language="pt", detected=False)


@pytest.mark.parametrize(
    "effect", [Follow(number=TICKET.number), FileTicket(ticket=TICKET, update=filed(TICKET, actor=BY_CITIZEN))]
)
def test_who_files_or_joins_is_known_by_the_language_of_the_answer_for_news_will_come(effect: Effect) -> None:
    assert remembered(NEW, outcome(effect)).language == "pt"
    assert remembered(replace(NEW, language="fr"), outcome(effect)).language == "fr"


def test_a_language_that_was_only_guessed_is_not_kept_for_anything_less() -> None:
    assert remembered(NEW, outcome()).language is None
