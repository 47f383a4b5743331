"""WhatsApp's 24 hours: what is said inside and outside them, with a clock that stands still."""

from typing import Any

import pytest

from bot.inbox.releasing import is_nod
from bot.ports import Sent
from channels import Rejected
from channels.message import Contact, Delivery, Inbound, Kind, Media, Outbound, Receipt, Template
from channels.reason import Reason
from channels.simulator import Simulator, Style
from tests.bot.conftest import WHOLE
from tests.town import PIN, START, Clock, ScriptedParser, Town, parse
from tickets.model import Status

KNOCK = "¡Hola! Hay novedades de su reporte. Respóndame cuando quiera y se las cuento."
DAY = {"hours": 23, "minutes": 59, "seconds": 59}


class Provider(Simulator):
    """A WhatsApp of which each test says what is approved, and that keeps what went out."""

    def __init__(self, clock: Clock, *approved: str) -> None:
        super().__init__("whatsapp", clock.now)
        self.templates, self.refusals, self.sent = set(approved), 0, list[Outbound]()

    def approved(self, template: Template) -> bool:
        return template.name in self.templates and super().approved(template)

    async def send(self, outbound: Outbound) -> str:
        if self.refusals:
            self.refusals -= 1
            raise Rejected(Reason.OUTSIDE_WINDOW, "63016")
        external_id = await super().send(outbound)
        self.sent.append(outbound)
        return external_id

    @property
    def last(self) -> Outbound:
        return self.sent[-1]


async def filed(puerto: Town, *approved: str) -> Provider:
    """A report by WhatsApp, filed just now."""
    provider = puerto.phones["simulated_whatsapp"] = Provider(puerto.clock, *approved)
    await puerto.says(WHOLE, style="whatsapp")
    await puerto.says("1", style="whatsapp")
    return provider


async def resolve(puerto: Town, note: str = "Gracias.") -> None:
    (ticket,) = await puerto.tickets(style="whatsapp")
    to = Status.RESOLVED if ticket.status is not Status.RESOLVED else Status.IN_PROGRESS
    await puerto.desk.move(number=ticket.number, to=to, version=ticket.version, login="rosa", note=note)
    await puerto.settle()


async def notices(puerto: Town) -> list[Sent]:
    (ticket,) = await puerto.tickets(style="whatsapp")
    async with puerto.store.view() as view:
        return list(await view.outbox.of_ticket(ticket.number))


async def undelivered(puerto: Town) -> list[str]:
    async with puerto.store.view() as view:
        return [failure.reason for failure in (await view.undelivered.page(0, 10)).rows]


def heard(puerto: Town, style: Style) -> list[str]:
    return puerto.screen(style)


async def test_a_second_before_the_day_is_over_the_news_are_free_text(puerto: Town) -> None:
    provider = await filed(puerto, "notice_resolved", "news")
    puerto.clock.forward(**DAY)
    await resolve(puerto)
    assert provider.last.template is None
    assert provider.last.text.startswith("¡Buenas noticias!")


@pytest.mark.parametrize("seconds", [1, 2])
async def test_when_the_day_is_over_the_notices_own_template_carries_the_news(puerto: Town, seconds: int) -> None:
    provider = await filed(puerto, "notice_resolved", "news")
    puerto.clock.forward(**DAY)
    puerto.clock.forward(seconds=seconds)
    await resolve(puerto, "Tapado\ncon asfalto.")
    (ticket,) = await puerto.tickets(style="whatsapp")
    values = (ticket.number, "Bache", "Tapado con asfalto.")
    assert provider.last.template == Template(name="notice_resolved", language="es", values=values)


async def test_each_kind_of_notice_has_its_own_template_and_no_value_is_empty(puerto: Town) -> None:
    provider = await filed(puerto, "notice", "notice_resolved", "notice_declined")
    puerto.clock.forward(days=2)
    await resolve(puerto, "")
    await resolve(puerto, "")
    (ticket,) = await puerto.tickets(style="whatsapp")
    await puerto.desk.move(number=ticket.number, to=Status.DECLINED, version=3, login="rosa", note="Es privado.")
    await puerto.settle()
    said = [(sent.template.name, sent.template.values[1:]) for sent in provider.sent[-3:] if sent.template]
    assert said == [
        ("notice_resolved", ("Bache", "Gracias por avisar.")),
        ("notice", ("Bache", "ya lo estamos atendiendo", "Gracias por avisar.")),
        ("notice_declined", ("Bache", "Es privado.")),
    ]


async def test_without_a_template_of_its_own_the_news_wait_behind_one_and_an_answer_releases_them(puerto: Town) -> None:
    provider = await filed(puerto, "news")
    puerto.clock.forward(days=2)
    await resolve(puerto)
    await resolve(puerto)
    assert [sent.text for sent in provider.sent[-1:]] == [KNOCK]
    assert provider.last.template == Template(name="news", language="es", values=())
    assert [(sent.delivery, sent.reason) for sent in await notices(puerto)] == [(Delivery.QUEUED, "parked")] * 2
    first, second = await puerto.says("sí", style="whatsapp")
    assert first.startswith("¡Buenas noticias!")
    assert second.startswith("Novedades")
    assert [sent.delivery for sent in await notices(puerto)] == [Delivery.SENT] * 2
    assert await puerto.says("1", style="whatsapp") != []  # an ordinary message again


