"""The HTTP application: which address is answered by whom."""

from aiohttp.web import Application

from web import (
    aside,
    digest,
    export,
    front,
    headers,
    keeping,
    login,
    outside,
    page,
    simulator,
    threads,
    undelivered,
    unsubscribe,
    webhooks,
)
from web.case import acts, answer, direct, files, join, new, refer, view
from web.errors import politely
from web.people import accounts, contact, invitation, me, second, trail
from web.ports import WEB, Web
from web.queue import listing, saved
from web.throttle import Throttle


def build(web: Web) -> Application:
    """The whole of it. The access log is not for it to write: addresses may hold a log-in token or a ticket number."""
    app = Application(middlewares=[politely])
    app[WEB] = web
    app[export.COUNTER] = export.Counter()
    app[keeping.KEPT] = keeping.Kept()
    app[outside.DOOR] = Throttle()
    app[login.DOOR] = login.Door(demo_token=web.demo_token)
    page.set_up(app)
    app.on_response_prepare.append(headers.protect)
    for part in (
        front,
        export,
        webhooks,
        login,
        listing,
        saved,
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
        unsubscribe,
        accounts,
        invitation,
        me,
        second,
        trail,
        contact,
    ):
        app.add_routes(part.routes)
    if web.simulators:
        simulator.set_up(app)
    app.router.add_static("/static/", page.STATIC)
    return app
