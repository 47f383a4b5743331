"""A reply becomes an outbound: worded in the citizen's language, its options given ids that name their question."""

from bot.ports import Queued, Render
from channels.message import Choice, Outbound
from handlers.say import Reply
from handlers.turn import Citizen


def compose(reply: Reply, citizen: Citizen, language: str, render: Render, *, key: str, question: str = "") -> Outbound:
    """The outbound with `key`, to be sent once however often it is enqueued."""
    choices = (Choice(id=f"{question}:{option.id}", label=render.label(option, language)) for option in reply.options)
    return Outbound(key=key, recipient=citizen.contact, text=render(reply, language), choices=tuple(choices))


def queued(outbound: Outbound, citizen: Citizen) -> Queued:
    return Queued(outbound=outbound, citizen=citizen.id)
