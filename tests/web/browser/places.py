"""Every page there is, and each form as it looks when it was not taken. A new page is a line here: `test_every_page.py` fails
for a route that shows one and is missing, and axe, the small screens and the scales then see it."""

from dataclasses import dataclass

from playwright.async_api import BrowserContext, Page

from tests.web.browser.office import CLOSED, MAIN, PARKED, TWIN, Office

COOKIE = "vecino_desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`route` as the application's router has it, `path` with the names of `Office.named` in braces; `who` is logged in
    ("" nobody). `send`: the form that is then sent by its action's end, with `fields`, so that it comes back. `spoken`:
    the page is in this language, whoever reads it."""

    route: str
    path: str = ""
    who: str = "sofia"
    send: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    spoken: str = ""

    @property
    def address(self) -> str:
        return self.path or self.route

    def __str__(self) -> str:
        return f"{self.address} {self.send}".strip()


_TICKET, _THREAD = "/desk/tickets/{number}", "/desk/threads/{thread}"
_CASE, _TALK = f"/desk/tickets/{MAIN}", "/desk/threads/{thread}"
_LONG = "x" * 1100


def _case(act: str, *fields: tuple[str, str]) -> Place:
    return Place(route=_TICKET, path=_CASE, send=f"/{act}", fields=fields)


_ROOMS = ("replies", "answers", "services", "holidays")
_SET = ("replies/key/looking", "services/key/pothole", "holidays/key/2026-12-25")
PLACES = (
    Place(route="/", who=""),
    Place(route="/", path="/?area=centro&which=solved", who=""),
    Place(route="/", path="/?near=14.6,-66.5&service=pothole", who=""),
    Place(route="/find", path="/find?what=nowhere+at+all", who=""),
    Place(route="/r/{number}", path=f"/r/{MAIN}", who=""),
    Place(route="/r/{number}", path=f"/r/{CLOSED}", who=""),
    Place(route="/r/{number}", path="/r/000-001", who=""),
    Place(route="/figures", who=""),
    Place(route="/report", who=""),
    Place(route="/data/", who=""),
    Place(route="/poster", who=""),
    Place(route="/follow", who=""),
    Place(route="/widget", who=""),
    Place(route="/try", who=""),
    Place(route="/nothing/{here}", path="/nothing", who=""),  # the page of an error
    Place(route="/desk/login", who=""),
    Place(route="/desk/login", who="", send="/desk/login", fields=(("login", "ana"), ("password", "wrong"))),
    Place(route="/desk/demo", path="/desk/demo?token=used", who=""),
    Place(route="/desk"),
    Place(route="/desk", path="/desk?status=any&q=bache&late=1"),
    Place(route="/desk", path="/desk?status=closed", who="theo"),
    Place(route="/desk", send="/desk/saved", fields=(("name", " "),)),
    Place(route="/desk/new"),
    Place(route="/desk/new", send="/desk/new", fields=(("phone", "12"), ("text", "x"), ("words", "Av. Bolívar 9"))),
    Place(route=_TICKET, path=_CASE),
    Place(route=_TICKET, path=_CASE, who="bruno"),
    Place(route=_TICKET, path=f"/desk/tickets/{TWIN}", who="ana"),
    Place(route=_TICKET, path=f"/desk/tickets/{PARKED}"),
    Place(route=_TICKET, path=f"/desk/tickets/{CLOSED}"),
    _case("move"),
    _case("note", ("text", _LONG)),
    _case("note", ("version", "1"), ("text", "to an old version")),
    _case("answer", ("text", "")),
    _case("service"),
    _case("priority"),
    _case("place", ("words", ""), ("point", "north")),
    _case("merge", ("to", "none")),
    _case("split", ("text", "")),
    _case("link", ("to", MAIN)),
    _case("department"),
    _case("outside", ("to", "-"), ("address", "nobody")),
    Place(route="/desk/threads"),
    Place(route=_THREAD, path=_TALK),
    Place(route=_THREAD, path=_TALK, send="/answer", fields=(("text", " "),)),
    Place(route=_THREAD, path="/desk/threads/{emergency}"),
    Place(route=_THREAD, path="/desk/threads/{danger}"),
    Place(route="/desk/aside"),
    Place(route="/desk/undelivered"),
    Place(route="/desk/digest"),
    Place(route="/desk/digest", path="/desk/digest?week=2026-W99"),
    Place(route="/desk/digest/tickets", path="/desk/digest/tickets?figure=filed"),
    Place(route="/desk/people", who="ada"),
    Place(route="/desk/people", who="ada", send="/desk/people", fields=(("login", "no spaces here"), ("password", "a"))),
    Place(route="/desk/people/{login}", path="/desk/people/ana", who="ada"),
    Place(route="/desk/people/{login}", path="/desk/people/vera", who="ada"),
    Place(route="/desk/people/{login}", path="/desk/people/ana", who="ada", send="/password", fields=(("password", "a"),)),
    Place(route="/desk/hooks", who="ada"),
    Place(route="/desk/hooks", who="ada", send="/desk/hooks", fields=(("name", ""), ("url", "https://10.0.0.1/"))),
    Place(route="/desk/hooks/{id}", path="/desk/hooks/{hook}", who="ada"),
    Place(route="/desk/hooks/{id}", path="/desk/hooks/{hook}", who="ada", send="/replay", fields=(("since", ""),)),
    Place(route="/desk/api", who="ada"),
    Place(route="/desk/api", who="ada", send="/desk/api", fields=(("name", "<none>"), ("rate", "7"))),
    Place(route="/desk/me"),
    Place(route="/desk/me", who="ada"),
    Place(route="/desk/me", send="/password", fields=(("old", "wrong"), ("password", "a"), ("again", "b"))),
    Place(route="/desk/me", send="/password", fields=(("password", "puerto vecino 1"), ("again", "puerto vecino 1"))),
    Place(route="/desk/me", send="/reach", fields=(("address", "no address"), ("old", "wrong"))),
    Place(route="/desk/me/second"),
    Place(route="/desk/me/second", send="/desk/me/second", fields=(("code", "000000"),)),
    Place(route="/desk/second", who="ada unproven"),
    Place(route="/desk/audit", who="theo"),
    Place(route="/desk/audit/retention", who="theo"),
    Place(route="/desk/erasure", who="ada"),
    Place(route="/desk/erasure", who="ada", send="/desk/erasure", fields=(("channel", "sms"), ("address", "nobody"))),
    Place(route="/both", who=""),
    Place(route="/desk/map"),
    Place(route="/desk/map", path="/desk/map?status=any&heat=1"),
    Place(route="/desk/keys"),
    Place(route="/desk/bulk", path="/desk/bulk?all=1"),
    Place(route="/desk/bulk", path="/desk/bulk?all=1", send="/desk/bulk", fields=(("do", ""),)),
    Place(route="/desk/settings", who="theo"),
    *(Place(route="/desk/settings/{room}", path=f"/desk/settings/{room}") for room in _ROOMS),
    *(Place(route="/desk/settings/{room}/key/{key}", path=f"/desk/settings/{path}") for path in _SET),
    Place(route="/desk/settings/{room}/new", path="/desk/settings/replies/new"),
    Place(route="/desk/settings/{room}/new", path="/desk/settings/replies/new", send="/desk/settings/replies/new"),
    Place(route="/desk/settings/{room}/new", path="/desk/settings/holidays/new", send="/desk/settings/holidays/new"),
    Place(route="/desk/settings/routing"),
    Place(route="/desk/settings/routing/new"),
    Place(route="/desk/settings/routing/new", send="/desk/settings/routing/new"),
    Place(route="/desk/settings/routing/rule/{code}", path="/desk/settings/routing/rule/{rule}"),
    Place(route="/desk/undelivered/{id}/letter", path="/desk/undelivered/{missed}/letter", spoken="es"),
    Place(route="/desk/batches"),
    Place(route="/desk/batches/{batch}", path="/desk/batches/{batch}"),
    Place(route="/desk/batches/{batch}", path="/desk/batches/{done}"),
    Place(route="/desk/invitation/{token}", path="/desk/invitation/{invitation}", who=""),
    Place(
        route="/desk/invitation/{token}", path="/desk/invitation/{invitation}", who="", send="/desk/invitation/",
        fields=(("password", "a"), ("again", "b")),
    ),
    Place(route="/desk/invitation/{token}", path="/desk/invitation/" + "x" * 43, who=""),
    Place(route="/outside/{token}", path="/outside/{outside}", who=""),
    Place(route="/outside/{token}", path="/outside/{outside}", who="", send="/outside/", fields=(("verdict", "longer"),)),
    Place(route="/outside/{token}", path="/outside/{ended}", who=""),
    Place(route="/digest/unsubscribe/{token}", path="/digest/unsubscribe/{stop}", who=""),
    Place(route="/digest/unsubscribe/{token}", path="/digest/unsubscribe/none", who=""),
    Place(route="/confirm/{token}", path="/confirm/{confirm}", who=""),
    Place(route="/confirm/{token}", path="/confirm/none", who=""),
    Place(route="/mail/stop/{token}", path="/mail/stop/{silence}", who=""),
)  # fmt: skip

# What answers a GET with something else than a page of ours.
NO_PAGE = frozenset({
    "/healthz", "/readyz", "/static/{name}", "/my-data/{token}", "/try/phones/{phone}", "/desk/digest/digest.{form}",
    "/desk/audit/audit.csv", "/outside/{token}/photos/{id}", "/desk/tickets/{number}/photos/{id}",
    "/desk/tickets/{number}/photos/{id}/{size}", "/desk/oidc", "/desk/oidc/back", "/desk/live", "/desk/next",
    "/desk/settings/export", "/photos/{token}", "/photos/public/{name}", "/data", "/data/{name}",
    "/robots.txt", "/sitemap.xml", "/feeds/all.atom",
    "/feeds/service/{code}.atom", "/feeds/area/{code}.atom", "/open311/v2/tokens/{token}.{form}",
    "/open311/discovery.{form}", "/open311/v2/discovery.{form}", "/open311/v2/services.{form}",
    "/open311/v2/services/{code}.{form}", "/open311/v2/requests.{form}", "/open311/v2/requests/{number}.{form}",
    "/open311/v2/servicerequestupdates.{form}", "/open311/v2/openapi.json",
    "/try/phones/{phone}/{style}/pictures/{reference}", "/desk/map/cells", "/desk/map/city.json", "/desk/map/beside", "/desk/map/tickets", "/desk/threads/{thread}/files/{letter}/{number}",
})  # fmt: skip

_SEND = """([end, fields]) => {
  const form = [...document.forms].find(one => one.action.includes(end) && one.method == 'post');
  if (!form) throw new Error('no form for ' + end);
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
    else form.insertAdjacentHTML('beforeend', `<input type=hidden name="${name}" value="${value}">`);
  }
  form.noValidate = true;
  const button = form.querySelector('button:not([type=button]):not([value=insert]):not([value=preview])');
  form.requestSubmit(button);
}"""


class Readers:
    """One context of the browser for each who reads, logged in without a form."""

    def __init__(self, office: Office) -> None:
        self._office, self._pages = office, dict[str, Page]()

    async def page(self, context: BrowserContext, who: str) -> Page:
        """Theirs, opened once."""
        if who not in self._pages:
            login, _, unproven = who.partition(" ")
            if login:
                token = await self._office.session(login, passed=not unproven)
                await context.add_cookies([{"name": COOKIE, "value": token, "url": self._office.url}])
            self._pages[who] = await context.new_page()
        return self._pages[who]


async def open_at(page: Page, office: Office, place: Place, language: str) -> str:
    """Go there, and send the form where one is named; what is wrong with the answer, or ""."""
    path = place.address.format(**office.named) if "{" in place.address else place.address
    answer = await page.goto(f"{office.url}{path}{'&' if '?' in path else '?'}language={language}")
    if not answer or answer.status not in (200, 403, 404, 410, 422):
        return f"{answer.status if answer else 'no'} answer"
    if place.send:
        async with page.expect_navigation() as sent:
            await page.evaluate(_SEND, [place.send, [list(field) for field in place.fields]])
        back = await sent.value
        if back.status not in (200, 401, 403, 409, 422, 429):
            return f"{back.status} answer to the form"
    spoken = await page.evaluate("document.documentElement.lang")
    return "" if spoken == (place.spoken or language) else f"in {spoken}"
