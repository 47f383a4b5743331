"""The English source of everything a citizen can be sent. The catalogues in locales/ translate these very sentences.

Write as to a neighbour: warm, short, plain. Many travel by SMS, so every character counts (160 make one segment).
"""

from pathlib import Path

from handlers.say import Say
from tickets.model import Status

LOCALES = Path(__file__).parent.parent / "locales"  # <language>/LC_MESSAGES/messages.po


def _(message: str) -> str:
    """Marks a text for extraction; the translation happens when it is rendered."""
    return message


TEXTS: dict[Say, str] = {
    Say.WELCOME: _("Hi! I'm Vecino, {city}'s assistant. Your data is used only for your reports: {url}"),
    Say.GREETING: _(
        "Hello! Tell me what is wrong and where, and I'll pass it on. For example: street lamp out at 12 Mill Road"
    ),
    Say.INVITATION: _(
        "Tell me what is wrong and where, and I'll pass it on. For example: street lamp out at 12 Mill Road"
    ),
    Say.HELP: _(
        "Write what is wrong and where; a photo or your location helps. "
        'Write "my reports" to see how they are going, or a report number. To talk to a person: {phone}, {hours}'
    ),
    Say.THANKS: _("You're welcome. Thank you for looking after {city}!"),
    Say.GOODBYE: _("Bye! Write to me any time."),
    Say.WHICH_SERVICE: _("What is it about?"),
    Say.NOT_UNDERSTOOD: _("Sorry, I didn't quite get that. What is it about?"),
    Say.SORRY_MENU: _("I've got your message. So that it reaches the right team: what is it about?"),
    Say.WHERE: _("{service}, got it. Where is it? Street and number, a corner, or something close by."),
    Say.WHAT_HAPPENED: _("{service}, got it. Tell me in a few words what is going on."),
    Say.PLACE_NEEDED: _("I still need the place: street and number, a corner, or something close by."),
    Say.CONFIRM: _("{service}, at: {place}. Shall I send it?"),
    Say.CONFIRM_PHOTO: _("{service}, at: {place}. Shall I send it? You can add a photo first."),
    Say.WHAT_TO_CHANGE: _("No problem. What should I change?"),
    Say.RECEIPT: _(
        "Done! Report {number}: {service}, {place}. We expect to sort it out by {due}. I'll keep you posted."
    ),
    Say.DROPPED: _("All right, nothing was sent. Write to me whenever you need."),
    Say.NOTHING_TO_CANCEL: _("There's nothing pending to cancel. If you want to report something, just tell me."),
    Say.STATUS: _("{number}, {service}, {place}: {status}. We expect to sort it out by {due}."),
    Say.STATUS_LATE: _(
        "{number}, {service}, {place}: {status}. It should have been done by {due}: sorry, it's on our list."
    ),
    Say.STATUS_CLOSED: _("{number}, {service}, {place}: {status} on {at}."),
    Say.STATUS_PUBLIC: _("{number}, {service}: {status}."),
    Say.STATUS_LINE: _("{number} {service}: {status}"),
    Say.MY_REPORTS: _("Your latest reports:"),
    Say.NO_REPORTS: _("You have no reports yet. Tell me what is wrong and where, and I'll pass it on."),
    Say.NUMBER_UNKNOWN: _("I can't find {number}. Please check each letter and digit; it looks like 7K3-9QX."),
    Say.COMMENT_KEPT: _("Noted in report {number}. The team will see it."),
    Say.NO_TICKET_FOR_COMMENT: _(
        "I have no report of yours to add that to. Tell me what is wrong and where, and I'll file it."
    ),
    Say.LANGUAGE_SET: _("Sure, from now on in English."),
    Say.WHICH_LANGUAGE: _("Which language do you prefer?"),
    Say.EMERGENCY: _("If someone is in danger, call {phone} right now. I can't send help from here."),
    Say.STOP_ASK: _("Do you want me to stop writing to you?"),
    Say.STOPPED: _("Done, I won't write to you again. If you change your mind, write START."),
    Say.STARTED: _("Good to have you back! I'll keep you posted about your reports."),
    Say.NOT_STOPPED: _("Good, I'll keep writing to you about your reports."),
    Say.PERSON: _("You can talk to someone at {phone}, {hours}. I'm here for reports at any time."),
    Say.PRIVACY: _("Here is what we keep and your rights: {url} To see or delete your data, call {phone}."),
    Say.INFORMATION: _(
        "I can't look that up, but they'll know at {phone}, {hours}. To report a problem, tell me what and where."
    ),
    Say.OUT_OF_SCOPE: _(
        "I can't help with that. I take reports about the street: lamps, rubbish, potholes, water, trees and more."
    ),
    Say.ABUSE: _("I understand you're upset. Tell me what is wrong and where, and I'll pass it on right away."),
    Say.UNREADABLE: _("I can't read that kind of message yet. Could you write it to me?"),
    Say.EDITED: _("I can't see edited messages. Please send me the change as a new one."),
    Say.OLD_BUTTON: _("That button was for an earlier question. Please answer the latest one, or write to me."),
    Say.TROUBLE: _(
        "Something went wrong on our side with your message. A person will look at it; no need to send it again."
    ),
    Say.PAUSED: _(
        "That's a lot of messages at once, so I'll be quiet for a while. "
        "A person will read them; if it's urgent, call {phone}"
    ),
    Say.NOTICE: _("News on {number} ({service}): {status}. {note}"),
    Say.NOTICE_RESOLVED: _("Good news! {number} ({service}) has been fixed. {note}"),
    Say.NOTICE_DECLINED: _("About {number} ({service}): we can't take care of it. {note}"),
    Say.NO_NOTE: _("Thank you for telling us."),
    Say.NEWS: _("Hello! There is news on your report. Write back whenever you like and I'll tell you."),
    Say.YES: _("Yes"),
    Say.NO: _("No"),
    Say.CHANGE_SERVICE: _("What it is about"),
    Say.CHANGE_PLACE: _("The place"),
    Say.DROP: _("Drop it"),
    Say.MORE: _("Something else"),
}

STATUSES: dict[Status, str] = {
    Status.RECEIVED: _("received"),
    Status.TRIAGED: _("being looked at"),
    Status.IN_PROGRESS: _("being worked on"),
    Status.WAITING: _("waiting"),
    Status.RESOLVED: _("fixed"),
    Status.DECLINED: _("closed without work"),
    Status.DUPLICATE: _("joined with another report"),
}

PIN = _("the spot you marked")
LANGUAGE_NAMES = {"es": "Español", "pt": "Português", "en": "English", "fr": "Français"}
