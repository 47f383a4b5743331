"""Nobody is stuck: what was not understood for the third time in a row is a person's to read."""

from dataclasses import replace

from handlers.effects import ThreadKind
from handlers.people import person
from handlers.say import Say, say
from handlers.turn import Answer, Turn
from tickets.city import City

MOST = 3  # messages in a row that are not understood


def unless_stuck(turn: Turn, city: City, answer: Answer) -> Answer:
    """The answer, or a person, who finds the report as it stands."""
    if answer.dialogue is None or answer.dialogue.misses < MOST:
        return answer
    handed = person.hand_over(turn, city, ThreadKind.STUCK, say(Say.STUCK))
    return replace(handed, dialogue=replace(answer.dialogue, misses=0))
