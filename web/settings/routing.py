"""Which department gets what: the rules in their order, a form for one, and a dry run over last month before it counts.

Rules are kept and compared as one list: of two clerks who change it the second is shown what the first did."""

from collections.abc import Mapping
from typing import Any

from aiohttp.web import HTTPNotFound, HTTPSeeOther, Request, Response, RouteTableDef

from bot.amending import plain
from bot.amending.change import AS_FILED, Wrong, changed
from bot.amending.trying import Trial, tried
from bot.ports.amendments import RULES
from bot.settings.section import Mistake
from tickets.rights import Right
from tickets.routing import Tables
from web.ports import WEB
from web.settings.items import PATH, Typed, code_of, problem_at
from web.settings.kinds import ROUTING
from web.settings.mistakes import beside
from web.settings.past import encoded, problems_by_key, steps
from web.settings.saving import Overtaken, Wish, save, seen
from web.visit import Visit, for_clerks, for_those_who_may, forms_for_those_who_may

routes = RouteTableDef()

_HERE = PATH + "/routing"
_RULE = _HERE + "/rule/{code:[a-z0-9_]{1,40}}"
Rules = list[dict[str, Any]]


@routes.get(_HERE)
@for_clerks
async def listed(request: Request, visit: Visit) -> Response:
    """The rules, and what was before."""
    return await _list(request, visit)


@routes.get(_HERE + "/new")
@for_those_who_may(Right.ARRANGE)
async def fresh(request: Request, visit: Visit) -> Response:
    """The form for one more."""
    return await _page(request, visit, "", Typed(fields={}))


