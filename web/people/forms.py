"""The form of an account as it was sent, and what is wrong with it, by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.ports import Clerk
from tickets.city import City
from tickets.rights import Role
from web.people.rules import LOGIN, NAME, Problem, mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What stands in the form. `seen` is the mark of the account that its sender saw."""

    login: str = ""
    name: str = ""
    role: str = Role.CLERK
    department: str = ""
    contacts: bool = False
    language: str = ""
    seen: str = ""
    problems: Mapping[str, Problem] = field(default_factory=dict)

    def onto(self, clerk: Clerk) -> Clerk:
        """The account as the form wants it."""
        return replace(
            clerk,
            name=self.name,
            role=Role(self.role),
            department=self.department or None,
            contacts=self.contacts,
            language=self.language,
        )

    def wrong(self, name: str, problem: Problem) -> "Account":
        return replace(self, problems={**self.problems, name: problem})


def of(clerk: Clerk) -> Account:
    """The form as it stands before anybody typed."""
    return Account(
        login=clerk.login,
        name=clerk.name,
        role=clerk.role,
        department=clerk.department or "",
        contacts=clerk.contacts,
        language=clerk.language,
        seen=mark(clerk),
    )


def read(fields: Mapping[str, str], city: City, login: str | None = None) -> Account:
    """The form that was sent: of a new account, or of that of this login."""
    typed = Account(
        login=fields.get("login", "").strip() if login is None else login,
        name=" ".join(fields.get("name", "").split()),
        role=fields.get("role", ""),
        department=fields.get("department", ""),
        contacts="contacts" in fields,
        language=fields.get("language", ""),
        seen=fields.get("seen", ""),
    )
    problems = _problems(typed, city)
    if login is None and not LOGIN.fullmatch(typed.login):
        problems["login"] = Problem.LOGIN
    return replace(typed, problems=problems)


def _problems(typed: Account, city: City) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    if not typed.name or len(typed.name) > NAME or not typed.name.isprintable():
        found["name"] = Problem.NAME
    choices = {
        "role": set(map(str, Role)),
        "department": {"", *(one.code for one in city.departments)},
        "language": set(city.languages),
    }
    return found | {name: Problem.CHOICE for name, known in choices.items() if getattr(typed, name) not in known}
