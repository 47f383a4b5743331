"""`next` in an address leads into our desk, whatever it says."""

from urllib.parse import urljoin, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from tests.web.world import World
from web.login import inside

HOSTILE = st.lists(
    st.sampled_from(["/", "\\", "desk", "//", "@", ":", "evil.example", "%2f", "..", "?", "#", "\t", "\n", "\r", ";", " ", "é"]),
    max_size=8,
).map("".join)  # fmt: skip


@given(HOSTILE | st.text(max_size=60))
@example("/desk//evil.example")
@example("/desk/../..//evil.example")
@example("/desk?next=//evil.example")
@example("/desk\n")
@example("https:/desk")
@example("/\t/evil.example")
def test_whatever_next_says_it_leads_into_our_desk(way: str) -> None:
    led = inside(way)
    whole = urlsplit(urljoin("https://vecino.example.org/desk/login", led))
    assert (whole.scheme, whole.netloc) == ("https", "vecino.example.org")
    assert whole.path == "/desk" or whole.path.startswith("/desk/")
    assert not set(led) & set("\r\n\\\t ")


async def test_the_second_factor_leads_nowhere_else_either(world: World) -> None:
    await world.log_in()
    answer = await world.client.get("/desk/second?next=//evil.example", allow_redirects=False)
    assert answer.headers["Location"] == "/desk"
