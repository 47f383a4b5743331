"""The English source of every word of a digest. The catalogues in locales/ translate these very texts.

For staff with ten minutes a week: plain words, no statistics ("9 of 10 within", never a percentile).
"""

from collections.abc import Mapping

from digest.measures import Measure, Rate
from tickets.figures import Figure, Source
from tickets.model import Status


def _(message: str) -> str:
    """Marks a text for extraction; the translation happens when it is said."""
    return message


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Marks a text with a plural."""
    return one, many


CHANNELS: Mapping[str, str] = {
    "telegram": "Telegram",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "simulated_telegram": _("Telegram (simulator)"),
    "simulated_sms": _("SMS (simulator)"),
    "simulated_whatsapp": _("WhatsApp (simulator)"),
}

STATES: Mapping[Status, str] = {  # as the desk says them (web/templates/words.html)
    Status.RECEIVED: _("Received"),
    Status.TRIAGED: _("Triaged"),
    Status.IN_PROGRESS: _("In progress"),
    Status.WAITING: _("Waiting"),
}

PAIR = _("{name}: {value}")
WHOLE_WEEK = _("Week {week}, {days}")
WHOLE_WEEK_OF = _("Week {week} of {year}, {days}")
NO_AREA = _("outside every area")
NO_DEPARTMENT = _("no department")
SUBJECT = _("{scope}: {filed} filed, {late} late ({days})")
RUNNING = _("This week is not over; figures until {at}")
RUNNING_PERIOD = _("This period is not over; figures until {at}")
MADE = _("Made by Vecino, {at}")

# "Open" alone is said of one report elsewhere; the catalogues (the English one too) have the short words for these.
NAMES: Mapping[Measure, str] = {
    Figure.FILED: _("Reports filed"),
    Figure.CLOSED: _("Reports closed"),
    Figure.OPEN: _("Reports open"),
    Figure.LATE: _("Reports late"),
    Figure.DUE: _("Promises that fell due"),
    Figure.ON_TIME: _("of those: kept"),
    Rate.ON_TIME: _("Promises kept"),
    Figure.ANSWERED: _("First answers"),
    Rate.ANSWER: _("First answer: half within"),
    Rate.ANSWER_9: _("First answer: 9 of 10 within"),
    Figure.RESOLVED: _("Solved"),
    Rate.RESOLUTION: _("Solved: half within"),
    Rate.RESOLUTION_9: _("Solved: 9 of 10 within"),
    Figure.REOPENED: _("Reopened"),
    Figure.ASKED: _("Asked whether it is fixed"),
    Figure.CONFIRMED: _("of those: yes"),
    Figure.DISPUTED: _("of those: no"),
    Figure.UNANSWERED: _("of those: no answer"),
    Figure.RATED: _("Ratings"),
    Rate.SATISFACTION: _("Satisfaction, 1 to 5"),
    Figure.FOLLOWERS: _("Neighbours who follow open reports"),
    Figure.SPARED: _("Joined instead of filing the same again"),
    Figure.BROKEN: _("Missed dates that citizens were told of"),
    Figure.UNDELIVERED: _("Notices that reached nobody"),
    Figure.UNLOCATED: _("Filed without a place we know"),
    Figure.UNSURE: _("Filed with an uncertain kind"),
}

HEADS: Mapping[Measure, str] = {  # of narrow columns
    Figure.FILED: _("Reports filed"),
    Figure.CLOSED: _("Reports closed"),
    Figure.OPEN: _("Reports open"),
    Figure.LATE: _("Reports late"),
    Rate.ON_TIME: _("Promises kept"),
    Rate.ANSWER: _("Half answered"),
    Rate.ANSWER_9: _("9 of 10 answered"),
    Rate.RESOLUTION: _("Half solved"),
    Rate.RESOLUTION_9: _("9 of 10 solved"),
    Figure.REOPENED: _("Reopened"),
    Figure.DISPUTED: _("Not fixed"),
    Rate.SATISFACTION: _("Rating 1-5"),
    Figure.FOLLOWERS: _("Followers"),
    Figure.SPARED: _("Joined"),
    Figure.BROKEN: _("Missed, told"),
}

LEADS: Mapping[Measure, tuple[str, str]] = {  # more than usual, less than usual
    Figure.FILED: (_("More reports came in than usual"), _("Fewer reports came in than usual")),
    Figure.CLOSED: (_("More reports were closed"), _("Fewer reports were closed")),
    Figure.OPEN: (_("More reports are open"), _("Fewer reports are open")),
    Figure.LATE: (_("More reports are late"), _("Fewer reports are late")),
    Figure.BROKEN: (_("More promised dates were missed"), _("Fewer promised dates were missed")),
    Rate.ON_TIME: (_("More promises were kept"), _("Fewer promises were kept")),
    Rate.ANSWER: (_("First answers take longer"), _("First answers come sooner")),
    Rate.RESOLUTION: (_("Solving takes longer"), _("Reports are solved sooner")),
    Figure.REOPENED: (_("More reports had to be reopened"), _("Fewer reports had to be reopened")),
    Figure.DISPUTED: (_("More citizens say that it is not fixed"), _("Fewer citizens say that it is not fixed")),
    Rate.SATISFACTION: (_("Citizens are more satisfied"), _("Citizens are less satisfied")),
    Figure.UNDELIVERED: (_("More notices reached nobody"), ""),
}
LEAD_OF_PART = _("{lead} ({scope})")
CHANGED = _("{lead}: {now}; usually {usual}, the week before {before}")
CHANGED_PERIOD = _("{lead}: {now}; usually {usual}, the period before {before}")
CHANGED_LATELY = _("{lead}: {now}; usually {usual}")
ABOVE_ALL = _("{sentence}; above all {where}: {value}")
SMALL_SAMPLE = _("{value} (small sample)")
OUT_OF = _("{share} ({part} of {whole})")
HALF_OF = ngettext("half of {n} within {hours}", "half of {n} within {hours}")
RATED = ngettext("{rating} (from {n} rating)", "{rating} (from {n} ratings)")
PILED = ngettext(
    "{n} report came from one place: {service}, {place}; still open: {open}",
    "{n} reports came from one place: {service}, {place}; still open: {open}",
)
EMPTY = _("Nothing was filed this week")
EMPTY_PERIOD = _("Nothing was filed in this period")
EMPTY_USUAL = _("{sentence}; usually {usual}")
FIRST = _("This is the first week, so there is nothing to compare it with")
FIRST_PERIOD = _("This is the first period, so there is nothing to compare it with")
STEADY = _("Nothing changed much")
STEADY_ELSE = _("Nothing else changed much")
STANDING = _("Open: {open}; of those late: {late}")
KEPT = _("Promises kept: {value}")
NONE_DUE = _("No promise fell due this week")
NONE_DUE_PERIOD = _("No promise fell due in this period")
WORK = _("Filed: {filed}; closed: {closed}")
SENTENCE = _("{sentence}.")

NOT_KNOWN = _("not known")
NO_CASES = _("no cases")
MARK_WORSE = _("worse than usual")
MARK_BETTER = _("better than usual")
MARK_MORE = _("more than usual")
MARK_FEWER = _("fewer than usual")
MARK_SAME = _("about as usual")
KEY_WAS = _("usually {usual}, week before {before}")
KEY_WAS_PERIOD = _("usually {usual}, period before {before}")

MINUTES = _("{n} min")
HOURS = _("{n} h")
DAYS = _("{n} d")

NOW = _("This week")
NOW_PERIOD = _("This period")
BEFORE = _("Week before")
BEFORE_PERIOD = _("Period before")
USUAL = _("Usual")
SHARE = _("Share")

DEPARTMENTS = _("Departments")
AREAS = _("Areas")
WORK_OF = _("Work of the week")
SPEED_OF = _("Promises and speed: how soon half, and 9 of 10, were answered and solved")
TRUST_OF = _("What citizens say, and how many are concerned")
CLUSTERS = _("Where reports pile up")
OLDEST = _("The oldest ones open")
INTAKE = _("How reports came in")
ALL_FIGURES = _("All figures")
UNKNOWN = _("What we do not know")
HEADLINES = _("What changed most")

LEGEND = _("In small print: the week before · usual (mean of the {n} weeks before). Most late first.")
LEGEND_PERIOD = _("In small print: the period before · usual (mean of the {n} periods before). Most late first.")
LEGEND_BOLD = _("Bold: worse than usual.")
LEGEND_DASH = _("{dash}: no cases, or not known.")
LEGEND_SMALL = _("* small sample: fewer than {n} cases.")
LEGEND_RATING = _("Ratings: in brackets how many.")
AND_MORE = ngettext(
    "And {n} more, in the table that comes with this.", "And {n} more, in the table that comes with this."
)
USUAL_MEANS = ngettext(
    "Usual: the mean of the {n} week before that is known.", "Usual: the mean of the {n} weeks before that are known."
)
USUAL_MEANS_PERIODS = ngettext(
    "Usual: the mean of the {n} period before that is known.",
    "Usual: the mean of the {n} periods before that are known.",
)

SERVICE = _("What")
PLACE = _("Where")
NUMBER = _("Number")
DEPARTMENT = _("Department")
FILED_ON = _("Filed on")
PROMISED = _("Promised for")
STATUS = _("Status")
FOLLOWERS = _("Followers")
CHANNEL = _("Channel")
LANGUAGE = _("Language")
LATE_MARK = _("{day}, late")
NO_CLUSTERS = _("No place had several reports of the same kind.")
NO_OLD = _("No report is open.")
NO_PARTS = _("Nothing to tell.")
UNKNOWN_PLACE = _("place not known")

TREND = _("Reports filed and closed, week by week")
TREND_PERIOD = _("Reports filed and closed, period by period")
TREND_ALT = _("Line chart. Filed: {filed}. Closed: {closed}. The last number is this week's.")
TREND_ALT_PERIOD = _("Line chart. Filed: {filed}. Closed: {closed}. The last number is this period's.")
ON_TIME = _("Promises kept, by department")
ON_TIME_AREAS = _("Promises kept, by area")
ON_TIME_ALT = _("Bar chart. {bars}.")
ON_TIME_ALL = _("all: {share}")
MAP = _("On the map, numbered as in the list")
MAP_ALT = _("Map of the city's areas. {places}.")
MAP_PLACE = _("{rank}: {place}, {service}, {n}")
AGES = _("How long the open ones have been waiting")
AGES_ALT = _("Bar chart. {bars}.")
AGE_UNTIL = _("up to {days} days")
AGE_FROM = _("{begin} to {days} days")
AGE_OVER = _("over {days} days")

UNDELIVERED = ngettext("{n} notice reached nobody.", "{n} notices reached nobody.")
UNLOCATED = ngettext(
    "{n} report ({share}) has no place that we know: it is in no area and on no map.",
    "{n} reports ({share}) have no place that we know: they are in no area and on no map.",
)
UNSURE = ngettext(
    "{n} report ({share}) may be of another kind: it was understood with low confidence.",
    "{n} reports ({share}) may be of another kind: they were understood with low confidence.",
)
UNANSWERED = ngettext(
    "{n} of {whole} citizens asked whether it is fixed did not answer ({share}).",
    "{n} of {whole} citizens asked whether it is fixed did not answer ({share}).",
)
NO_UNDELIVERED = _("Every notice reached somebody, as far as we know.")
NO_UNLOCATED = _("Every report has a place that we know.")
NO_UNSURE = _("Every report was understood with confidence.")
NONE_ASKED = _("Nobody was asked whether it is fixed.")
ALL_ANSWERED = _("Everybody who was asked whether it is fixed answered.")
MISSING_FIGURE = _("{dash} Not known: {what}.")
NO_WEEKS = ngettext("{n} of the 8 weeks before is not known.", "{n} of the 8 weeks before are not known.")
NO_PERIODS = ngettext("{n} of the 8 periods before is not known.", "{n} of the 8 periods before are not known.")
SOURCES: Mapping[Source, str] = {
    Source.OUTBOX: _("{dash} Missing: the record of messages does not reach back far enough."),
    Source.CLOSURES: _('{dash} Missing: the answers to "is it fixed?" do not reach back far enough.'),
}

SHORT = _("Filed {filed}, closed {closed}, open {open}, late {late}. Promises kept: {kept}.")
