"""Instants as whole microseconds since 1970: so very many tickets are counted, for a driver takes longer to make a time
of each than all that is done with it."""

from datetime import UTC, datetime, timedelta

Instant = int  # microseconds since 1970
HOUR = 3_600_000_000  # microseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(at: datetime) -> Instant:
    return (at - _EPOCH) // _MICROSECOND


def moment(at: Instant) -> datetime:
    """In UTC."""
    return _EPOCH + at * _MICROSECOND
