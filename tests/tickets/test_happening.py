"""What others are told that happened."""

from datetime import UTC, datetime

import pytest

from tickets.happening import happening
from tickets.model import CITIZEN, Change, Event, Field, Status, Update

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def update(event: Event, old: Status | None = None, new: Status | None = None, **more: object) -> Update:
    fields: dict[str, object] = {"number": "A", "version": 2, "at": NOW, "actor": CITIZEN, "event": event}
    return Update(**(fields | {"old": old, "new": new} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(("one", "told"), [
    (update(Event.FILED, new=Status.RECEIVED, version=1), "filed"),
    (update(Event.MOVED, Status.RECEIVED, Status.TRIAGED), "updated"),
    (update(Event.MOVED, Status.RECEIVED, Status.RESOLVED), "closed"),
    (update(Event.MERGED, Status.RECEIVED, Status.DUPLICATE), "closed"),
    (update(Event.MOVED, Status.RESOLVED, Status.DECLINED), "updated"),
    (update(Event.REOPENED, Status.RESOLVED, Status.IN_PROGRESS), "reopened"),
    (update(Event.UNMERGED, Status.DUPLICATE, Status.TRIAGED), "reopened"),
    (update(Event.REOPENED, Status.WAITING, Status.WAITING), "updated"),
    (update(Event.UNDONE, Status.RESOLVED, Status.TRIAGED), "reopened"),
    (update(Event.CORRECTED), "updated"),
    (update(Event.FOLLOWED), "updated"),
    (update(Event.ERASED), "updated"),
    (update(Event.COMMENTED), None),
    (update(Event.ASSIGNED), None),
    (update(Event.ANSWERED), None),
    (update(Event.RERANKED), None),
    (update(Event.RERANKED, changes=(Change(field=Field.DUE, old="a", new="b"),)), "updated"),
])  # fmt: skip
def test_others_are_told_what_they_can_see(one: Update, told: str | None) -> None:
    assert happening(one) == told
