"""The token of forms is another one in each page, and opens no more and no less than before."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.web.world import World, csrf_of
from web.masking import masked, unmasked

PATH = "/desk/me/language"


@given(some.text(max_size=40))
def test_what_was_masked_comes_back(secret: str) -> None:
    assert unmasked(masked(secret)) == secret


@given(some.text(max_size=300))
def test_anything_else_is_no_secret_and_no_trouble(offered: str) -> None:
    assert isinstance(unmasked(offered), str)


def test_no_two_masks_are_alike_and_none_holds_the_secret() -> None:
    made = {masked("a secret of some length") for _ in range(50)}
    assert len(made) == 50
    assert not any("secret" in one for one in made)


async def test_two_pages_never_hold_the_same_token_and_both_are_taken(world: World) -> None:
    await world.log_in()
    tokens = [csrf_of(await world.page("/desk/me")) for _ in range(2)]
    assert tokens[0] != tokens[1]
    for token in tokens:
        data = {"csrf": token, "language": "en"}
        assert (await world.client.post(PATH, data=data, allow_redirects=False)).status == 303


async def test_the_sessions_own_token_stands_in_no_page(world: World) -> None:
    await world.log_in()
    page = await world.page("/desk/me")
    assert unmasked(csrf_of(page)) not in page


@pytest.mark.parametrize("change", [lambda it: it[:-4], lambda it: it[::-1], unmasked, lambda _: ""])
async def test_a_token_that_was_touched_opens_nothing(world: World, change) -> None:  # type: ignore[no-untyped-def]
    await world.log_in()
    data = {"csrf": change(csrf_of(await world.page("/desk/me"))), "language": "en"}
    assert (await world.client.post(PATH, data=data, allow_redirects=False)).status == 403
