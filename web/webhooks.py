"""POST /channels/{name} and /channels/{name}/status: what providers send us.

200 is answered only after everything in the webhook was kept. Everything else is a short plain sentence with a status:
403 forged, 404 no such channel here, 400 broken, 413 too large, 503 neither store nor spool could keep it.
"""

from aiohttp.web import HTTPBadRequest, HTTPForbidden, HTTPNotFound, Request, Response, RouteTableDef

from channels import Channel, Forged, Malformed
from channels.message import Inbound, Receipt, Webhook
from web import body
from web.ports import WEB

routes = RouteTableDef()

# what a provider takes for "understood, nothing to say now"; where it is silent here, an empty body
_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_UNDERSTOOD = {"sms": (_TWIML, "text/xml"), "whatsapp": (_TWIML, "text/xml")}


@routes.post("/channels/{name}")
async def arrived(request: Request) -> Response:
    """Messages from citizens."""
    channel = _channel(request)
    await _take(request, channel)
    text, content_type = _UNDERSTOOD.get(channel.name, ("", "text/plain"))
    return Response(text=text, content_type=content_type)


@routes.post("/channels/{name}/status")
async def reported(request: Request) -> Response:
    """Receipts, from providers that report them apart."""
    channel = _channel(request)
    if not channel.traits.callbacks:
        raise HTTPNotFound
    await _take(request, channel)
    return Response()


def _channel(request: Request) -> Channel:
    channel = request.app[WEB].channels.get(request.match_info["name"])
    if channel is None:
        raise HTTPNotFound
    return channel


async def _take(request: Request, channel: Channel) -> None:
    web = request.app[WEB]
    webhook = Webhook(
        url=request.raw_path,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await body.read(request),
        now=web.clock.now(),
    )
    try:
        found = channel.read(webhook)
    except Forged as forged:
        raise HTTPForbidden from forged
    except Malformed as malformed:
        raise HTTPBadRequest from malformed
    if messages := [item for item in found if isinstance(item, Inbound)]:
        await web.accept(messages)
    if receipts := [item for item in found if isinstance(item, Receipt)]:
        await web.receipts(channel.name, receipts)
