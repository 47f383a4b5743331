"""A digest goes into JSON and comes back as it was."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from digest.data import Unreadable, decode, encode
from tickets.figures import Cluster, Digest, Figure, Figures, Kind, Old, Scope, Series, Source, Spread
from tickets.model import Point, Status
from tickets.period import Period

words = some.text(some.characters(exclude_categories=["Cs"]), max_size=8)
counts = some.integers(0, 2**53)
hours = some.floats(0, 1e6)
times = some.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=some.just(UTC))
periods = some.builds(Period, begin=some.dates(date(1970, 1, 2), date(2100, 1, 1)), days=some.integers(1, 400))
spreads = some.none() | some.builds(Spread, n=counts, median=hours, p90=hours)
points = some.none() | some.builds(Point, latitude=some.floats(-90, 90), longitude=some.floats(-180, 180))
figures = some.builds(
    Figures, period=periods, counts=some.dictionaries(some.sampled_from(Figure), counts), answer=spreads,
    resolution=spreads, satisfaction=some.none() | some.floats(1, 5),
)  # fmt: skip
scopes = some.builds(Scope, kind=some.sampled_from(Kind), code=words)
before = some.lists(some.none() | figures, max_size=3).map(tuple)
series = some.builds(Series, scope=scopes, before=before, now=figures)
clusters = some.builds(
    Cluster,
    service=words,
    area=some.none() | words,
    street=some.none() | words,
    point=points,
    filed=counts,
    open=counts,
)
old = some.builds(
    Old, number=words, service=words, department=words, area=some.none() | words, street=some.none() | words,
    status=some.sampled_from(Status), filed_at=times, due_at=times, followers=counts,
)  # fmt: skip
by_code = some.dictionaries(words, counts, max_size=3)
digests = some.builds(
    Digest, city=words, period=periods, made_at=times, whole=series, parts=some.lists(series, max_size=2).map(tuple),
    clusters=some.lists(clusters, max_size=2).map(tuple), oldest=some.lists(old, max_size=2).map(tuple),
    ages=some.lists(counts, max_size=4).map(tuple), services=by_code, channels=by_code, languages=by_code,
    missing=some.lists(some.sampled_from(Source), unique=True).map(tuple),
)  # fmt: skip


few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # each is large


@few
@given(digests)
def test_every_digest_comes_back_as_it_went(digest: Digest) -> None:
    assert decode(encode(digest)) == digest


@few
@given(digests)
def test_other_programs_read_the_same_figures_under_their_names(digest: Digest) -> None:
    read: Mapping[str, Any] = json.loads(encode(digest))
    assert read["whole"]["now"]["counts"] == {figure.value: n for figure, n in digest.whole.now.counts.items()}
    assert read["period"]["begin"] == digest.period.begin.isoformat()
    assert datetime.fromisoformat(read["made_at"]) == digest.made_at


@pytest.mark.parametrize("written", ["", "{", "null", "{}", '{"city": 3}', "\ud83d"])
def test_what_is_no_digest_is_refused_with_a_sentence_that_holds_nothing_of_it(written: str) -> None:
    with pytest.raises(Unreadable, match="This is no digest"):
        decode(written)
