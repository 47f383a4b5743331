"""Twilio's words for what became of a message, as tables: its message statuses and its error codes.

Source: Twilio's Message resource ("Message status values") and its error dictionary.
"""

from channels import Rejected, Throttled, Unavailable
from channels.message import Delivery
from channels.reason import Reason

# Our `queued` and `sending` end when Twilio has accepted a message, so everything up to its own `sent` is our `sent`:
# a report of any of them proves that a send whose answer was lost has arrived.
DELIVERIES = {
    "accepted": Delivery.SENT,
    "scheduled": Delivery.SENT,
    "queued": Delivery.SENT,
    "sending": Delivery.SENT,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "partially_delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}

REASONS = {
    21211: Reason.NOT_A_NUMBER,
    21214: Reason.UNREACHABLE,
    21217: Reason.NOT_A_NUMBER,
    21401: Reason.NOT_A_NUMBER,
    21408: Reason.REGION_NOT_ALLOWED,
    21421: Reason.NOT_A_NUMBER,
    21601: Reason.SENDER,
    21605: Reason.TOO_LONG,
    21606: Reason.SENDER,
    21608: Reason.SENDER,  # a trial account sends to verified numbers only
    21610: Reason.OPTED_OUT,
    21612: Reason.UNREACHABLE,
    21614: Reason.NOT_A_NUMBER,
    21617: Reason.TOO_LONG,
    21655: Reason.NO_TEMPLATE,
    21656: Reason.NO_TEMPLATE,
    21659: Reason.SENDER,
    21660: Reason.SENDER,
    30002: Reason.UNAUTHORIZED,
    30003: Reason.UNREACHABLE,
    30004: Reason.BLOCKED,
    30005: Reason.GONE,
    30006: Reason.UNREACHABLE,
    30007: Reason.FILTERED,
    30034: Reason.SENDER,
    30036: Reason.EXPIRED,
    63001: Reason.UNAUTHORIZED,
    63003: Reason.UNREACHABLE,
    63007: Reason.SENDER,
    63013: Reason.FILTERED,
    63014: Reason.BLOCKED,
    63015: Reason.SENDER,  # the sandbox sends only to those who joined it
    63016: Reason.OUTSIDE_WINDOW,
    63024: Reason.UNREACHABLE,
    63028: Reason.NO_TEMPLATE,
    63033: Reason.BLOCKED,
    63049: Reason.FILTERED,
}

SLOW_DOWN = frozenset({14107, 20429, 21611, 63018})
PAUSE = 5.0  # seconds, where Twilio names none

# What a person must set right, or what passes: the message waits for it instead of being lost.
WAITS = {20003: Reason.UNAUTHORIZED, 20404: Reason.UNAUTHORIZED, 20500: Reason.PROVIDER, 20503: Reason.PROVIDER}


def error(code: int, status: int) -> Rejected | Throttled | Unavailable:
    """What a refused request means; `code` is 0 where Twilio gave none. A 5xx may have been accepted all the same."""
    if code in SLOW_DOWN:
        return Throttled(PAUSE, whole=True)
    if status >= 500 or code in WAITS:
        return Unavailable(WAITS.get(code, Reason.PROVIDER), uncertain=status >= 500 and status != 503)
    if status in {401, 403} and code not in REASONS:
        return Unavailable(Reason.UNAUTHORIZED)
    return Rejected(REASONS.get(code, Reason.REFUSED), str(code or status))
