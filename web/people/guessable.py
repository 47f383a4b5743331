"""Whether a password would be guessed soon: it is among the 30,000 that breaches showed most often, or made of them, of
common words and names, of rows of keys, of years, or of what everybody knows of its owner.

zxcvbn says so by frequency lists of its own; nothing leaves this process. Its work grows with a power of the length, so
of a long password only its ends are looked at: whichever is hard to guess makes the whole so.
"""

import asyncio
import re
import string
import threading
from collections.abc import Iterable

from web.people.rules import Problem, problem_of_password

LEAST = 3  # of zxcvbn's 0 to 4: "safely unguessable" where hashes are slow, and some 10^8 guesses
_END = 40  # characters of either end: at worst half a second of one core, mostly 5 ms
_WORD, _LITTLE = 3, 4  # letters of a word that is looked for; of what must be left beside such words
_BETWEEN = re.compile(rf"(19|20)\d\d|[\s{re.escape(string.punctuation)}]")
_ALSO = (
    "vecino", "contraseña", "contrasena", "clave", "senha", "motdepasse", "ayuntamiento", "alcaldia", "municipio",
    "municipalidad", "prefeitura", "mairie", "cityhall",
)  # fmt: skip
_ONE = threading.Lock()  # zxcvbn keeps the owner's words in a global while it works


async def problem_of(password: str, login: str, *names: str) -> Problem | None:
    """What is wrong with a new password; the look at lists is made in a thread. `names`: the owner's, the city's."""
    return problem_of_password(password, login) or await asyncio.to_thread(_problem, password, login, *names)


def guessable(password: str, known: Iterable[str] = ()) -> bool:
    """Whether somebody who knows these words of its owner has it soon. Blocks, at worst for a second."""
    words = list(_words(known))
    if _is_little_else(password, words):
        return True
    ends = dict.fromkeys((password[:_END], password[-_END:]))
    return all(_score(end, words) < LEAST for end in ends)


def _problem(password: str, *known: str) -> Problem | None:
    return Problem.GUESSABLE if guessable(password, known) else None


def _is_little_else(password: str, words: Iterable[str]) -> bool:
    """Whether it is these words, with a year and signs between them: `rosa.lima.2026`."""
    whole = rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) >= _WORD else rest
    return rest != whole and len(_BETWEEN.sub("", rest)) < _LITTLE


def _words(known: Iterable[str]) -> Iterable[str]:
    """Each as it is, without blanks, and in its parts."""
    for one in known:
        whole = one.lower().strip()
        yield from dict.fromkeys(filter(None, (whole, "".join(whole.split()), *re.split(r"[\W_]+", whole))))
    yield from _ALSO


def _score(password: str, words: list[str]) -> int:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # its lists are 50 ms to load, and most processes never take a password

    with _ONE:
        return int(zxcvbn(password, user_inputs=words, max_length=_END)["score"])
