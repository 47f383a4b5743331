"""Who did what at the desk, beside the tickets' own histories: log-ins, exports, looks at contacts, accounts."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.ports.page import Page


class Deed(StrEnum):
    """What was done."""

    LOGGED_IN = "logged_in"
    LOG_IN_FAILED = "log_in_failed"
    LOGGED_OUT = "logged_out"
    SESSION_ENDED = "session_ended"  # by its clerk or an admin
    CONTACT_SEEN = "contact_seen"
    EXPORTED = "exported"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_ENDED = "account_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a deed, no password
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SETTING_CHANGED = "setting_changed"
    HOOK_ADDED = "hook_added"
    HOOK_CHANGED = "hook_changed"
    HOOK_REMOVED = "hook_removed"
    KEY_ADDED = "key_added"
    KEY_REVOKED = "key_revoked"
    ERASED = "erased"  # somebody's data, at their wish: what and how much, never whose
    FORGOTTEN = "forgotten"  # lines of this audit that were older than it keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit. `login` is as it was typed where nobody came in; `subject` is what it was done to: a
    ticket's number, a login, a setting's name. `detail` in few words, stored sealed."""

    at: datetime
    login: str
    deed: Deed
    subject: str = ""
    detail: str = field(default="", repr=False)
    id: int = 0


class Audit(Protocol):
    """Only ever appended to; forgotten by the retention rules."""

    async def note(self, entry: Entry) -> None: ...

    async def page(self, offset: int, limit: int, login: str = "", deed: Deed | None = None) -> Page[Entry]:
        """The newest first."""
        ...

    async def forget(self, before: datetime, limit: int) -> int:
        """Delete so many of the lines that are older; how many."""
        ...
