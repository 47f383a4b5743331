"""Invented values that many tests begin with."""

from datetime import UTC, datetime

from tickets.model import Place, Priority, Status, Ticket

TICKET = Ticket(
    number="7K3-9QX",
    service="pothole",
    department="roads",
    status=Status.RECEIVED,
    priority=Priority.NORMAL,
    place=Place(words="Av. Bolívar 123", street="Avenida Bolívar", area="centro"),
    description="hay un bache enorme en Av. Bolívar 123",
    reporter=1,
    channel="telegram",
    language="es",
    confidence=0.93,
    filed_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
    due_at=datetime(2026, 11, 27, 21, tzinfo=UTC),
)
