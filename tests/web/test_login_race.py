"""A password that is changed while somebody logs in with the old one."""

from dataclasses import replace

import pytest

from tests.web.world import PASSWORD, World, csrf_of
from web.login import DOOR


async def test_a_password_that_is_changed_while_it_is_checked_opens_no_session(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = world.app[DOOR].passwords
    verify = passwords.verify

    async def slow(stored: str | None, offered: str) -> bool:
        right = await verify(stored, offered)
        async with world.store.work() as work:  # meanwhile, elsewhere
            mine = await work.clerks.get("ana")
            assert mine
            await work.clerks.change(replace(mine, password=passwords.hash("another pass phrase")))
            await work.clerks.end_sessions("ana")
            await work.commit()
        return right

    form = csrf_of(await world.page("/desk/login"))
    monkeypatch.setattr(passwords, "verify", slow)
    fields = {"login": "ana", "password": PASSWORD, "csrf": form}
    answer = await world.client.post("/desk/login", data=fields, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/login")
    inside = await world.client.get("/desk", allow_redirects=False)
    assert inside.headers["Location"].startswith("/desk/login")
