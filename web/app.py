"""The HTTP application: which address is answered by whom."""

from aiohttp.web import Application

from web import (
    aside,
    desk,
    digest,
    export,
    front,
    headers,
    keeping,
    login,
    page,
    simulator,
    threads,
    undelivered,
    unsubscribe,
    webhooks,
)
from web.case import acts, files, view
from web.errors import politely
from web.ports import WEB, Web


def build(web: Web) -> Application:
    """The whole of it. The access log is not for it to write: addresses may hold a log-in token or a ticket number."""
    app = Application(middlewares=[politely])
    app[WEB] = web
    app[export.COUNTER] = export.Counter()
    app[keeping.KEPT] = keeping.Kept()
    app[login.DOOR] = login.Door(demo_token=web.demo_token)
    page.set_up(app)
    app.on_response_prepare.append(headers.protect)
    for part in (
        front,
        export,
        webhooks,
        login,
        desk,
        aside,
        undelivered,
        digest,
        threads,
        view,
        acts,
        files,
        unsubscribe,
    ):
        app.add_routes(part.routes)
    if web.simulators:
        simulator.set_up(app)
    app.router.add_static("/static/", page.STATIC)
    return app