@pytest.mark.parametrize("answer", ["1", "sí", "No.", "👍"])
async def test_the_answer_that_releases_is_no_part_of_a_dialogue(puerto: Town, answer: str) -> None:
    provider = await filed(puerto, "news")
    await puerto.says("hay basura", style="whatsapp")  # a question is left open: which service?
    puerto.clock.forward(hours=23, minutes=58)
    await resolve(puerto)
    puerto.clock.forward(minutes=3)
    assert provider.last.text.startswith("¡Buenas noticias!")
    await resolve(puerto)
    assert provider.last.text == KNOCK
    (news,) = await puerto.says(answer, style="whatsapp")
    assert news.startswith("Novedades")


async def test_a_report_that_releases_the_news_is_taken_as_a_report(puerto: Town, parser: ScriptedParser) -> None:
    await filed(puerto, "news")
    puerto.clock.forward(days=2)
    await resolve(puerto)
    parser.known["se cayó un árbol en Molino 3"] = parse(
        "report_tree", "se cayó un árbol en Molino 3", location="Molino 3", language="es"
    )
    news, question = await puerto.says("se cayó un árbol en Molino 3", style="whatsapp")
    assert news.startswith("¡Buenas noticias!")
    assert "Molino 3" in question


async def test_news_that_nobody_asks_for_go_by_sms_in_time_and_once(puerto: Town) -> None:
    await filed(puerto, "news")
    puerto.clock.forward(days=2)
    await resolve(puerto)
    puerto.clock.forward(hours=11, minutes=59)
    await puerto.settle()
    assert heard(puerto, "sms") == []
    puerto.clock.forward(minutes=2)
    await puerto.settle()
    (said,) = heard(puerto, "sms")
    assert said.startswith("¡Buenas noticias!")
    assert [sent.delivery for sent in await notices(puerto)] == [Delivery.SENT]
    assert await puerto.says("hola", style="whatsapp") != []
    assert len(heard(puerto, "sms")) == 1


@pytest.mark.parametrize("writes", [True, False])
async def test_only_what_is_parked_is_told_as_parked(
    puerto: Town, capsys: pytest.CaptureFixture[str], *, writes: bool
) -> None:
    provider = await filed(puerto, "news")
    puerto.clock.forward(days=2)
    (ticket,) = await puerto.tickets(style="whatsapp")
    await puerto.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    (departure,) = await puerto.delivery._claim(10)
    if writes:  # between our looking at the window and our parking it
        await puerto.reception.accept([provider.say("p1", "hola")])
    await puerto.delivery._handle(departure)
    assert capsys.readouterr().out.count("parked") == (0 if writes else 1)


async def test_the_question_that_was_parked_is_answered_once_it_is_released(
    puerto: Town, parser: ScriptedParser
) -> None:
    parser.known["hola"] = parse("greet", language="es")
    await filed(puerto, "news")
    puerto.clock.forward(days=2)
    await resolve(puerto)
    news, hello = await puerto.says("hola", style="whatsapp")
    assert news.endswith("1 Sí\n2 No")
    assert hello
    (asked,) = await puerto.says("2", style="whatsapp")
    assert asked.startswith("Lo siento. Reabrí")


async def test_the_question_that_went_by_sms_instead_is_answered_by_sms(puerto: Town) -> None:
    await filed(puerto)
    puerto.clock.forward(days=2)
    await resolve(puerto)
    (said,) = heard(puerto, "sms")
    assert said.endswith("1 Si\n2 No")
    said = await puerto.says("2", style="sms")
    assert any(text.startswith("Lo siento. Reabri") for text in said)
    (ticket,) = await puerto.tickets(style="whatsapp")
    assert ticket.status is Status.IN_PROGRESS


async def test_without_any_template_the_news_go_by_sms_at_once(puerto: Town) -> None:
    await filed(puerto)
    puerto.clock.forward(days=2)
    await resolve(puerto)
    assert len(heard(puerto, "sms")) == 1


async def test_who_said_stop_by_sms_gets_no_news_there_and_a_clerk_sees_it(puerto: Town) -> None:
    await filed(puerto)
    await puerto.says("hola", style="sms")
    async with puerto.store.work() as work:
        contact = puerto.phones["simulated_sms"].say("p1", "x").sender
        citizen = await work.citizens.find(contact)
        assert citizen
        await work.refusals.record(citizen.id, Reason.OPTED_OUT)  # by the provider, who knows nothing of WhatsApp
        await work.commit()
    before = len(heard(puerto, "sms"))
    puerto.clock.forward(days=2)
    await resolve(puerto)
    assert len(heard(puerto, "sms")) == before
    assert await undelivered(puerto) == ["outside_window"]


async def test_where_the_city_has_no_sms_a_clerk_sees_what_was_not_told(puerto: Town) -> None:
    await filed(puerto)
    del puerto.phones["simulated_sms"]
    puerto.clock.forward(days=2)
    await resolve(puerto)
    assert await undelivered(puerto) == ["outside_window"]


