"""What clerks have at hand: `desk.replies`, and `desk.bodies` beyond the city that tickets are handed to by e-mail."""

import re
from collections.abc import Iterator

from bot.settings.section import Mistake, Section, among, some_text
from channels import mailbox
from tickets.city import Canned, Partner

VARIABLES = ("number", "service", "due", "name")
LONGEST = 600  # characters of a reply
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
OWN = frozenset({"replies", "bodies"})  # the keys of `desk` that are read here


def read_replies(top: Section, languages: tuple[str, ...]) -> tuple[Canned, ...]:
    """`desk: {replies: [{code: thanks, names: {en: Thanks}, texts: {en: "Thank you, {name}."}}]}`, in which {number},
    {service}, {due} and {name} (the clerk's) stand for the ticket's own."""
    found = tuple(read_reply(section, languages) for section in _listed(top, "replies"))
    codes = [one.code for one in found]
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        top.wrong("desk", f"has the reply {code} twice; codes must differ", Mistake.TWICE)
    return found


def read_partners(top: Section, languages: tuple[str, ...]) -> tuple[Partner, ...]:
    """`desk: {bodies: [{names: {en: The power company}, address: desk@power.example, language: es}]}`."""
    return tuple(_partner(section, languages) for section in _listed(top, "bodies"))


def _listed(top: Section, name: str) -> Iterator[Section]:
    desk = top.section("desk") if top.has("desk") else None
    return desk.sections(name) if desk is not None and desk.has(name) else iter(())


def read_reply(section: Section, languages: tuple[str, ...]) -> Canned:
    """One of them."""
    canned = Canned(
        code=section.get("code", some_text, "a short word for it", ""),
        names=section.texts("names", languages),
        texts=section.texts("texts", languages),
    )
    for language, text in canned.texts.items():
        if len(text) > LONGEST:
            advice = f"has a text of {len(text)} characters; write at most {LONGEST}"
            section.wrong("texts", advice, Mistake.LONG, at=language, shown=str(LONGEST))
        for unknown in sorted(set(_IN_BRACES.findall(text)) - set(VARIABLES)):
            section.wrong(
                "texts",
                f"has {{{unknown}}}, which stands for nothing; write one of {{number}} {{service}} {{due}} {{name}}",
                Mistake.VARIABLE,
                at=language,
                shown=f"{{{unknown}}}",
            )
    section.done()
    return canned


def _partner(section: Section, languages: tuple[str, ...]) -> Partner:
    address = section.get("address", some_text, "an address of e-mail", "").strip()
    if address and (advice := mailbox.wrong(address)):
        section.wrong("address", advice)
    first = next(iter(languages), "")
    partner = Partner(
        names=section.texts("names", languages),
        address=address,
        language=section.get("language", among(languages), f"one of {', '.join(languages)}", first, required=False),
    )
    section.done()
    return partner
