"""Rules that name a department: the first that fits counts, and a dry run knows where no words are needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.routing import Report, Rule, Tables, routed, without_words


def fold(text: str) -> frozenset[str]:
    return frozenset(text.split())


def rule(code: str, department: str, service: str | None = None, area: str | None = None, *words: str) -> Rule:
    return Rule(code=code, department=department, service=service, area=area, words=words)


SCHOOLS = rule("schools", "front", None, None, "school", "bus stop")
NORTH = rule("north", "parks", "tree", "norte")
TREES = rule("trees", "roads", "tree")


def report(service: str = "tree", area: str | None = "centro", text: str = "") -> Report:
    return Report(service=service, usual="usual", area=area, text=text)


@pytest.mark.parametrize(
    ("told", "rules", "department", "by"),
    [
        (report(), [], "usual", None),
        (report(), [NORTH, TREES], "roads", "trees"),
        (report(area="norte"), [NORTH, TREES], "parks", "north"),
        (report(area="norte"), [TREES, NORTH], "roads", "trees"),
        (report(area=None), [NORTH], "usual", None),
        (report("waste", text="the school"), [TREES, SCHOOLS], "front", "schools"),
        (report(text="a bus went by"), [SCHOOLS], "usual", None),
        (report(text="stop of the bus"), [SCHOOLS, TREES], "front", "schools"),
    ],
)
def test_the_first_rule_that_fits_wins_else_the_services_own(
    told: Report, rules: list[Rule], department: str, by: str | None
) -> None:
    found = routed(rules, told, fold)
    assert (found.department, found.rule) == (department, by)


SERVICES, AREAS, DEPARTMENTS = ("tree", "waste"), (None, "norte", "centro"), ("usual", "roads", "parks")
rules = st.builds(
    Rule,
    code=st.just("r"),
    department=st.sampled_from(DEPARTMENTS),
    service=st.sampled_from((None, *SERVICES)),
    area=st.sampled_from(AREAS),
    words=st.lists(st.sampled_from(("school", "bus stop", "lamp")), max_size=2).map(tuple),
)
texts = st.lists(st.sampled_from(("school", "bus", "stop", "lamp", "dog")), max_size=4).map(" ".join)


@given(before=st.lists(rules, max_size=4), after=st.lists(rules, max_size=4), text=texts)
def test_what_is_known_without_words_holds_for_all_words(before: list[Rule], after: list[Rule], text: str) -> None:
    tables = Tables(before=before, after=after, usual=dict.fromkeys(SERVICES, "usual"))
    for service in SERVICES:
        for area in AREAS:
            sure = without_words(before, service, "usual", area)
            told = report(service, area, text)
            assert sure is None or routed(before, told, fold).department == sure
            known = tables.known(service, area)
            if known is not None:
                expected = None if known[0] == known[1] else known
                assert tables.apart(report(service, area, text), fold) == expected


def test_reports_of_a_service_that_is_offered_no_more_stay_where_they_are() -> None:
    assert Tables(before=[], after=[TREES], usual={}).known("tree", None) == ("", "")
