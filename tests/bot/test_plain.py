"""The plainest form of a message that its provider may still take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.plain import plainer
from channels import Traits
from channels.message import Attachment, Choice, Contact, Outbound, Template
from channels.reason import Reason
from channels.words import numbered

TRAITS = Traits(buttons=100, text_limit=100, attachments=1, caption_limit=20)
FILE = Attachment(name="digest.pdf", content_type="application/pdf", content=b"%PDF")
YES_NO = (Choice(id="q:yes", label="Sí"), Choice(id="q:no", label="No"))


def outbound(text: str = "¿Lo envío?", **more: object) -> Outbound:
    return Outbound(key="k", recipient=Contact(channel="telegram", address="7"), text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", [Reason.ATTACHMENTS, Reason.TOO_LARGE])
def test_a_refused_file_is_left_out_and_its_words_go(reason: Reason) -> None:
    plain = plainer(outbound(attachments=(FILE,), choices=YES_NO), reason, TRAITS)
    assert plain == outbound(choices=YES_NO)
    assert plainer(outbound("", attachments=(FILE,)), reason, TRAITS) is None


def test_refused_buttons_become_lines_to_answer_by_their_number() -> None:
    plain = plainer(outbound(choices=YES_NO), Reason.REFUSED, TRAITS)
    assert plain
    assert (plain.text, plain.choices) == ("¿Lo envío?\n1 Sí\n2 No", ())


def test_a_text_too_long_is_cut_and_its_choices_stay() -> None:
    plain = plainer(outbound("palabra " * 30, choices=YES_NO), Reason.TOO_LONG, TRAITS)
    assert plain
    assert plain.text.endswith("palabra…\n1 Sí\n2 No")
    assert len(plain.text) <= TRAITS.text_limit


def test_a_caption_too_long_goes_as_a_text_of_its_own() -> None:
    plain = plainer(outbound("x" * 50, attachments=(FILE,)), Reason.TOO_LONG, TRAITS)
    assert plain == outbound("x" * 50)


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.NOT_A_NUMBER, Reason.OUTSIDE_WINDOW, Reason.SENDER])
def test_what_has_nothing_to_do_with_the_form_is_not_tried_again(reason: Reason) -> None:
    assert plainer(outbound(choices=YES_NO, attachments=(FILE,)), reason, TRAITS) is None


def test_what_is_plain_already_is_not_tried_again() -> None:
    assert plainer(outbound(), Reason.REFUSED, TRAITS) is None
    assert plainer(outbound(), Reason.ATTACHMENTS, TRAITS) is None


def test_an_approved_template_has_no_other_form() -> None:
    template = Template(name="news", language="es", values=("7K3-9QX",))
    assert plainer(outbound(template=template, choices=YES_NO), Reason.REFUSED, TRAITS) is None


@given(st.text(min_size=1, max_size=300), st.lists(st.text(max_size=8), max_size=5), st.sampled_from(Reason))
def test_a_plainer_form_fits_has_words_and_is_another(text: str, labels: list[str], reason: Reason) -> None:
    choices = tuple(Choice(id=f"q:{n}", label=label) for n, label in enumerate(labels))
    whole = outbound(text, choices=choices)
    plain = plainer(whole, reason, TRAITS)
    if plain is None:
        return
    assert plain != whole
    assert plain.text.strip()
    if reason is Reason.TOO_LONG:
        assert len(plain.text) <= max(TRAITS.text_limit, len(numbered("", choices)))
        assert plain.text.endswith(numbered("", choices))