@routes.post(_HERE + "/new")
@forms_for_those_who_may(Right.ARRANGE)
async def add(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """One more, at the place that it names."""
    code, rules = code_of(form.get("code", "")), _rules(request)
    if not code:
        return await _page(request, visit, "", _wrong(form, Mistake.MISSING))
    rule = _written(form, code)
    if any(one["code"] == code for one in rules) and rule not in rules:
        return await _page(request, visit, "", _wrong(form, Mistake.TWICE))
    return await _arranged(request, visit, "", form, _placed(rules, rule, form))


@routes.get(_RULE)
@for_clerks
async def one(request: Request, visit: Visit) -> Response:
    """The form of one."""
    return await _page(request, visit, _code(request), None)


@routes.post(_RULE)
@forms_for_those_who_may(Right.ARRANGE)
async def change(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """It is so, and stands there, from now on."""
    code = _code(request)
    rules = [one for one in _rules(request) if one["code"] != code]
    if form.get("act") not in {"remove", "try_remove"}:
        rules = _placed(rules, _written(form, code), form)
    return await _arranged(request, visit, code, form, rules)


@routes.post(_HERE + "/move")
@forms_for_those_who_may(Right.ARRANGE)
async def move(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """One up or down."""
    rules = _rules(request)
    at = next((place for place, one in enumerate(rules) if one["code"] == form.get("code")), None)
    to = -1 if at is None else at + (1 if form.get("to") == "down" else -1)
    if at is not None and 0 <= to < len(rules):
        rules.insert(to, rules.pop(at))
    return await _saved(request, visit, encoded(rules), form)


@routes.post(_HERE + "/back")
@forms_for_those_who_may(Right.ARRANGE)
async def back(request: Request, visit: Visit, form: Mapping[str, str]) -> Response:
    """All rules as they were after this change, or as config.yml has them."""
    web = request.app[WEB]
    async with web.store.view() as view:
        changes = {str(one.id): one.value for one in await view.amendments.history(ROUTING.kind, RULES, 1000)}
    if form.get("to", "") not in {"", *changes}:
        raise HTTPNotFound
    return await _saved(request, visit, changes.get(form.get("to", "")) or AS_FILED, form)


async def _arranged(request: Request, visit: Visit, code: str, form: Mapping[str, str], rules: Rules) -> Response:
    """Tried on last month, or saved; with the form again where that cannot be."""
    web, value = request.app[WEB], encoded(rules)
    try:
        after = changed(web.city, web.force.base, ROUTING.kind, RULES, value)
        if form.get("act", "").startswith("try"):
            usual = {one.code: one.department for one in web.city.services}
            tables = Tables(before=web.city.routing, after=after.routing, usual=usual)
            trial = await tried(web.store, tables, web.clock.now())
            return await _page(request, visit, code, Typed(fields=form), trial)
        await save(request, visit, ROUTING, [Wish(key=RULES, value=value, seen=seen(form.get("seen", "")))])
    except Overtaken:
        return await _page(request, visit, code, Typed(fields=form, stale=True))
    except Wrong as wrong:
        return await _page(request, visit, code, Typed(fields=form, problems=beside(wrong.problems, form, ["?"])))
    raise HTTPSeeOther(_HERE)


async def _saved(request: Request, visit: Visit, value: str, form: Mapping[str, str]) -> Response:
    try:
        await save(request, visit, ROUTING, [Wish(key=RULES, value=value, seen=seen(form.get("seen", "")))])
    except Overtaken:
        return await _list(request, visit, Typed(fields=form, stale=True))
    except Wrong as wrong:
        return await _list(request, visit, Typed(fields=form, problems=beside(wrong.problems, {}, ["?"])))
    raise HTTPSeeOther(_HERE)


async def _list(request: Request, visit: Visit, typed: Typed | None = None) -> Response:
    web, typed = request.app[WEB], typed or Typed(fields={})
    async with web.store.view() as view:
        changes = await view.amendments.history(ROUTING.kind, RULES, 31)
    return visit.page(
        request, "settings/routing.html", status=typed.status(), typed=typed, rules=web.city.routing,
        newest=changes[0].id if changes else 0, steps=steps(ROUTING, RULES, changes, web.force.base), here=_HERE,
        unfit=problems_by_key(web.force.unfit, ROUTING).get(RULES, ()),
    )  # fmt: skip


async def _page(
    request: Request, visit: Visit, code: str, typed: Typed | None, trial: Trial | None = None
) -> Response:  # fmt: skip
    web, rules = request.app[WEB], _rules(request)
    at = next((place for place, one in enumerate(rules, 1) if one["code"] == code), None)
    if code and at is None and typed is None:
        raise HTTPNotFound
    async with web.store.view() as view:
        changes = await view.amendments.history(ROUTING.kind, RULES, 2)
    own = _fields(rules[at - 1], at) if at else {"place": str(len(rules) + 1)}
    shown = typed or Typed(fields={})
    return visit.page(
        request, "settings/rule.html", status=shown.status(), code=code, typed=shown, form=own | dict(shown.fields),
        newest=changes[0].id if changes else 0, trial=trial, places=len(rules) + (0 if at else 1),
        meanwhile=steps(ROUTING, RULES, changes, web.force.base)[:1] if shown.stale else (),
        here=f"{_HERE}/rule/{code}" if code else f"{_HERE}/new",
        services=[(one.code, one.names[visit.language]) for one in web.city.services if one.body is None],
        departments=[(one.code, one.names[visit.language]) for one in web.city.departments],
        areas=[(one.code, one.name) for one in web.city.areas],
    )  # fmt: skip


def _rules(request: Request) -> Rules:
    return [plain.rule(one) for one in request.app[WEB].city.routing]


def _placed(rules: Rules, rule: dict[str, Any], form: Mapping[str, str]) -> Rules:
    """Where the form wants it, else behind all others."""
    others, typed = [one for one in rules if one["code"] != rule["code"]], form.get("place", "")
    at = int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed[:4]) <= len(others) else len(others) + 1
    return [*others[: at - 1], rule, *others[at - 1 :]]


def _written(form: Mapping[str, str], code: str) -> dict[str, Any]:
    words = [words.strip() for words in form.get("words", "").splitlines() if words.strip()]
    named = {"service": form.get("service", ""), "area": form.get("area", ""), "words": words}
    return {
        "code": code,
        **{name: value for name, value in named.items() if value},
        "department": form.get("department", ""),
    }


def _fields(rule: dict[str, Any], at: int) -> dict[str, str]:
    return {**rule, "words": "\n".join(rule.get("words", ())), "place": str(at)}


def _code(request: Request) -> str:
    return request.match_info["code"]


def _wrong(form: Mapping[str, str], what: Mistake) -> Typed:
    return Typed(fields=form, problems={"code": problem_at("code", what)})
