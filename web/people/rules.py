"""What holds for accounts, whoever changes them: at the desk or at a terminal."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import StrEnum

from bot.ports import Clerk
from tickets.rights import Right, Role, may

SHORTEST, LONGEST = 12, 128  # characters of a password
NAME = 80  # characters of a name
INVITED = timedelta(days=7)  # how long an invitation opens
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


class Problem(StrEnum):
    """Why something was not done; templates have the words (people/words.html)."""

    LOGIN = "login"
    TAKEN = "taken"
    NAME = "name"
    CHOICE = "choice"
    SHORT = "short"
    LONG = "long"
    OWN_NAME = "own_name"
    GUESSABLE = "guessable"
    DIFFER = "differ"
    OLD_PASSWORD = "old_password"  # noqa: S105 - a problem, no password
    CODE = "code"
    WAIT = "wait"
    STALE = "stale"
    ONESELF = "oneself"
    LAST_ADMIN = "last_admin"
    ENDED = "ended"
    NO_CHANGE = "no_change"
    CHANNEL = "channel"
    ADDRESS = "address"


class Refused(Exception):
    """Nothing was written."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def problem_of_password(password: str, login: str) -> Problem | None:
    """Of a new one, as far as its length tells; web/people/guessable.py has the rest. No rules about signs."""
    if len(password) < SHORTEST:
        return Problem.SHORT
    if len(password) > LONGEST:
        return Problem.LONG
    return Problem.OWN_NAME if login and password.lower().replace(login.lower(), "") == "" else None


def check(before: Clerk, after: Clerk, everybody: Iterable[Clerk], by: str = "") -> None:
    """That somebody stays who can give accounts, and that who does this shuts not themselves out. Raises Refused."""
    if before.login == by and (after.ended_at or after.role is not before.role):
        raise Refused(Problem.ONESELF)
    others = (one for one in everybody if one.login != before.login)
    if _admits(before) and not _admits(after) and not any(map(_admits, others)):
        raise Refused(Problem.LAST_ADMIN)


def mark(clerk: Clerk) -> str:
    """Of an account as it stands: it differs once anybody changed it."""
    said = repr((clerk.name, clerk.role, clerk.department, clerk.contacts, clerk.language, clerk.ended_at))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def told(before: Clerk, after: Clerk) -> str:
    """What was changed, in few words: `role clerk > admin; contacts False > True`."""
    return "; ".join(_changes(before, after))


def _changes(before: Clerk, after: Clerk) -> Iterator[str]:
    for field in ("name", "role", "department", "contacts", "language"):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield f"{field} {old} > {new}"


def _admits(clerk: Clerk) -> bool:
    return clerk.ended_at is None and may(Role(clerk.role), Right.ADMIT)
