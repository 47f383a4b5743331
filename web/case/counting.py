"""What the page needs to count an answer's segments while it is typed (static/counter.js); the server counts first."""

import gettext
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from bot.desk.answering import Folding, Reach
from channels.segments import ALPHABET, FOLDS, Encoding, Segments, count, gsm_safe, plain_spaces

_FOLD: Mapping[Folding, Callable[[str], str]] = {Folding.NONE: str, Folding.SPACES: plain_spaces, Folding.GSM: gsm_safe}
_SAMPLES = {"one": 1, "other": 2}  # of the plural forms of our four languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """`now` is what the text costs that stands in the form, None where nothing does or it costs nothing; `left` how
    many characters more it may have."""

    now: Segments | None
    left: int
    dear: bool = False
    alphabet: str = field(default="", repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)


def counter(reach: Reach, text: str, longest: int, translation: gettext.NullTranslations) -> Counter:
    """For a form with this text in it."""
    frame, own = reach.frame, text.strip()
    whole = _FOLD[frame.folding](frame.before + own + frame.after)
    now = count(whole) if frame.segmented and own else None
    return Counter(
        now=now,
        left=longest - len(text),
        dear=now is not None and now.encoding is Encoding.UCS2,
        alphabet=_alphabet() if frame.segmented else "",
        words={
            "segments": _forms(lambda n: translation.ngettext("%(num)s SMS", "%(num)s SMS", n)),
            "units": _forms(lambda n: translation.ngettext("%(num)s character", "%(num)s characters", n)),
            "left": _forms(lambda n: translation.ngettext("%(num)s more fits", "%(num)s more fit", n)),
        },
    )


def _forms(word: Callable[[int], str]) -> str:
    return json.dumps({rule: word(sample) for rule, sample in _SAMPLES.items()}, ensure_ascii=False)


@cache
def _alphabet() -> str:
    basic, extended = (sorted(letters) for letters in ALPHABET)
    return json.dumps({"basic": basic, "extended": extended, "folds": FOLDS}, ensure_ascii=False)
