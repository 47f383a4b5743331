"""`routing` of config.yml: which department gets what its service's usual one does not, optional."""

import re
from collections.abc import Iterable

from bot.settings.section import Mistake, Section, among, some_texts
from handlers.phrases.stems import stems
from tickets.city import Area, Department, Service
from tickets.routing import Rule

MOST = 200  # rules; each report is held against all of them
WORDS, LONGEST = 60, 60  # of one rule, and characters of each
CODE = re.compile(r"[a-z0-9_]{1,40}")
_CODE = "a short word for it, of small letters, digits and _"
_WORDS = f"a list of at most {WORDS} words such as [school, bus stop], each of at most {LONGEST} characters"


def read_routing(
    top: Section, departments: Iterable[Department], services: Iterable[Service], areas: Iterable[Area]
) -> tuple[Rule, ...]:
    """`routing: [{code: schools, service: tree, area: centro, words: [school, escuela], department: front}]`, of which
    the first that fits counts: what is left out of service, area and words fits whatever it is. A word is found in
    other endings too, and without its accents; of several in a row each must be there."""
    if not top.has("routing"):
        return ()
    known = _codes(departments), _codes(services), _codes(areas)
    rules = tuple(_rule(section, *known) for section in top.sections("routing"))
    codes = [rule.code for rule in rules if rule.code]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        top.wrong("routing", f"has the code {code} twice; codes must differ", Mistake.TWICE, shown=code)
    if len(rules) > MOST:
        top.wrong("routing", f"has {len(rules)} rules; write at most {MOST}", Mistake.LONG, shown=str(MOST))
    return rules


def _rule(
    section: Section, departments: tuple[str, ...], services: tuple[str, ...], areas: tuple[str, ...]
) -> Rule:  # fmt: skip
    none: tuple[str, ...] = ()
    one_of = "the code of one of `{}`".format
    rule = Rule(
        code=section.get("code", _code, _CODE, ""),
        department=section.get("department", among(departments), one_of("departments"), ""),
        service=section.get("service", among(services), one_of("services"), "", required=False) or None,
        area=section.get("area", among(areas), one_of("areas"), "", required=False) or None,
        words=section.get("words", _words, _WORDS, none, required=False),
    )
    for words in rule.words:
        if not stems(words):
            advice = f"has `{words}`, which stands in too many reports to tell anything; write another word"
            section.wrong("words", advice, Mistake.ROW, shown=words)
    if not any(section.has(name) for name in ("service", "area", "words")):
        section.wrong("code", "names neither service nor area nor words; write what the rule is for", Mistake.EMPTY)
    section.done()
    return rule


def _codes(many: Iterable[Department | Service | Area]) -> tuple[str, ...]:
    return tuple(one.code for one in many)


def _code(value: object) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ValueError
    return value


def _words(value: object) -> tuple[str, ...]:
    words = some_texts(value)
    if not 1 <= len(words) <= WORDS or any(len(one) > LONGEST for one in words):
        raise ValueError
    return words
