"""Reports of mail servers, written after the examples of RFC 3464's appendix and what common servers make of them."""

POSTFIX = """\
Return-Path: <>
Delivered-To: {back}
From: Mail Delivery System <MAILER-DAEMON@mail.city.example>
To: {back}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="7F2.1763/mail.city.example"

--7F2.1763/mail.city.example
Content-Type: text/plain; charset=us-ascii

I could not deliver your message to one or more recipients.

--7F2.1763/mail.city.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.city.example
X-Postfix-Sender: rfc822; {back}
Arrival-Date: Mon, 23 Nov 2026 07:00:04 -0300 (-03)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.other.example
Diagnostic-Code: smtp; {said}

--7F2.1763/mail.city.example
Content-Type: message/rfc822

From: Vecino <vecino@city.example>
To: {to}
Subject: Semana 47

12 reportes
--7F2.1763/mail.city.example--
"""

# Exim: no line of the remote server of its own, the headers alone, the address in brackets
EXIM = """\
Received: from Debian-exim by mx.other.example with local
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.other.example>
To: <{back}>
Content-Type: multipart/report; report-type=delivery-status; boundary=1763-eximdsn-204
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1763-eximdsn-204
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered.

--1763-eximdsn-204
Content-type: message/delivery-status

Reporting-MTA: dns; mx.other.example

Action: {action}
Final-Recipient: rfc822;<{to}>
Status: {status}
Diagnostic-Code: smtp; {said}

--1763-eximdsn-204
Content-type: text/rfc822-headers

Subject: Semana 47

--1763-eximdsn-204--
"""

# RFC 3464, appendix E.1: other letters in the headers' names, a comment, a line in two
OLD = """\
FROM: MAILER-DAEMON@CS.OTHER.EXAMPLE
TO: {back}
MIME-VERSION: 1.0
CONTENT-TYPE: MULTIPART/REPORT; REPORT-TYPE=DELIVERY-STATUS;
      BOUNDARY="RAA14128.773615765/CS"

--RAA14128.773615765/CS

unreadable for machines

--RAA14128.773615765/CS
CONTENT-TYPE: MESSAGE/DELIVERY-STATUS

REPORTING-MTA: DNS; CS.OTHER.EXAMPLE

ORIGINAL-RECIPIENT: RFC822;{to}
FINAL-RECIPIENT: RFC822;
 {to}
ACTION: {action}
STATUS: {status} (PERMANENT FAILURE)
DIAGNOSTIC-CODE: SMTP;
 {said}

--RAA14128.773615765/CS--
"""
FORMS = (POSTFIX, EXIM, OLD)
UNKNOWN = "550 5.1.1 no such user"


def report(
    back: str, to: str, form: str = POSTFIX, *, action: str = "failed", status: str = "5.1.1", said: str = UNKNOWN
) -> bytes:
    return form.format(back=back, to=to, action=action, status=status, said=said).replace("\n", "\r\n").encode()
