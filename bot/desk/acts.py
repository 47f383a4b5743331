"""All that clerks, and other programs by their keys, do with a case, as one value for the web."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.desk.answering import Answering
from bot.desk.clearing import Clearings
from bot.desk.confirming import Confirming
from bot.desk.directing import Directing
from bot.desk.erasing import Erasing
from bot.desk.filing import Filing
from bot.desk.holding import Holding
from bot.desk.joining import Joining
from bot.desk.posting import Posting
from bot.desk.referring import Referring
from bot.desk.retelling import Retelling
from bot.desk.updating import Updating
from bot.ports import Clock, Places, Render, Store
from bot.telling import Telling
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
    clear: Clearings
    hold: Holding
    erase: Erasing
    posting: Posting
    updating: Updating
    confirming: Confirming


def acts_on(
    store: Store, render: Render, clock: Clock, city: Cities, places: Places, channels: Mapping[str, Channel],
    random: Random, public_url: str = "",
) -> Acts:  # fmt: skip
    """`channels`: all that are on, by name."""
    sms = next((name for name in _BY_SMS if name in channels), None)
    limits = {name: channel.traits.text_limit for name, channel in channels.items()}
    return Acts(
        retell=Retelling(store=store, clock=clock, channels=channels),
        clear=Clearings(store, clock),
        hold=Holding(store, clock),
        erase=Erasing(store, clock, city),
        direct=Directing(store, city, clock, places),
        answers=Answering(store, render, clock, city, channels),
        join=Joining(store=store, render=render, clock=clock, city=city, random=random),
        refer=Referring(
            store=store, render=render, clock=clock, city=city, mails=MAIL in channels, public_url=public_url
        ),
        filing=Filing(
            store=store, render=render, clock=clock, city=city, places=places, random=random, sms=sms
        ),
        posting=Posting(
            store=store, render=render, clock=clock, city=city, places=places, random=random, sms=sms,
            mail=MAIL in channels and bool(public_url), public_url=public_url,
        ),
        confirming=Confirming(store=store, clock=clock, city=city),
        updating=Updating(store=store, clock=clock, city=city, telling=Telling(render, city, limits)),
    )  # fmt: skip
