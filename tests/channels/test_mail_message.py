"""The mail itself, read by two readers: the library's newer parser, and its older one with the tree walked by hand."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels._mail_message import Letterhead, message_id, subject, written
from channels.mailbox import sender, wrong
from channels.message import Attachment, Choice, Contact, Outbound

NOW = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
HEAD = Letterhead(sender=sender("Atención, Vecino «ñ» <vecino@city.example>"), reply_to="mesa@city.example")
URL = "https://vecino.city.example/digest/unsubscribe/" + "t" * 150 + "?language=es&x=1"
WORDS = st.text(st.characters(codec="utf-8") | st.sampled_from(' \r\n\t:;,<>@"=?_é中😀'), max_size=300)
LANGUAGES = {
    "es": "Semana 47: 12 reportes más, ¡ñandú! «Peñón»",
    "pt": "Semana 47: mais 12 pedidos, São João, avó",
    "en": "Week 47: 12 more reports",
    "fr": "Semaine 47 : 12 signalements, Noël, œuvre, déjà, à l’heure",
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)


def outbound(**more: object) -> Outbound:
    values: dict[str, object] = {"key": "digest:1", "text": "hola", "subject": "Semana 47", **more}
    return Outbound(recipient=Contact(channel="email", address="ana@city.example"), **values)  # type: ignore[arg-type]


def read(raw: bytes) -> tuple[EmailMessage, Message]:
    """By both readers; whatever was written, it can travel."""
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines)
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message, message_from_bytes(raw)


def file(name: str, content_type: str = "application/pdf", content: bytes = b"%PDF") -> Attachment:
    return Attachment(name=name, content_type=content_type, content=content)


PAGE = file("digest.html", "text/html", b'<p>\xc3\xb1</p><img src="cid:trend@vecino">')
PICTURE = file("cid:trend@vecino", "image/png", PNG)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_page_pictures_and_files_form_the_tree_that_mail_programs_know(language: str) -> None:
    words = LANGUAGES[language]
    files = (PAGE, PICTURE, file("Semana 47 – Peñón.pdf"), file("a.csv", "text/csv", "área;n\r\n".encode()))
    new, old = read(written(outbound(text=words, subject=words, attachments=files), HEAD, NOW))
    assert tree(old) == [
        "multipart/mixed", [
            "multipart/alternative", ["text/plain", "multipart/related", ["text/html", "image/png"]],
            "application/pdf", "text/csv",
        ],
    ]  # fmt: skip
    plain, page = new.get_body(("plain",)), new.get_body(("html",))
    assert plain
    assert page
    assert plain.get_content().strip() == words
    assert "ñ" in page.get_content()
    parts = {part.get_content_type(): part for part in new.walk()}
    assert parts["image/png"]["Content-ID"] == "<trend@vecino>"
    assert parts["image/png"].get_content_disposition() == "inline"
    assert parts["image/png"].get_content() == PNG
    assert parts["application/pdf"].get_filename() == "Semana 47 – Peñón.pdf"
    assert parts["text/csv"].get_content() == "área;n\r\n".replace("\r\n", parts["text/csv"].get_content()[-2:])
    assert parts["multipart/related"].get_param("type") == "text/html"


def tree(part: Message) -> list[object]:
    """Types, and in a list behind a multipart those within it."""
    if not part.is_multipart():
        return [part.get_content_type()]
    within = [branch for inner in part.get_payload() if isinstance(inner, Message) for branch in tree(inner)]
    return [part.get_content_type(), within]


@pytest.mark.parametrize(
    ("files", "types"),
    [
        ((), ["text/plain"]),
        ((PAGE,), ["multipart/alternative", ["text/plain", "text/html"]]),
        ((file("a.pdf"),), ["multipart/mixed", ["text/plain", "application/pdf"]]),
        ((PICTURE,), ["multipart/mixed", ["text/plain", "image/png"]]),  # no page names it
        ((PAGE, file("b.html", "text/html")), ["multipart/mixed", ["multipart/alternative", ["text/plain", "text/html"], "text/html"]]),
        ((file("x", "message/rfc822"),), ["multipart/mixed", ["text/plain", "application/octet-stream"]]),
        ((file("x", "what is this"),), ["multipart/mixed", ["text/plain", "application/octet-stream"]]),
    ],
)  # fmt: skip
def test_what_is_not_needed_is_left_out(files: tuple[Attachment, ...], types: list[object]) -> None:
    _, old = read(written(outbound(attachments=files), HEAD, NOW))
    assert tree(old) == types


def test_the_head_says_what_mail_systems_ask_for() -> None:
    new, _ = read(written(outbound(unsubscribe=URL), HEAD, NOW))
    assert dict(new.items()) == {
        "From": '"Atención, Vecino «ñ»" <vecino@city.example>',
        "To": "ana@city.example",
        "Reply-To": "mesa@city.example",
        "Subject": "Semana 47",
        "Date": "Mon, 23 Nov 2026 11:30:00 +0000",
        "Message-ID": f"<{message_id(outbound(), HEAD.sender)}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{URL}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }


@pytest.mark.parametrize(
    "url", ["", "javascript:x", "https://a.example/x\r\nBcc: b@c.example", "https://a.example/<x>"]
)
def test_without_an_address_to_unsubscribe_there_is_no_such_header(url: str) -> None:
    new, _ = read(written(outbound(unsubscribe=url), HEAD, NOW))
    assert [name for name in new if "unsub" in name.lower() or name == "Bcc"] == []


def test_one_click_is_promised_by_https_alone() -> None:
    new, _ = read(written(outbound(unsubscribe="http://127.0.0.1:8080/u/1"), HEAD, NOW))
    assert new["List-Unsubscribe"] == "<http://127.0.0.1:8080/u/1>"
    assert new["List-Unsubscribe-Post"] is None


HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip


@given(WORDS, WORDS, WORDS)
@example("x\r\nBcc: all@city.example", "\r\n.\r\nRSET\r\n", "a\r\nb.pdf")
@example("=?utf-8?q?=41?=", "", "")
@example("\ud800", "\ud800 \0", "\ud800")
@example("", "   \r\n\r\n hola", "../../etc/passwd")
@example("á" * 200, "x" * 5000, "ñ" * 300)
def test_whatever_is_written_no_header_is_added_and_both_readers_read_the_same(
    title: str, text: str, name: str
) -> None:
    message = outbound(subject=title, text=text, attachments=(file(name),))
    new, old = read(written(message, HEAD, NOW))
    assert set(new.keys()) == set(old.keys()) <= HEADERS
    assert len(new.keys()) == len(set(new.keys()))
    assert new["Subject"] == subject(message)
    assert str(make_header(decode_header(old["Subject"] or ""))) == subject(message)
    [attached] = list(new.iter_attachments())
    assert attached.get_content() == b"%PDF"
    saved = attached.get_filename()
    assert saved
    assert not {"/", "\\", "\r", "\n", "\0"} & set(saved)


def test_without_a_subject_the_first_line_is_one() -> None:
    assert subject(outbound(subject="", text="\n  Plazo vencido \n7K3-9QX")) == "Plazo vencido"
    assert subject(outbound(subject="", text="")) == ""


def test_choices_stand_in_the_text() -> None:
    new, _ = read(written(outbound(choices=(Choice(id="a:b", label="Sí"),)), HEAD, NOW))
    assert new.get_content().split() == ["hola", "1", "Sí"]


def test_the_same_key_is_the_same_mail_and_tells_nothing() -> None:
    first = message_id(outbound(), HEAD.sender)
    assert first == message_id(outbound(text="other", subject="other"), HEAD.sender)
    elsewhere = Contact(channel="email", address="bea@city.example")
    others = [
        outbound(key="digest:2"), Outbound(key="digest:1", recipient=elsewhere, text="hola"),
    ]  # fmt: skip
    assert len({first, *(message_id(other, HEAD.sender) for other in others)}) == 3
    assert first.endswith("@city.example")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ana@city.example", ""),
        ("o'brien+x@sub.city.example", ""),
        ("ana@xn--mnchen-3ya.example", ""),
        ("ana@münchen.example", "xn--"),
        ("ñandú@city.example", "without marks"),
        ("", "such as ana@city.example"),
        ("ana", "such as ana@city.example"),
        ("@city.example", "such as"),
        ("ana@localhost", "such as"),
        (".ana@city.example", "such as"),
        ("ana..b@city.example", "such as"),
        ('"ana b"@city.example', "such as"),
        ("ana@[127.0.0.1]", "such as"),
        ("ana@-city.example", "such as"),
        ("ana@city.example\r\nRCPT TO:<x@y.example>", "such as"),
        ("a" * 65 + "@city.example", "such as"),
        ("ana@" + "b" * 250 + ".example", "such as"),
    ],
)
def test_an_address_is_refused_with_what_to_write(address: str, says: str) -> None:
    advice = wrong(address)
    assert (says in advice) if says else advice == ""
