"""Answers that went well: the form that was asked for, and what a cache needs to know of them."""

import hashlib
from collections.abc import Mapping

from aiohttp.web import Request, Response

from web.language import accepted
from web.open311.forms import CONTENT, Value, written
from web.open311.problems import form_of
from web.ports import WEB

_FRESH = "public, max-age=60"
_VARIES = "Accept-Language"


def answer(request: Request, root: str, value: Value, *, headers: Mapping[str, str] | None = None) -> Response:
    """200 with the document, or 304 for who has it already."""
    form = form_of(request)
    return answered(request, written(form, root, value), CONTENT[form], headers=headers)


def answered(request: Request, body: bytes, content_type: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """The same of a document that is written already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    told = {
        "ETag": tag,
        "Cache-Control": _FRESH,
        "Vary": _VARIES,
        "Content-Language": language_of(request),
        **(headers or {}),
    }
    if _has(request, tag):
        told["Vary"] = f"{_VARIES}, Accept-Encoding"  # a cache takes it over for the answer that it has (RFC 9111, 3.2)
        return Response(status=304, headers=told)
    return Response(body=body, headers={**told, "Content-Type": content_type})


def made(request: Request, root: str, value: Value, *, status: int = 200) -> Response:
    """The answer to a post, which nobody keeps."""
    form = form_of(request)
    headers = {
        "Content-Type": CONTENT[form],
        "Cache-Control": "no-store",
        "Vary": _VARIES,
        "Content-Language": language_of(request),
    }
    return Response(body=written(form, root, value), status=status, headers=headers)


def language_of(request: Request) -> str:
    """A language of the city: that of `locale` in the address, else the best of Accept-Language, else the first."""
    known = request.app[WEB].city.languages
    named = request.query.get("locale", "").replace("_", "-").partition("-")[0].lower()
    return next((wish for wish in (named, *accepted(request)) if wish in known), known[0])


def address(request: Request, path: str) -> str:
    """A path of ours as an outsider calls it."""
    return (request.app[WEB].public_url or f"{request.scheme}://{request.host}").rstrip("/") + path


def _has(request: Request, tag: str) -> bool:
    """If-None-Match (RFC 9110, 13.1.2), weakly compared."""
    asked = [item.strip().removeprefix("W/") for item in request.headers.get("If-None-Match", "").split(",")]
    return tag in asked or asked == ["*"]
