"""Sheets of tickets for tests."""

from bot.ports.opendata import Sheet
from tickets.instant import instant
from tickets.public import PublicTicket


def sheet(*tickets: PublicTicket) -> Sheet:
    return Sheet(
        number=[one.number for one in tickets],
        service=[one.service for one in tickets],
        department=[one.department for one in tickets],
        status=[one.status.value for one in tickets],
        filed_at=[instant(one.filed_at) for one in tickets],
        changed_at=[instant(one.changed_at) for one in tickets],
        due_at=[instant(one.due_at) for one in tickets],
        first_due_at=[one.first_due_at and instant(one.first_due_at) for one in tickets],
        closed_at=[one.closed_at and instant(one.closed_at) for one in tickets],
        latitude=[one.point and one.point.latitude for one in tickets],
        longitude=[one.point and one.point.longitude for one in tickets],
        street=[one.street for one in tickets],
        area=[one.area for one in tickets],
        words=[one.words for one in tickets],
        photos=[one.photos for one in tickets],
        news=[one.news for one in tickets],
        followers=[one.followers for one in tickets],
        reopened=[one.reopened for one in tickets],
        outside=[one.outside for one in tickets],
        merged_into=[one.merged_into for one in tickets],
    )
