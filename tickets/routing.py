"""Which department gets a ticket: the first of the city's rules that fits, else the service's usual one. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Fold = Callable[[str], frozenset[str]]  # a text's words, as they are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds of all that it names goes to its department. `words`: one of them, or all words of one of several
    words in any order, stands in the report. None and empty: whatever it is."""

    code: str
    department: str
    service: str | None = None
    area: str | None = None
    words: tuple[str, ...] = ()

    def may_fit(self, service: str, area: str | None) -> bool:
        """As far as service and area tell."""
        return self.service in (None, service) and self.area in (None, area)

    def fits(self, report: "Report", fold: Fold) -> bool:
        if not self.may_fit(report.service, report.area):
            return False
        return not self.words or any(fold(words) <= report.said(fold) for words in self.words)


@dataclass(slots=True, kw_only=True)
class Report:
    """What rules look at. `usual`: the department of its service; `text`: all that was said of it."""

    service: str
    usual: str
    area: str | None
    text: str = field(repr=False)
    _said: frozenset[str] | None = field(default=None, repr=False)

    def said(self, fold: Fold) -> frozenset[str]:
        """Its words, folded when the first rule asks for them."""
        if self._said is None:
            self._said = fold(self.text)
        return self._said


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """To whom, and by the rule of which code; None: it is the service's usual department."""

    department: str
    rule: str | None = None


def routed(rules: Iterable[Rule], report: Report, fold: Fold) -> Routed:
    """The first rule that fits wins."""
    for rule in rules:
        if rule.fits(report, fold):
            return Routed(department=rule.department, rule=rule.code)
    return Routed(department=report.usual)


def without_words(rules: Iterable[Rule], service: str, usual: str, area: str | None) -> str | None:
    """The department of all reports of this service in this area, whatever they say; None where words decide."""
    by_words: set[str] = set()
    for rule in rules:
        if rule.may_fit(service, area):
            if not rule.words:
                return rule.department if by_words <= {rule.department} else None
            by_words.add(rule.department)
    return usual if by_words <= {usual} else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Two ordered lists of rules, before and after, and each service's usual department by its code."""

    before: Sequence[Rule]
    after: Sequence[Rule]
    usual: Mapping[str, str]

    def apart(self, report: Report, fold: Fold) -> tuple[str, str] | None:
        """From which department to which the change would take it; None: it stays."""
        old, new = (routed(rules, report, fold).department for rules in (self.before, self.after))
        return None if old == new else (old, new)

    def known(self, service: str, area: str | None) -> tuple[str, str] | None:
        """Both departments, where no words are needed to tell; of a service that is offered no more its reports
        stay."""
        usual = self.usual.get(service)
        if usual is None:
            return "", ""
        old, new = (without_words(rules, service, usual, area) for rules in (self.before, self.after))
        if old is not None and new is not None:
            return old, new
        return ("", "") if self._same(service, area) else None

    def _same(self, service: str, area: str | None) -> bool:
        """The same rules may fit, in the same order: words lead nowhere else."""
        fitting = [[one for one in rules if one.may_fit(service, area)] for rules in (self.before, self.after)]
        lead = [[(one.words, one.department) for one in rules] for rules in fitting]
        return lead[0] == lead[1]
