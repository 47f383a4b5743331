"""Why a report is due when it is, in the words of a language: `tickets.explain` as one line."""

import gettext
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal

from tickets.calendar import Unit
from tickets.explain import Explanation, Since

_NAMED = 3  # holidays; of more there is only how many
_HOUR = timedelta(hours=1)
_NARROW = str.maketrans({"\u202f": " ", "\u00a0": " "})


def _(message: str) -> str:
    """Marks a text for extraction."""
    return message


SINCE: Mapping[Since, str] = {
    Since.CORRECTED: _("counted anew after a correction"),
    Since.URGENT: _("counted anew because it became urgent"),
    Since.REOPENED: _("counted anew because it was opened again"),
    Since.POSTPONED: _("counted anew because the date before was missed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """Writes explanations in one language. `locale` is how its dates and numbers look."""

    language: str
    locale: str
    zone: ZoneInfo
    translation: gettext.NullTranslations

    def __call__(self, explanation: Explanation) -> str:
        """Such as "5 working days from Fri, Apr 3; closed on Apr 6 (Easter Monday); waited for the citizen: 18 working
        hours"; without a point at its end."""
        parts = filter(None, self._parts(explanation))
        return "; ".join(parts)

    def _parts(self, explanation: Explanation) -> Iterator[str]:
        yield self._count(explanation)
        if explanation.since in SINCE:
            yield self.translation.gettext(SINCE[explanation.since])
        yield self._closed(explanation.closed)
        if explanation.stood:
            waited = self.translation.gettext("waited for the citizen: {time}")
            yield waited.format(time=self._hours(explanation.stood))
        if explanation.stands:
            stands = self.translation.gettext("the clock has stood still since {moment}: we wait for the citizen")
            yield stands.format(moment=self._moment(explanation.stands))

    def _count(self, explanation: Explanation) -> str:
        """What was promised, from when on."""
        target, start = explanation.target, explanation.start
        if target is None:
            then = self.translation.gettext("promised on {day}, by targets or opening hours of then")
            return then.format(day=self._day(start))
        if target.unit is Unit.DAYS:
            days = self.translation.ngettext(
                "{count} working day from {day}", "{count} working days from {day}", target.amount
            )
            return days.format(count=self._number(target.amount), day=self._day(start))
        hours = self.translation.ngettext(
            "{count} working hour from {moment}", "{count} working hours from {moment}", target.amount
        )
        return hours.format(count=self._number(target.amount), moment=self._moment(start))

    def _closed(self, days: Sequence[tuple[date, Mapping[str, str]]]) -> str:
        if not days:
            return ""
        if len(days) > _NAMED:
            many = self.translation.ngettext("closed on {count} day", "closed on {count} days", len(days))
            return many.format(count=self._number(len(days)))
        listed = ", ".join(self._holiday(day, names) for day, names in days)
        return self.translation.gettext("closed on {days}").format(days=listed)

    def _holiday(self, day: date, names: Mapping[str, str]) -> str:
        written, name = self._written(day, "MMMd"), names.get(self.language)
        return f"{written} ({name})" if name else written

    def _hours(self, span: timedelta) -> str:
        hours = round(span / _HOUR)
        if not hours:
            return self.translation.gettext("less than one working hour")
        words = self.translation.ngettext("{count} working hour", "{count} working hours", hours)
        return words.format(count=self._number(hours))

    def _day(self, at: datetime) -> str:
        return self._written(at.astimezone(self.zone), "MMMEd")

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        hour = format_time(local, "short", locale=self.locale)
        return f"{self._written(local, 'MMMEd')}, {hour}".translate(_NARROW)

    def _written(self, day: date, skeleton: str) -> str:
        write: Callable[..., str] = format_skeleton
        return write(skeleton, day, locale=self.locale).translate(_NARROW)

    def _number(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)
