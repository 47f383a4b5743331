"""Who may do what at the desk: roles, what each may, and how a department bounds it. Pure; the desk asks, nobody else
decides."""

from collections.abc import Mapping
from enum import StrEnum

from tickets.model import Ticket


class Role(StrEnum):
    """What somebody is at the desk."""

    CLERK = "clerk"  # works tickets
    SUPERVISOR = "supervisor"  # of clerks: directs their work and owns the desk's settings
    ADMIN = "admin"  # gives and takes accounts as well
    AUDITOR = "auditor"  # reads, and changes nothing


class Right(StrEnum):
    """What a page or an act needs."""

    LOOK = "look"  # tickets, conversations, figures
    WORK = "work"  # act on tickets and in conversations
    DIRECT = "direct"  # other people's work: assign to others, many at once, what other departments have
    EXPORT = "export"  # files out of the desk
    ARRANGE = "arrange"  # settings that the desk owns
    ADMIT = "admit"  # accounts
    AUDIT = "audit"  # who did what


_MAY: Mapping[Role, frozenset[Right]] = {
    Role.CLERK: frozenset({Right.LOOK, Right.WORK}),
    Role.SUPERVISOR: frozenset({Right.LOOK, Right.WORK, Right.DIRECT, Right.EXPORT, Right.ARRANGE}),
    Role.ADMIN: frozenset(Right),
    Role.AUDITOR: frozenset({Right.LOOK, Right.EXPORT, Right.AUDIT}),
}


def may(role: Role, right: Right) -> bool:
    return right in _MAY[role]


def may_work(role: Role, department: str | None, ticket: Ticket) -> bool:
    """Whether this ticket is theirs to act on: of their department, or they direct others. Who has no department works
    for all."""
    if not may(role, Right.WORK):
        return False
    return department is None or ticket.department == department or may(role, Right.DIRECT)
