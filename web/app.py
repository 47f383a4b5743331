"""The HTTP application: which address is answered by whom."""

from aiohttp.web import Application

from web import (
    aside,
    assets,
    digest,
    export,
    headers,
    health,
    keeping,
    keys,
    live,
    login,
    mailed,
    oidc,
    outside,
    page,
    photo,
    simulator,
    threads,
    undelivered,
    unsubscribe,
    webhooks,
)
from web.api import desk as api
from web.bulk import batches, choosing
from web.case import acts, answer, clearing, direct, files, hold, join, new, refer, view
from web.compressing import packed
from web.data import page as data
from web.errors import politely
from web.hooks import desk as hooks
from web.map import beside, layers
from web.map import view as map_view
from web.open311 import parts as open311
from web.open311.standard import standardly
from web.people import accounts, contact, erasing, invitation, me, reach, retention, second, trail
from web.ports import WEB, Web
from web.public import parts as public
from web.queue import listing, saved
from web.refusals import counted
from web.settings import items, overview, routing
from web.steady import steadily
from web.throttle import Throttle, Tried


def build(web: Web) -> Application:
    """The whole of it. The access log is not for it to write: addresses may hold a log-in token or a ticket number."""
    app = Application(middlewares=[steadily, packed, counted, politely, standardly])
    app[WEB] = web
    app[export.COUNTER] = export.Counter()
    app[keeping.KEPT] = keeping.Kept()
    app[outside.DOOR] = Throttle()
    app[login.DOOR] = login.Door(demo_token=web.demo_token, tried=Tried(web.store))
    page.set_up(app)
    layers.set_up(app)
    live.set_up(app)
    app.on_response_prepare.append(headers.protect)
    for part in (
        health,
        export,
        webhooks,
        login,
        oidc,
        listing,
        saved,
        keys,
        live,
        aside,
        undelivered,
        digest,
        threads,
        view,
        acts,
        direct,
        answer,
        clearing,
        hold,
        join,
        refer,
        new,
        files,
        outside,
        photo,
        unsubscribe,
        mailed,
        accounts,
        invitation,
        me,
        reach,
        second,
        trail,
        retention,
        erasing,
        contact,
        hooks,
        api,
        overview,
        items,
        routing,
        choosing,
        batches,
        layers,
        beside,
        map_view,
    ):
        app.add_routes(part.routes)
    open311.set_up(app)
    public.set_up(app)
    data.set_up(app)
    if web.simulators:
        simulator.set_up(app)
    app.add_routes(assets.routes)
    return app
