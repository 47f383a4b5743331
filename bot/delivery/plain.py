"""A message in the plainest form that its provider may still take, after it refused the form it had."""

from dataclasses import replace

from bot.outgoing import lined
from channels import Traits
from channels.message import Outbound
from channels.reason import Reason
from channels.segments import split
from channels.words import numbered

_CUT = "…"
_MEDIA = frozenset({Reason.ATTACHMENTS, Reason.TOO_LARGE})
_FORM = frozenset({Reason.TOO_LONG, Reason.REFUSED})  # "refused": markup or a button that the provider cannot read


def plainer(outbound: Outbound, reason: str, traits: Traits) -> Outbound | None:
    """Without files where those were refused; choices as numbered lines and a text that fits where it was the form.
    None where no plainer form exists or it could not help."""
    if outbound.template is not None or reason not in _MEDIA | _FORM:
        return None
    bare = replace(lined(outbound), attachments=())
    if reason in _FORM:
        bare = replace(bare, text=_fitting(replace(bare, attachments=outbound.attachments), reason, traits), choices=())
    return bare if bare != outbound and bare.text.strip() else None


def _fitting(outbound: Outbound, reason: str, traits: Traits) -> str:
    """The choices stay whole, for they are what the citizen answers with; the text before them is cut."""
    whole = numbered(outbound.text, outbound.choices)
    fits = len(whole) <= traits.text_limit
    if reason != Reason.TOO_LONG or (fits and outbound.attachments):  # beside a file there is less room
        return whole
    options = numbered("", outbound.choices)
    room = traits.text_limit - len(options) - len(_CUT)
    if fits:
        room = min(room, len(outbound.text) // 2)  # the provider counts otherwise than we do
    return _cut(outbound.text, room) + options


def _cut(text: str, room: int) -> str:
    return split(text, room)[0].rstrip() + _CUT if room > 0 else ""
