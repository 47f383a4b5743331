"""What the citizens of the throughput bench say: a report, "yes", a question after it, thanks; no text twice.

A name and a house number stand in every message, so that neither our cache of parses nor anybody else's helps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from benchmarks.phrases import PHRASES
from nlu.contract import LANGUAGES

MESSAGES = 4  # of a conversation
_FIRST = ("Ana", "Juan", "Luz", "Pedro", "Rosa", "Marc", "Grace", "Kofi", "Inês", "Davi", "Chloé", "Omar")
_LAST = ("Gómez", "Rojas", "Souza", "Lima", "Smith", "Mensah", "Martin", "Diallo", "Pérez", "Alves", "Brown", "Dubois")
_YES = {
    "es": "sí, así está bien, soy {who}", "pt": "sim, está certo, aqui é {who}", "en": "yes, that is right, {who} here",
    "fr": "oui, c'est bien ça, ici {who}",
}  # fmt: skip
_PLACE = {"es": "es en la {place}", "pt": "é na {place}", "en": "it is at {place}", "fr": "c'est au {place}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One conversation. `place` answers "where?"; `status` has a hole for the number of the ticket."""

    language: str
    report: str
    yes: str
    place: str
    status: str
    thanks: str


class Texts:
    """Conversations without end, in the four languages in turn. `marks` are the house numbers; by default none comes
    twice."""

    def __init__(self, random: Random, marks: Iterator[int] | None = None) -> None:
        self._random, self._marks = random, marks or count(10_000)
        self.said: dict[str, int] = {}

    def conversations(self) -> Iterator[Lines]:
        for n in count():
            yield self._conversation(LANGUAGES[n % len(LANGUAGES)])

    def say(self, text: str) -> str:
        """Counts it; the share of repeated ones is the most that a cache could have helped."""
        self.said[text] = self.said.get(text, 0) + 1
        return text

    @property
    def repeated(self) -> float:
        """The share of messages whose text was said before."""
        total = sum(self.said.values())
        return 1 - len(self.said) / total if total else 0.0

    def _conversation(self, language: str) -> Lines:
        phrases, mark = PHRASES[language], next(self._marks)
        who = f"{self._random.choice(_FIRST)} {self._random.choice(_LAST)} {mark}"
        place = phrases.place.format(mark=mark)
        return Lines(
            language=language, report=self._random.choice(phrases.whole).format(mark=mark),
            yes=_YES[language].format(who=who), place=_PLACE[language].format(place=place),
            status=phrases.status, thanks=f"{phrases.thanks}, {who}",
        )  # fmt: skip
