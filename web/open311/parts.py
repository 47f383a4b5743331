"""What stands under /open311/, put into the application."""

from aiohttp.web import Application

from web.open311 import definitions, discovery, openapi, posting, reports, requests, services, tokens, updates
from web.open311.standard import DOOR, Door

PARTS = (discovery, services, definitions, requests, updates, posting, tokens, reports, openapi)


def set_up(app: Application) -> None:
    """Each part's routes. Its middleware, `standardly`, is named where all are (`web/app.py`)."""
    app[DOOR] = Door()
    for part in PARTS:
        app.add_routes(part.routes)
