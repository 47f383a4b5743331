"""Lists: places where reports pile up, the oldest that are open, and how reports came in."""

import itertools
from collections.abc import Callable, Mapping

from digest.report import Cell, Picture, Row, Section, Table
from digest.sentences import place
from digest.voice import DASH, Voice
from digest.words import (
    AGE_FROM,
    AGE_OVER,
    AGE_UNTIL,
    CHANNEL,
    CLUSTERS,
    DEPARTMENT,
    FILED_ON,
    FOLLOWERS,
    HEADS,
    INTAKE,
    LANGUAGE,
    LATE_MARK,
    NAMES,
    NO_CLUSTERS,
    NO_OLD,
    NO_PARTS,
    NUMBER,
    OLDEST,
    PLACE,
    PROMISED,
    SERVICE,
    SHARE,
    STATES,
    STATUS,
    UNKNOWN_PLACE,
)
from tickets.figures import AGES, Digest, Figure, Old

_SERVICES = 12  # the commonest


def clusters(digest: Digest, voice: Voice, pictures: tuple[Picture, ...]) -> Section:
    """Numbered as on the map."""
    rows = tuple(
        Row(
            name=str(rank),
            cells=(
                Cell(now=voice.service(each.service)),
                Cell(now=place(each, voice)),
                Cell(now=voice.number(each.filed)),
                Cell(now=voice.number(each.open)),
            ),
        )
        for rank, each in enumerate(digest.clusters, 1)
    )
    heads = ("", *map(voice.say, (SERVICE, PLACE, HEADS[Figure.FILED], HEADS[Figure.OPEN])))
    table = Table(title="", heads=heads, rows=rows, words=3, empty=voice.say(NO_CLUSTERS))
    return Section(kind="clusters", title=voice.say(CLUSTERS), tables=(table,), pictures=pictures if rows else ())


def oldest(digest: Digest, voice: Voice, pictures: tuple[Picture, ...]) -> Section:
    """By number alone; nothing of a citizen."""
    heads = (NUMBER, SERVICE, PLACE, DEPARTMENT, STATUS, FILED_ON, PROMISED, FOLLOWERS)
    rows = tuple(_old(each, digest, voice) for each in digest.oldest)
    table = Table(
        title="",
        heads=tuple(map(voice.say, heads)),
        rows=rows,
        words=7,
        empty=voice.say(NO_PARTS if digest.whole.now.count(Figure.OPEN) else NO_OLD),
    )
    return Section(kind="oldest", title=voice.say(OLDEST), tables=(table,), pictures=pictures if rows else ())


def intake(digest: Digest, voice: Voice) -> Section:
    """Services, channels and languages of what was filed."""
    tables = (
        _tally(SERVICE, digest.services, voice.service, voice),
        _tally(CHANNEL, digest.channels, voice.channel, voice),
        _tally(LANGUAGE, digest.languages, voice.tongue, voice),
    )
    return Section(kind="intake", title=voice.say(INTAKE), tables=tables)


def age_names(voice: Voice) -> tuple[str, ...]:
    """Of the groups of `Digest.ages`."""
    first = voice.say(AGE_UNTIL, days=str(AGES[0]))
    between = (voice.say(AGE_FROM, begin=str(begin), days=str(end)) for begin, end in itertools.pairwise(AGES))
    return first, *between, voice.say(AGE_OVER, days=str(AGES[-1]))


def _old(old: Old, digest: Digest, voice: Voice) -> Row:
    where = ", ".join(name for name in (old.street, voice.area(old.area) if old.area else None) if name)
    due = voice.full_day(voice.local(old.due_at))
    end = min(digest.made_at, digest.period.instants(voice.zone)[1])
    words = (
        voice.service(old.service),
        where or voice.say(UNKNOWN_PLACE),
        voice.department(old.department),
        voice.say(STATES.get(old.status, old.status)),
        voice.full_day(voice.local(old.filed_at)),
        voice.say(LATE_MARK, day=due) if old.late(end) else due,
        voice.number(old.followers),
    )
    return Row(name=old.number, cells=tuple(Cell(now=word) for word in words))


def _tally(head: str, tally: Mapping[str, int], name: Callable[[str], str], voice: Voice) -> Table:
    """The commonest first; shares of what was filed, never of nothing."""
    total = sum(tally.values())
    ordered = sorted(tally.items(), key=lambda each: (-each[1], each[0]))[:_SERVICES]
    rows = tuple(
        Row(name=name(code) or DASH, cells=(Cell(now=voice.number(n)), Cell(now=voice.percent(n / total))))
        for code, n in ordered
        if total
    )
    heads = (voice.say(head), voice.say(NAMES[Figure.FILED]), voice.say(SHARE))
    return Table(title="", heads=heads, rows=rows, empty=voice.say(NO_PARTS))
