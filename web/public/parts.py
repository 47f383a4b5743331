"""The public pages, put into the application."""

from aiohttp.web import Application

from web.public import case, feeds, figures, front, page, photo, reach, robots, widget

PARTS = (front, case, figures, reach, feeds, widget, photo, robots)


def set_up(app: Application) -> None:
    """Each part's routes, and what they keep of one request for the next."""
    page.set_up(app)
    front.set_up(app)
    case.set_up(app)
    figures.set_up(app)
    for part in PARTS:
        app.add_routes(part.routes)
