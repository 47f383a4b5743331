"""The HTTP application: which address is answered by whom."""

from aiohttp.web import Application

from web import (
    aside,
    assets,
    digest,
    export,
    front,
    headers,
    keeping,
    keys,
    live,
    login,
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
from web.bulk import batches, choosing
from web.case import acts, answer, direct, files, join, new, refer, view
from web.compressing import packed
from web.errors import politely
from web.map import beside, layers
from web.map import view as map_view
from web.people import accounts, contact, invitation, me, second, trail
from web.ports import WEB, Web
from web.queue import listing, saved
from web.settings import items, overview, routing
from web.steady import steadily
from web.throttle import Throttle, Tried


def build(web: Web) -> Application:
    """The whole of it. The access log is not for it to write: addresses may hold a log-in token or a ticket number."""
    app = Application(middlewares=[steadily, packed, politely])
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
        front,
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
        join,
        refer,
        new,
        files,
        outside,
        photo,
        unsubscribe,
        accounts,
        invitation,
        me,
        second,
        trail,
        contact,
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
    if web.simulators:
        simulator.set_up(app)
    app.add_routes(assets.routes)
    return app
