"""What a city tells of its own work: counted in another way, and what must not be told is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.town import CITY
from tickets.city import City
from tickets.figures import SMALL
from tickets.instant import HOUR, Instant, instant
from tickets.openness import Openness, Precision
from tickets.town import WEEKS, Counting, Life, Town, Verdict, bounds, on_map

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)  # a Wednesday
PLAIN: City = replace(CITY, openness=Openness())
CAREFUL: City = replace(CITY, openness=Openness(precisions={"noise": Precision.AREA}, few=5))
BEGIN, END = bounds(NOW, CITY.calendar.zone)
DAY = 24 * HOUR


def life(days: float = 10, *, service: str = "pothole", area: str = "centro", **more: object) -> Life:
    """Filed so many days before the weeks end, and promised for three days later."""
    filed = instant(END - timedelta(days=days))
    plain = Life(
        service=service, area=area, filed=filed, due=filed + 3 * DAY, closed=None, resolved=False, waits=False
    )  # fmt: skip
    return plain._replace(**more)  # type: ignore[arg-type]


def counted(*lives: Life, city: City = PLAIN, verdicts: tuple[Verdict, ...] = ()) -> Town:
    counting = Counting(city, NOW)
    counting.add(lives)
    counting.say(verdicts)
    return counting.town()


def closed(one: Life, days: float) -> Life:
    return one._replace(closed=one.filed + int(days * DAY), resolved=True)


def test_the_weeks_end_with_the_last_one_that_is_over() -> None:
    town = counted()
    assert len(town.weeks) == WEEKS
    assert (town.weeks[0].period.begin.isoformat(), town.weeks[-1].period.last.isoformat()) == (
        "2026-08-31", "2026-11-22",
    )  # fmt: skip


def test_what_was_closed_by_its_date_was_kept_and_a_new_date_changes_nothing() -> None:
    town = counted(closed(life(), 2), closed(life(), 4), life(), life(days=-1))
    assert (town.whole.due, town.whole.on_time, town.whole.open, town.whole.late) == (3, 1, 2, 1)


def test_a_ticket_that_waits_for_its_citizen_is_neither_late_nor_broken() -> None:
    town = counted(life(waits=True))
    assert (town.whole.due, town.whole.late, town.whole.open) == (0, 0, 1)


def test_shares_and_medians_of_few_are_not_told() -> None:
    few = counted(*[closed(life(), 2)] * (SMALL - 1), verdicts=(Verdict("pothole", "centro", True),) * (SMALL - 1))
    assert (few.whole.on_time_share, few.whole.median, few.whole.disputed_share) == (None, None, None)
    verdicts = (*(Verdict("pothole", "centro", True),) * (SMALL - 1), Verdict("pothole", "centro", False))
    enough = counted(*[closed(life(), 2)] * SMALL, verdicts=verdicts)
    assert (enough.whole.on_time_share, enough.whole.median, enough.whole.disputed_share) == (1.0, 48.0, 1 / SMALL)


def test_a_sensitive_service_is_in_no_areas_numbers_and_its_small_counts_are_not_told() -> None:
    town = counted(life(), *[life(service="noise")] * 4, city=CAREFUL, verdicts=(Verdict("noise", "centro", False),))
    assert [(one.code, one.filed, one.answers) for one in town.areas] == [("centro", 1, 0)]
    pothole, noise = town.services
    assert (pothole.told(pothole.filed), noise.told(noise.filed), noise.told(noise.closed)) == (1, None, None)
    more = counted(*[life(service="noise")] * 5, city=CAREFUL).services[0]
    assert (more.told(more.filed), more.told(more.closed)) == (5, None)


def test_on_the_map_few_sensitive_tickets_are_nowhere() -> None:
    counts = {("noise", "centro"): 4, ("noise", "hillside"): 5, ("pothole", "centro"): 2, ("pothole", ""): 7}
    assert on_map(counts, CAREFUL) == {"hillside": 5, "centro": 2}
    assert on_map(counts, PLAIN) == {"hillside": 5, "centro": 6}


def test_services_and_areas_that_the_city_no_longer_has_count_for_the_whole_only() -> None:
    town = counted(life(service="gone", area="gone"))
    assert (town.whole.filed, town.services, town.areas) == (1, (), ())


_AT = st.integers(instant(BEGIN - timedelta(days=40)), instant(NOW))


@st.composite
def lives(draw: st.DrawFn) -> Life:
    filed: Instant = draw(_AT)
    end = draw(st.none() | st.integers(filed, max(filed, instant(NOW))))
    return Life(
        service=draw(st.sampled_from(["pothole", "noise"])), area=draw(st.sampled_from(["centro", "hillside", ""])),
        filed=filed, due=filed + draw(st.integers(0, 20)) * DAY, closed=end, resolved=draw(st.booleans()),
        waits=end is None and draw(st.booleans()),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(lives(), max_size=25))
def test_each_weeks_backlog_is_what_was_open_when_it_ended(some: list[Life]) -> None:
    town = counted(*some)
    for week in town.weeks:
        begin, end = (instant(at) for at in week.period.instants(CITY.calendar.zone))
        assert week.open == sum(one.filed < end and (one.closed is None or one.closed >= end) for one in some)
        assert week.filed == sum(begin <= one.filed < end for one in some)
        assert week.closed == sum(one.closed is not None and begin <= one.closed < end for one in some)
    assert sum(one.filed for one in town.services) == town.whole.filed
