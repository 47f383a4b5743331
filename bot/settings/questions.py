"""What a service asks beside what and where: `questions` of a service in config.yml, and who else is responsible:
`body` of a service."""

from bot.settings import room
from bot.settings.section import Section, some_texts
from tickets.city import AnswerOption, Ask, Body, Question

MOST = 3  # questions of any service, its place and details counted
_CODE = "a short word for it, of small letters, digits and _"
_OPTIONS = (2, 8)


def read_questions(service: Section, languages: tuple[str, ...], asks: tuple[Ask, ...]) -> tuple[Question, ...]:
    """`questions: [{code: fault, texts: {en: What is wrong with it?}, options: [{code: off, names: {en: It is off},
    words: {en: [out, no light]}}]}]`, from the commonest option to the most telling; without options any words answer.
    `words` are what people write for an option, per language; `apagad*` is the beginning of a word."""
    if not service.has("questions"):
        return ()
    questions = tuple(_question(section, languages) for section in service.sections("questions"))
    _differ(service, "questions", [question.code for question in questions])
    asked = len(questions) + len({Ask.PLACE, Ask.DETAILS} & set(asks))
    if asked > MOST:
        service.wrong("questions", f"makes {asked} questions with those of `asks`; ask at most {MOST} of any citizen")
    return questions


def read_body(service: Section, languages: tuple[str, ...]) -> Body | None:
    """`body: {names: {en: The water company}, reach: {en: 555 0199}}`: whose this service is, where it is not ours."""
    return body_of(service.section("body"), languages) if service.has("body") else None


def body_of(section: Section, languages: tuple[str, ...]) -> Body:
    """A body's names, and how to reach it."""
    body = Body(names=section.texts("names", languages), reach=section.texts("reach", languages))
    room.check(section, "names", body.names.values(), longest=room.BODY)
    room.check(section, "reach", body.reach.values())
    section.done()
    return body


def _question(section: Section, languages: tuple[str, ...]) -> Question:
    code, texts = section.get("code", _code, _CODE, ""), section.texts("texts", languages)
    listed = section.sections("options") if section.has("options") else ()
    options = tuple(_option(option, languages) for option in listed)
    _differ(section, "options", [option.code for option in options])
    if options and not _OPTIONS[0] <= len(options) <= _OPTIONS[1]:
        section.wrong("options", f"must be {_OPTIONS[0]} to {_OPTIONS[1]}, or left out where any words answer")
    for language in languages:
        names = [option.names.get(language, "") for option in options]
        room.check_question(section, "texts", texts.get(language, ""), names)
    section.done()
    return Question(code=code, texts=texts, options=options)


def _option(section: Section, languages: tuple[str, ...]) -> AnswerOption:
    option = AnswerOption(
        code=section.get("code", _code, _CODE, ""),
        names=section.texts("names", languages),
        words=section.get("words", _words, "lists of words by language: {en: [out, no light]}", {}, required=False),
    )
    for language in sorted(set(option.words) - set(languages)):
        section.wrong(
            "words", f"has {language}, which is not among city.languages; remove it or add the language there"
        )
    room.check(section, "names", option.names.values())
    section.done()
    return option


def _differ(section: Section, name: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        section.wrong(name, f"has the code {code} twice; codes must differ")


def _code(value: object) -> str:
    if (
        not isinstance(value, str)
        or not value.replace("_", "").isalnum()
        or not value.isascii()
        or value.lower() != value
    ):
        raise ValueError
    return value


def _words(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TypeError
    return {str(language): some_texts(words) for language, words in value.items()}
