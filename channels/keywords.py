"""Whole-message words that Twilio acts on by itself on SMS before we see them.

Twilio answers them in English, keeps its own list of who opted out, and passes the message on all the same. Source:
Twilio's "support for opt-out keywords". YES opts in as well, but is answered only to those who had opted out. A city
may set up words of its own there ("advanced opt-out"); those come with the form field `OptOutType`.
"""

from channels.message import Keyword

WORDS: dict[Keyword, frozenset[str]] = {
    Keyword.STOP: frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"}),
    Keyword.START: frozenset({"START", "UNSTOP"}),
    Keyword.HELP: frozenset({"HELP", "INFO"}),
    Keyword.YES: frozenset({"YES"}),
}
_MEANING = {word: meaning for meaning, words in WORDS.items() for word in words}


def keyword(text: str) -> Keyword | None:
    """What Twilio takes the message for: it compares the whole of it, whatever its case."""
    return _MEANING.get(text.strip().upper())
