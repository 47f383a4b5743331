"""A reply becomes an outbound: worded in the citizen's language, its options given ids that name their question."""

from collections.abc import Mapping
from dataclasses import replace

from bot.ports import Kind, Queued, Render
from channels.mailbox import is_mail
from channels.message import Choice, Outbound, Template
from channels.numbers import is_sms
from handlers.say import Reply, Say, say
from handlers.turn import Citizen

# The values of each notice's approved text, in the order of its {{1}}, {{2}} ... (docs/whatsapp.md)
TEMPLATES: Mapping[Say, tuple[str, ...]] = {
    Say.NOTICE: ("number", "service", "status", "note"),
    Say.NOTICE_RESOLVED: ("number", "service", "note"),
    Say.NOTICE_DECLINED: ("number", "service", "note"),
    Say.PROMISE_BROKEN: ("number", "service", "due"),
}

# What stands above a mail with this news
SUBJECTS: Mapping[Say, Say] = {
    Say.NOTICE: Say.MAIL_NEWS,
    Say.NOTICE_RESOLVED: Say.MAIL_NEWS,
    Say.NOTICE_DECLINED: Say.MAIL_NEWS,
    Say.PROMISE_BROKEN: Say.MAIL_ABOUT,
    Say.RECEIPT: Say.MAIL_ABOUT,
    Say.RECEIPT_URGENT: Say.MAIL_ABOUT,
    Say.TAKEN_BACK: Say.MAIL_NEWS,
    Say.ABOUT_REPORT: Say.MAIL_LETTER,
}


def compose(reply: Reply, citizen: Citizen, language: str, render: Render, *, key: str, question: str = "") -> Outbound:
    """The outbound with `key`, to be sent once however often it is enqueued."""
    brief = is_sms(citizen.contact)
    labels = zip(reply.options, render.labels(reply, language, brief=brief), strict=True)
    choices = (Choice(id=f"{question}:{option.id}", label=label) for option, label in labels)
    text = render(reply, language, brief=brief)
    return Outbound(
        key=key,
        recipient=citizen.contact,
        text=text,
        choices=tuple(choices),
        template=template(reply, language, render),
        subject=_subject(reply, language, render) if is_mail(citizen.contact) else "",
    )


def _subject(reply: Reply, language: str, render: Render) -> str:
    """Empty: its first line will do."""
    above = SUBJECTS.get(reply.say)
    return render(Reply(say=above, values=reply.values), language) if above else ""


def lined(outbound: Outbound) -> Outbound:
    """With the address of its picture in words, in place of the picture: the longest that it can get."""
    text = "\n".join(filter(None, (outbound.text, outbound.picture.line if outbound.picture else "")))
    return replace(outbound, text=text, picture=None)


def template(reply: Reply, language: str, render: Render) -> Template | None:
    """The same news as values for the text that the provider approved for this kind of notice; none for replies."""
    names = TEMPLATES.get(reply.say)
    if names is None:
        return None
    values = (_line(render.value(reply.values[name], language)) for name in names)
    return Template(
        name=reply.say.value, language=language, values=tuple(v or render(say(Say.NO_NOTE), language) for v in values)
    )


def _line(text: str) -> str:
    """No approved text may have new lines or tabs in its values."""
    return " ".join(text.split())


def queued(outbound: Outbound, citizen: Citizen, kind: Kind = Kind.REPLY) -> Queued:
    return Queued(outbound=outbound, citizen=citizen.id, kind=kind)
