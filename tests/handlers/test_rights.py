import pytest

from channels.message import Contact, Delivery, Inbound, Keyword
from handlers.phrases.keywords import RIGHTS, right
from handlers.phrases.words import BOT, NO, YES, fold, language_named, says
from tests.town import START as NOW
from tests.town import ScriptedParser, Town, parse

STOPPED = "Listo, no le escribo más. Si cambia de idea, escriba ALTA."


@pytest.mark.parametrize(
    "word",
    ["baja", "BAJA", " Baja. ", "parar", "sair", "arrêter", "Arrêt", "stop", "STOP!", "Dar de baja", "Denme de baja",
     "no quiero más mensajes", "Descadastrar", "não quero mais mensagens", "Désabonnez-moi", "ne m’écrivez plus", "opt out"],
)  # fmt: skip
async def test_a_stop_word_alone_is_confirmed_once_and_then_nothing_is_sent(puerto: Town, word: str) -> None:
    assert (await puerto.says(word))[-1] == STOPPED
    assert await puerto.says("hola") == []
    assert await puerto.says("hay un bache") == []


async def test_words_of_a_stopped_citizen_reach_a_clerk(puerto: Town) -> None:
    await puerto.says("baja")
    await puerto.says("se cayó un árbol sobre mi casa")
    async with puerto.store.view() as view:
        (aside,) = (await view.set_aside.page(0, 10)).rows
    assert (aside.reason, aside.text) == ("opted_out", "se cayó un árbol sobre mi casa")


@pytest.mark.parametrize("word", ["alta", "Denme de alta", "START", "voltar", "Reativar", "Reprendre", "Réabonnez-moi"])
async def test_a_start_word_brings_the_messages_back(puerto: Town, word: str) -> None:
    await puerto.says("baja")
    assert await puerto.says(word) == ["¡Qué bueno tenerle de vuelta! Le voy contando cómo van sus reportes."]
    assert len(await puerto.says("hola")) == 1


async def test_stop_drops_what_is_still_queued(puerto: Town) -> None:
    await puerto.says("qwerty", settle=False)
    await puerto.inbox.loop.step()  # answered, not yet sent
    assert await puerto.says("baja") == [STOPPED]


