"""The English source of everything a citizen can be sent. The catalogues in locales/ translate these very sentences.

Write as to a neighbour: warm, short, plain. Many travel by SMS, so every character counts (160 make one segment).
"""

from collections.abc import Mapping
from pathlib import Path

from handlers.say import Say
from tickets.calendar import Unit
from tickets.model import Status

LOCALES = Path(__file__).parent.parent / "locales"  # <language>/LC_MESSAGES/messages.po


def _(message: str) -> str:
    """Marks a text for extraction; the translation happens when it is rendered."""
    return message


def ngettext(one: str, several: str) -> tuple[str, str]:
    """Marks a text that depends on a number."""
    return one, several


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
    Say.TAKE_TIME: _("Take your time, I am right here."),
    Say.GOODBYE: _("Bye! Write to me any time."),
    Say.WHICH_SERVICE: _("What is it about?"),
    Say.NOT_UNDERSTOOD: _("Sorry, I didn't quite get that. What is it about?"),
    Say.SORRY_MENU: _("I've got your message. So that it reaches the right team: what is it about?"),
    Say.WHERE: _("{service}, got it. Where is it? Street and number, a corner, or something close by."),
    Say.WHAT_HAPPENED: _("{service}, got it. Tell me in a few words what is going on."),
    Say.PLACE_NEEDED: _("I still need the place: street and number, a corner, or something close by."),
    Say.CONFIRM: _("{service}, at: {place}. Shall I send it?"),
    Say.CONFIRM_PHOTO: _("{service}, at: {place}. Shall I send it? You can add a photo first."),
    Say.PHOTOS_FULL: _(
        "That's more photos than I can keep in one day, so the last ones stay out. Your words do count."
    ),
    Say.WHAT_TO_CHANGE: _("No problem. What should I change?"),
    Say.RECEIPT: _(
        "Done! Report {number}: {service}, {place}. We expect to sort it out by {due}. I'll keep you posted."
    ),
    Say.RECEIPT_URGENT: _("Done! Report {number}: {service}, {place}. It comes before everything else."),
    Say.DROPPED: _("All right, nothing was sent. Write to me whenever you need."),
    Say.NOTHING_TO_CANCEL: _("There's nothing pending to cancel. If you want to report something, just tell me."),
    Say.STATUS: _("{number}, {service}, {place}: {status}. We expect to sort it out by {due}."),
    Say.STATUS_LATE: _(
        "{number}, {service}, {place}: {status}. It should have been done by {due}: sorry, it's on our list."
    ),
    Say.COUNTED: _("We count {reason}."),
    Say.STATUS_WAITING: _("{number}, {service}, {place}: {status}."),
    Say.STATUS_CLOSED: _("{number}, {service}, {place}: {status} on {at}."),
    Say.STATUS_PUBLIC: _("{number}, {service}: {status}."),
    Say.STATUS_LINE: _("{number} {service}: {status}"),
    Say.MY_REPORTS: _("Your latest reports:"),
    Say.NO_REPORTS: _("You have no reports yet. Tell me what is wrong and where, and I'll pass it on."),
    Say.NUMBER_UNKNOWN: _("I can't find {number}. Please check each letter and digit; it looks like 7K3-9QX."),
    Say.DELETED_BY_RULE: _(
        "Report {number} ({service}) was closed long ago. We deleted it on {day}, as the city's rules say."
    ),
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
    Say.NEW_DATE: _("We now expect to sort it out by {due}."),
    Say.NOTICE_RESOLVED: _("Good news! {number} ({service}) has been fixed. {note}"),
    Say.NOTICE_DECLINED: _("About {number} ({service}): we can't take care of it. {note}"),
    Say.NO_NOTE: _("Thank you for telling us."),
    Say.NEWS: _("Hello! There is news on your report. Write back whenever you like and I'll tell you."),
    Say.QUESTION: _("{question}"),
    Say.SEVERAL: _("Got it, {count} things. One at a time; first: {service}."),
    Say.NEXT_ONE: _("Now the next one: {service}."),
    Say.UNDER_WAY: _("We were talking about this: {service}."),
    Say.EXPIRED: _("I didn't hear back, so I haven't sent your report ({service}). Write to me whenever you like."),
    Say.OUTSIDE: _(
        "That place belongs to {body}; you can reach them here: {reach}. "
        "If I got the place wrong, tell me the right one."
    ),
    Say.OUTSIDE_UNKNOWN: _(
        "That place is outside {city}, so we can't go there. If I got it wrong, tell me where it is."
    ),
    Say.OTHER_BODY: _("{service}: that is looked after by {body}. You can reach them here: {reach}"),
    Say.STUCK: _("I'm sorry, I just don't get it."),
    Say.NEARBY: _("{service}, {place}: neighbours have told us already. Is it one of these?"),
    Say.NEARBY_LINE: _("{where}, {ago}: {status}"),
    Say.NONE_OF_THESE: _("No, send mine"),
    Say.JOINED: _(
        "Done, you now follow report {number} ({service}: {status}). We expect to sort it out by {due}. "
        "I'll keep you posted."
    ),
    Say.JOINED_NO_DATE: _("Done, you now follow report {number} ({service}: {status}). I'll keep you posted."),
    Say.JOINED_ALREADY: _("You already follow report {number} ({service}: {status}). I'll keep you posted."),
    Say.OWN_ALREADY: _("You've told us already: report {number} ({service}: {status}). I've added this to it."),
    Say.LEFT: _("All right, no more news of {number}."),
    Say.NOT_FOLLOWING: _("You get no news of {number} as it is."),
    Say.NEWS_OF_OWN: _("I only send you news of your own reports. For no more messages at all, write STOP."),
    Say.WHICH_TICKET: _("Which report do you mean?"),
    Say.NEW_REPORT: _("A new report"),
    Say.LAST_NEWS: _("Latest news, {at}: {note}"),
    Say.NEXT: _("Next: {step}"),
    Say.FOLLOWING: _("You follow this report."),
    Say.PROMISE_BROKEN: _(
        "I'm sorry: {number} ({service}) is not done yet, though we had promised it. The new date is {due}."
    ),
    Say.CORRECTED: _("Changed! Report {number} now says: {service}, {place}. We expect to sort it out by {due}."),
    Say.WHAT_TO_CORRECT: _("Report {number}: what should I change?"),
    Say.RIGHT_PLACE: _("Report {number}: what is the right place?"),
    Say.RIGHT_SERVICE: _("Report {number}: what is it about?"),
    Say.CLOSED_ALREADY: _("Report {number} is closed already. If there is still a problem, tell me what and where."),
    Say.VOICE_KEPT: _("I've put your voice message into report {number}. The team will listen to it."),
    Say.VOICE_ADDED: _("I've kept your voice message for the team. I can't listen to it myself, so please write:"),
    Say.VOICE_NEW: _("I've kept your voice message for the team. What is it about?"),
    Say.IS_IT_FIXED: _("How does it look to you: is it fixed?"),
    Say.IS_IT_FIXED_LATER: _("Report {number}, {service}, {place}: is it fixed?"),
    Say.RATE: _("Glad to hear it! How did we do, from 1 (badly) to 5 (very well)?"),
    Say.ANY_WORD: _("Thank you! If you'd like to add anything, write it to me."),
    Say.WORD_KEPT: _("Thank you, the team will read it."),
    Say.REOPENED: _("I'm sorry. Report {number} is open again and the team knows. What is still wrong? A photo helps."),
    Say.TOO_LATE: _("Report {number} was closed on {at}. Shall I send a new one for the same place?"),
    Say.MY_DATA_CODE: _("To be sure it's you: write me this code and you'll get your data. {code}"),
    Say.ERASE_CODE: _(
        "This deletes your data for good; your reports go on without your name. To do it, write me this code: {code}"
    ),
    Say.CODE_WRONG: _("That's not the code. Look at it again, please: it has 6 digits."),
    Say.CODE_FAILED: _("That's not the code either, so I've done nothing. You can start again whenever you like."),
    Say.CODE_DROPPED: _("All right, I've done nothing. Write to me whenever you need."),
    Say.MY_DATA: _(
        "What we keep about you: {contact}; language: {language}; since {since}; reports: {reports}; "
        "messages: {messages}."
    ),
    Say.MY_DATA_FILE: _("All of it in a file, for 24 hours: {url}"),
    Say.MY_DATA_ATTACHED: _("All of it is in this file."),
    Say.ERASED: _("Done, your data is deleted. Thank you for everything you told us!"),
    Say.CONSENT_CHANGED: _("We've changed how we look after your data; it's explained here: {url}"),
    Say.EMERGENCY_WHERE: _("So that the city knows too: where is it?"),
    Say.VIOLENCE: _("You're not alone in this. Call {phone} now: they'll listen and help you."),
    Say.SELF_HARM: _("I'm glad you're telling me. Please call {phone} now: someone will listen, at any hour."),
    Say.ALERT: _("EMERGENCY {number}: {service}, {place}"),
    Say.ALERT_NO_TICKET: _("EMERGENCY: someone is writing to us about a danger. See the conversations at the desk."),
    Say.NEARLY_DUE: _("{number}, {service}, {where} ({department}): {span} or less left, promised for {due}"),
    Say.NEARLY_DUE_MANY: _("{count} reports have {span} or less left: {numbers}"),
    Say.LATE: _("{number}, {service}, {where} ({department}): late by {span} or more, promised at first for {due}"),
    Say.LATE_MANY: _("{count} reports are late by {span} or more: {numbers}"),
    Say.NO_STREET: _("street not known"),
    Say.AT_DESK: _("At the desk: {url}"),
    Say.ACCOUNT_PASSWORD: _("Desk of {city}, {login}: your password was changed ({when})."),
    Say.ACCOUNT_RESET: _("Desk of {city}, {login}: an administrator reset your password ({when})."),
    Say.ACCOUNT_FACTOR: _("Desk of {city}, {login}: a second factor was set up ({when})."),
    Say.ACCOUNT_NO_FACTOR: _("Desk of {city}, {login}: your second factor was removed ({when})."),
    Say.ACCOUNT_CODES: _("Desk of {city}, {login}: you have new recovery codes, the old ones are void ({when})."),
    Say.ACCOUNT_REACH: _("Desk of {city}, {login}: where you are told of changes was changed ({when})."),
    Say.ACCOUNT_CODE_AGAIN: _("Desk of {city}, {login}: a code that was used already was typed again ({when})."),
    Say.ACCOUNT_NOT_YOU: _("Was it not you? Tell an administrator of the desk at once."),
    Say.HANDED_OVER: _(
        "I've called a colleague. They'll answer you here, in this chat; tell them whatever you need. "
        "To come back to me, write BOT."
    ),
    Say.HANDED_OVER_LATER: _(
        "I've left word for a colleague. They'll answer you here from {opens}. To come back to me, write BOT."
    ),
    Say.PASSED_ON: _("I don't know that one. I've passed it on to a colleague, who'll answer you here."),
    Say.PASSED_ON_LATER: _(
        "I don't know that one. I've passed it on to a colleague, who'll answer you here from {opens}."
    ),
    Say.CLERK_SAYS: _("{text} ({name})"),
    Say.BOT_BACK: _("It's me again, Vecino. Write to me whenever you need."),
    Say.ABOUT_REPORT: _("About {number}: {text} ({name})"),
    Say.REPLY_PASSED_ON: _("I've passed that on to the person who looks after {number}."),
    Say.PHOTO_AT: _("Photo: {url}"),
    Say.TAKEN_BACK: _(
        "Sorry, our last message about {number} ({service}) was a mistake. It stands as before: {status}."
    ),
    Say.MERGED: _(
        "Your report {number} tells of the same as {other} ({service}: {status}). You'll get the news of {other}."
    ),
    Say.UNMERGED: _("We look at {number} by itself again, not with {other}. I'll keep you posted."),
    Say.SPLIT_OFF: _(
        "Part of {number} is a report of its own now: {other}, {service}. We expect to sort it out by {due}."
    ),
    Say.REFERRED: _("{city} asks you to look at report {number}: {service}, {where}."),
    Say.REFERRED_NOTE: _("{note}"),
    Say.REFERRED_AT: _("What was reported, and your answer: {url}"),
    Say.ASK_TO_TELL: _(
        "Hi, I'm Vecino, {city}'s assistant. Report {number} came with your number. "
        "Shall I keep you posted? Answer YES or NO. No more messages: STOP"
    ),
    Say.TOLD_FROM_NOW: _("Thank you! I'll keep you posted about report {number} ({service}: {status})."),
    Say.NOT_TOLD: _("All right, I won't write to you about it."),
    Say.MAIL_ASK_SUBJECT: _("Report {number}: shall we keep you posted?"),
    Say.MAIL_ASK: _(
        "Hello! I'm Vecino, {city}'s assistant. Report {number} came with your e-mail: {service}, {where}."
    ),
    Say.MAIL_ASK_LINK: _("Shall I write to you when there is news? Open this page and press the button: {url}"),
    Say.MAIL_ASK_ELSE: _("Is it not yours? Then do nothing, and I won't write about it. The button works for 7 days."),
    Say.MAIL_FOOT: _("Nobody reads answers to this e-mail. You can talk to someone at {phone}, {hours}."),
    Say.MAIL_STOP: _("No more e-mails from us: {url}"),
    Say.MAIL_NEWS: _("Report {number}: {service}, {status}"),
    Say.MAIL_ABOUT: _("Report {number}: {service}"),
    Say.MAIL_LETTER: _("Report {number}: a message for you"),
    Say.TOLD: _("{answer}"),
    Say.WAS_THIS_IT: _("Was that what you wanted to know?"),
    Say.GLAD: _("Glad I could help!"),
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

NEXT_STEPS: dict[Status, str] = {
    Status.RECEIVED: _("the team looks at it."),
    Status.TRIAGED: _("someone goes there."),
    Status.IN_PROGRESS: _("I tell you when it's done."),
    Status.WAITING: _("we go on as soon as we have what we're waiting for."),
}

PIN = _("the spot you marked")
WORKING: Mapping[Unit, tuple[str, str]] = {
    Unit.HOURS: ngettext("{count} working hour", "{count} working hours"),
    Unit.DAYS: ngettext("{count} working day", "{count} working days"),
}
NO_MORE = _("No more of these e-mails")
LANGUAGE_NAMES = {"es": "Español", "pt": "Português", "en": "English", "fr": "Français"}
