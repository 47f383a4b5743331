"""What templates word is what Jinja and Babel would give, whichever language, zone and moment."""

from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from random import Random
from zoneinfo import ZoneInfo

import jinja2
import pytest
from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time

from web.wording import Times, Wording

CITIES = [
    ("es_MX", "America/Mexico_City"),
    ("pt_BR", "America/Sao_Paulo"),
    ("en", "Asia/Kathmandu"),
    ("fr", "Europe/Paris"),
]


class Shouting(NullTranslations):
    """Words that look like marks are words of ours, and stay."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("%(WHO)S", "%(who)s") + "<br>"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return (msgid1 if n == 1 else msgid2) + "<br>"


def environments() -> tuple[jinja2.Environment, jinja2.Environment]:
    """Jinja's own, and with ours in it."""
    made = []
    for ours in (False, True):
        one = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
        one.install_gettext_translations(Shouting(), newstyle=True)  # type: ignore[attr-defined]  # at run time
        wording = Wording(Shouting())
        if ours:
            one.globals |= {"_": wording.gettext, "gettext": wording.gettext, "ngettext": wording.ngettext}
        made.append(one)
    return made[0], made[1]


@pytest.mark.parametrize(
    "template",
    [
        '{{ _("plain") }} {{ _("plain") }}',
        '{{ _("50 %% of it") }}',
        '{{ _("hello %(who)s", who=who) }}',
        '{{ ngettext("%(num)s day", "%(num)s days", 1) }} {{ ngettext("%(num)s day", "%(num)s days", 12) }}',
        '{{ ngettext("%(num)s day", "%(num)s days", 2, num="<two>") }}',
        '{{ _("a") ~ who }}',
        "{% trans %}hello {{ who }}{% endtrans %}",
        "{% trans count=3 %}{{ count }} day{% pluralize %}{{ count }} days{% endtrans %}",
    ],
)
def test_words_and_what_is_put_into_them_are_as_jinja_has_them(template: str) -> None:
    theirs, ours = environments()
    values = {"who": "<script>alert('%s %(x)s')</script>"}
    for _ in range(2):
        assert ours.from_string(template).render(values) == theirs.from_string(template).render(values)


@pytest.mark.parametrize(("code", "name"), CITIES)
def test_moments_are_as_babel_has_them(code: str, name: str) -> None:
    locale, zone, random = Locale.parse(code), ZoneInfo(name), Random(code)
    times = Times(locale, zone)
    for _ in range(300):
        when = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randint(0, 40 * 366 * 24 * 60))
        clock = format_time(when, "short", tzinfo=zone, locale=locale)
        assert times.moment(when) == f"{format_date(when.astimezone(zone), 'medium', locale=locale)}, {clock}"
        assert times.short(when) == f"{format_skeleton('MMMd', when, tzinfo=zone, locale=locale)}, {clock}"
