"""All that clerks do with a case, as one value for the web."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.desk.answering import Answering
from bot.desk.directing import Directing
from bot.desk.filing import Filing
from bot.desk.joining import Joining
from bot.desk.referring import Referring
from bot.desk.retelling import Retelling
from bot.ports import Clock, Places, Render, Store
from channels import Channel
from channels.mailbox import CHANNEL as MAIL
from tickets.city import Cities

_BY_SMS = ("sms", "simulated_sms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    direct: Directing
    answers: Answering
    join: Joining
    refer: Referring
    filing: Filing
    retell: Retelling


def acts_on(
    store: Store, render: Render, clock: Clock, city: Cities, places: Places, channels: Mapping[str, Channel],
    random: Random, public_url: str = "",
) -> Acts:  # fmt: skip
    """`channels`: all that are on, by name."""
    sms = next((name for name in _BY_SMS if name in channels), None)
    return Acts(
        retell=Retelling(store=store, clock=clock, channels=channels),
        direct=Directing(store, city, clock, places),
        answers=Answering(store, render, clock, city, channels),
        join=Joining(store=store, render=render, clock=clock, city=city, random=random),
        refer=Referring(
            store=store, render=render, clock=clock, city=city, mails=MAIL in channels, public_url=public_url
        ),
        filing=Filing(
            store=store, render=render, clock=clock, city=city, places=places, random=random, sms=sms
        ),
    )  # fmt: skip