async def test_a_stop_word_inside_a_sentence_is_no_opt_out(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["que paren ese ruido"] = parse("report_noise", language="es")
    assert "Ruido, anotado" in (await puerto.says("que paren ese ruido"))[-1]


async def test_a_stop_that_only_the_model_sees_is_asked_about_once(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["ya no me manden nada"] = parse("stop", language="es")
    assert (await puerto.says("ya no me manden nada"))[-1] == "¿Quiere que deje de escribirle? [Sí] [No]"
    assert await puerto.presses("Sí") == [STOPPED]
    assert await puerto.says("hola") == []


async def test_twilios_own_words_on_sms_are_kept_in_step_and_not_answered_twice(puerto: Town) -> None:
    said = await puerto.says("CANCEL", style="sms")
    assert said == ["You have successfully been unsubscribed. Reply START to resubscribe."]  # Twilio's, none of ours
    assert await puerto.says("hola", style="sms") == []
    assert len(await puerto.says("start", style="sms")) == 1
    assert len(await puerto.says("hola", style="sms")) > 0


async def test_yes_by_sms_is_an_answer_unless_one_had_stopped(puerto: Town) -> None:
    await puerto.says("STOP", style="sms")
    assert await puerto.says("YES", style="sms") == [
        "¡Qué bueno tenerle de vuelta! Le voy contando como van sus reportes."
    ]


async def test_cancel_on_telegram_drops_a_report_and_stops_nothing(puerto: Town, parser: ScriptedParser) -> None:
    parser.known["cancel"] = parse("cancel", language="en")
    assert (await puerto.says("cancel"))[-1].startswith("There's nothing pending")
    assert len(await puerto.says("hola")) > 0


def test_no_word_has_two_meanings_and_each_stands_as_it_is_compared() -> None:
    rights = [{word for words in table.values() for word in words} for table in RIGHTS.values()]
    words = [word for table in (*rights, BOT, YES, NO) for word in table]
    assert sorted(words) == sorted(set(words))
    assert [word for word in words if fold(word) != word] == []


@pytest.mark.parametrize(
    "word",
    ["Paren ese ruido", "cancelar", "para", "basta", "no", "sí", "end", "quit", "volvió", "mis datos del reporte 7K3-9QX",
     "quiero hablar con una persona sobre el bache", "borrar", "personne", "sair daqui", "hay una persona herida",
     "les données", "my data plan", "baja la luz", "de baja", "stop sign missing", "help the dog", ""],
)  # fmt: skip
def test_a_word_that_may_mean_something_else_is_no_right(word: str) -> None:
    assert right(word) is None


@pytest.mark.parametrize(
    "word",
    ["Sí", "siii", "Sí, gracias", "órale", "simón", "hágale", "está bien", "👍🏽", "✅", "Isso mesmo", "tá bom", "aham",
     "pode mandar", "Sim, por favor", "Yes please!", "that's right", "that’s right", "go ahead", "Oui, merci", "c'est ça",
     "cest bon", "D’accord", "dakor", "wi", "tout à fait"],
)  # fmt: skip
def test_a_yes_of_any_region_is_a_yes(word: str) -> None:
    assert (says(word, YES), says(word, NO)) == (True, False)


@pytest.mark.parametrize(
    "word",
    ["No", "Nooo", "no, gracias", "nel", "para nada", "así no", "👎🏿", "❌", "Não", "naum", "não, obrigada", "tá errado",
     "No thanks", "that's wrong", "Non", "nan", "Non merci", "c'est pas ça", "ce n’est pas bon"],
)  # fmt: skip
def test_a_no_of_any_region_is_a_no(word: str) -> None:
    assert (says(word, YES), says(word, NO)) == (False, True)


@pytest.mark.parametrize("word", ["todavía no", "mejor no", "ya", "bueno", "merci", "gracias", "sí, pero en la otra"])
def test_neither_yes_nor_no_is_left_to_the_model(word: str) -> None:
    assert not says(word, YES | NO)


@pytest.mark.parametrize(
    ("text", "language"),
    [("en español por favor", "es"), ("Português", "pt"), ("english pls", "en"), ("FRANCAIS", "fr"), ("fr", "fr"),
     ("es", "es"), ("es un bache", None), ("hello", None)],
)  # fmt: skip
def test_a_language_is_known_by_its_name(text: str, language: str | None) -> None:
    assert language_named(text) == language


async def test_a_notice_queued_before_the_stop_is_not_sent(puerto: Town, parser: ScriptedParser) -> None:
    whole = "bache en Av. Bolívar 1"
    parser.known[whole] = parse("report_pothole", whole, location="Av. Bolívar 1", language="es")
    await puerto.says(whole)
    await puerto.presses("Sí")
    (ticket,) = await puerto.tickets()
    from tickets.model import Status

    await puerto.desk.move(number=ticket.number, to=Status.RESOLVED, version=1, login="rosa", note="")
    phone = puerto.phones["simulated_telegram"]
    await puerto.reception.accept([phone.say("p1", "baja")])
    await puerto.inbox.loop.step()
    await puerto.settle()
    async with puerto.store.view() as view:
        (notice,) = [sent for sent in await view.outbox.of_ticket(ticket.number) if sent.key.startswith("notice:")]
    assert (notice.delivery, notice.reason) == (Delivery.FAILED, "opted_out")


async def test_a_message_marked_as_answered_gets_no_second_answer_for_help(puerto: Town) -> None:
    inbound = Inbound(
        sender=Contact(channel="simulated_sms", address="p9"), external_id="x1", received_at=NOW, text="HELP",
        provider_keyword=Keyword.HELP,
    )  # fmt: skip
    await puerto.reception.accept([inbound])
    await puerto.settle()
    assert puerto.screen("sms", "p9") == []


async def test_a_message_in_a_senders_hands_at_the_stop_is_not_sent_when_it_comes_back(puerto: Town) -> None:
    await puerto.says("qwerty", settle=False)
    await puerto.inbox.loop.step()
    async with puerto.store.work() as work:  # a sender that dies with it
        await work.outbox.claim("dead", puerto.clock.now(), 60, 10)
        await work.commit()
    await puerto.says("baja", settle=False)
    await puerto.inbox.loop.step()
    puerto.clock.forward(minutes=2)
    await puerto.settle()
    assert puerto.screen()[2:] == [STOPPED]


def by_sms(text: str, word: Keyword | None, number: int = 1) -> Inbound:
    return Inbound(
        sender=Contact(channel="simulated_sms", address="p9"), external_id=f"x{number}", received_at=NOW, text=text,
        provider_keyword=word,
    )  # fmt: skip


async def opted_out(puerto: Town) -> bool:
    async with puerto.store.view() as view:
        citizen = await view.citizens.find(Contact(channel="simulated_sms", address="p9"))
    return citizen is not None and citizen.opted_out


async def accept(puerto: Town, inbound: Inbound) -> None:
    await puerto.reception.accept([inbound])
    await puerto.settle()


async def test_a_stop_word_of_the_citys_own_at_the_provider_is_recorded_and_not_answered_twice(puerto: Town) -> None:
    await accept(puerto, by_sms("ya no molesten", Keyword.STOP))
    assert (await opted_out(puerto), puerto.screen("sms", "p9")) == (True, [])
    await accept(puerto, by_sms("regresen", Keyword.START, 2))
    assert (await opted_out(puerto), puerto.screen("sms", "p9")) == (False, [])


async def test_yes_undoes_a_stop_only_where_the_provider_takes_it_for_one(puerto: Town) -> None:
    await accept(puerto, by_sms("STOP", Keyword.STOP))
    await accept(puerto, by_sms("YES", None, 2))
    assert await opted_out(puerto)
    await accept(puerto, by_sms("YES", Keyword.YES, 3))
    assert not await opted_out(puerto)


async def test_what_the_provider_took_it_for_survives_the_spool(puerto: Town) -> None:
    puerto.spool.append([by_sms("ya no molesten", Keyword.STOP)])
    await puerto.reception.drain()
    await puerto.settle()
    assert await opted_out(puerto)


async def test_outbox_keys_name_the_inbox_row_and_hold_no_chat_id(puerto: Town) -> None:
    sender = Contact(channel="simulated_telegram", address="987654321")
    keys = []
    for number, text in enumerate(("hola", "a", "baja", "alta", "baja")):
        inbound = Inbound(sender=sender, external_id=f"m987654321:{number}", received_at=NOW, text=text)
        await puerto.reception.accept([inbound])
        await puerto.inbox.loop.step()
        keys += await sent_keys(puerto)
    assert keys == ["reply:1:0", "reply:1:1", "reply:2:0", "stop:3:0", "reply:4:0", "stop:5:0"]


async def sent_keys(puerto: Town) -> list[str]:
    """Send all that is queued to nobody, and tell the keys."""
    keys: list[str] = []
    async with puerto.store.work() as work:
        while departures := await work.outbox.claim("test", NOW, 60, 10):
            for departure in departures:
                keys.append(departure.outbound.key)
                await work.outbox.sent(departure, "", NOW)
        await work.commit()
    return keys