async def test_stop_drops_what_is_parked(puerto: Town) -> None:
    provider = await filed(puerto, "news")
    puerto.clock.forward(days=2)
    await resolve(puerto)
    (bye,) = await puerto.says("STOP", style="whatsapp")
    assert bye.startswith("Listo")
    puerto.clock.forward(days=2)
    await puerto.settle()
    assert (provider.last.text, heard(puerto, "sms")) == (bye, [])
    assert [(sent.delivery, sent.reason) for sent in await notices(puerto)] == [(Delivery.FAILED, "opted_out")]


async def test_a_provider_that_counts_otherwise_gets_the_template_at_once(puerto: Town) -> None:
    provider = await filed(puerto, "notice_resolved")
    puerto.clock.forward(hours=23, minutes=59)
    provider.refusals = 1
    await resolve(puerto)
    assert provider.last.template is not None
    assert await undelivered(puerto) == []


async def test_a_refusal_that_comes_late_leads_to_the_same_once(puerto: Town) -> None:
    provider = await filed(puerto, "notice_resolved")
    puerto.clock.forward(hours=23, minutes=59)
    await resolve(puerto)
    assert provider.last.template is None
    late = Receipt(key=provider.last.key, external_id="", delivery=Delivery.FAILED, reason=Reason.OUTSIDE_WINDOW)
    before = len(provider.sent)
    for _ in range(3):
        await puerto.reception.receipts("simulated_whatsapp", [late, late])
        puerto.clock.forward(seconds=3)
        await puerto.settle()
    assert len(provider.sent) == before + 1
    assert provider.last.template is not None
    assert await undelivered(puerto) == []


async def test_a_refusal_of_what_was_sent_before_they_wrote_again_closes_nothing(puerto: Town) -> None:
    provider = await filed(puerto, "notice_resolved")
    puerto.clock.forward(hours=23, minutes=59)
    await resolve(puerto)
    late = Receipt(key=provider.last.key, external_id="", delivery=Delivery.FAILED, reason=Reason.OUTSIDE_WINDOW)
    puerto.clock.forward(minutes=5)
    await puerto.says("hola", style="whatsapp")
    await puerto.reception.receipts("simulated_whatsapp", [late])
    puerto.clock.forward(seconds=3)
    await puerto.settle()
    assert provider.last.template is None
    assert provider.last.text.startswith("¡Buenas noticias!")


async def test_a_provider_that_refuses_its_own_templates_does_not_make_a_circle(puerto: Town) -> None:
    provider = await filed(puerto, "notice_resolved")
    puerto.clock.forward(hours=23, minutes=59)
    provider.refusals = 100
    await resolve(puerto)
    assert provider.refusals == 98
    assert await undelivered(puerto) == ["outside_window"]
    counters = puerto.delivery.counters
    assert counters.get("outbound", outcome="later", reason=Reason.OUTSIDE_WINDOW) == 1
    assert counters.get("outbound", outcome="failed", reason=Reason.OUTSIDE_WINDOW) == 1


async def test_other_channels_have_no_window(puerto: Town) -> None:
    await puerto.says(WHOLE)
    await puerto.presses("Sí")
    puerto.clock.forward(days=30)
    (ticket,) = await puerto.tickets()
    await puerto.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    await puerto.settle()
    assert puerto.screen()[-1].startswith("¡Buenas noticias!")


@pytest.mark.parametrize(
    ("more", "nod"),
    [
        ({"text": "Sí"}, True),
        ({"text": "12"}, True),
        ({"choice": "see"}, True),
        ({"kind": Kind.STICKER}, True),
        ({"kind": Kind.VOICE}, False),
        ({"kind": Kind.OTHER}, False),
        ({"text": "123"}, False),
        ({"text": "sí, y además hay basura"}, False),
        ({"point": PIN}, False),
        ({"media": (Media(reference="1", content_type="image/png"),)}, False),
    ],
)
def test_only_what_says_nothing_else_is_a_nod(more: dict[str, Any], nod: bool) -> None:
    sender = Contact(channel="whatsapp", address="+525512345678")
    assert is_nod(Inbound(sender=sender, external_id="1", received_at=START, **more)) is nod


async def test_a_worker_that_lost_its_message_forgets_no_question_that_another_one_asked(puerto: Town) -> None:
    await filed(puerto, "news")
    await puerto.says(WHOLE, style="whatsapp")  # a question that nobody answers
    puerto.clock.forward(hours=25)
    await resolve(puerto)
    await puerto.reception.accept([puerto.phones["simulated_whatsapp"].say("p1", WHOLE)])
    async with puerto.store.work() as work:
        (lost,) = await work.inbox.claim("hangs", puerto.clock.now(), 60, 10)
        await work.commit()
    puerto.clock.forward(seconds=61)
    await puerto.settle()
    await puerto.inbox._releasing._release(lost, nod=False)  # it had seen that news wait, and goes on only now
    await puerto.says("1", style="whatsapp")
    assert len(await puerto.tickets(style="whatsapp")) == 2
