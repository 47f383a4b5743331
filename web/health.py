"""What machines ask: is it alive, is it ready."""

from aiohttp.web import Request, Response, RouteTableDef, json_response

from web.ports import WEB

routes = RouteTableDef()


@routes.get("/healthz")
async def alive(_: Request) -> Response:
    """This process answers."""
    return json_response({"status": "ok"})


@routes.get("/readyz")
async def ready(request: Request) -> Response:
    """Each part that it depends on: 200 when all are there, else 503."""
    parts = await request.app[WEB].ready()
    return json_response(dict(parts), status=200 if all(parts.values()) else 503)
