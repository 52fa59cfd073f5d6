from collections.abc import Callable

import pytest

from mailflow.domain import AutomaticSort, Email

Reading = Callable[..., Email]
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"


def sort_of(email: Email) -> AutomaticSort | None:
    return email.automatic.sort if email.automatic else None


@pytest.mark.parametrize(
    ("extra", "sort"),
    [
        ("Auto-Submitted: auto-replied", AutomaticSort.VACATION),
        ("Auto-Submitted: auto-generated (by hand)", AutomaticSort.NOTICE),
        ("Auto-Submitted: auto-generated\nList-Id: <a.b>", AutomaticSort.LIST),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", AutomaticSort.BOUNCE),
        ('Content-Type: multipart/report; report-type="disposition-notification"; boundary=b', AutomaticSort.RECEIPT),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=b", AutomaticSort.FEEDBACK),
        ("X-Failed-Recipients: a@x.example", AutomaticSort.BOUNCE),
        ("X-Autoreply: yes", AutomaticSort.VACATION),
        ("X-Autorespond: away", AutomaticSort.VACATION),
        ("Precedence: auto_reply", AutomaticSort.VACATION),
        ("Precedence: bulk", AutomaticSort.LIST),
        ("List-Unsubscribe: <mailto:u@x.example>", AutomaticSort.LIST),
        ("Precedence: auto-reply", AutomaticSort.VACATION),
        ("X-Apple-Action: VACATION", AutomaticSort.VACATION),
        ("Return-Path: <>\nPrecedence: junk", AutomaticSort.VACATION),
        ("Return-Path: <>\nX-MS-Exchange-Inbox-Rules-Loop: a@x.example", AutomaticSort.VACATION),
        ("X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: a@x.example", AutomaticSort.VACATION),
        ("Auto-Submitted: auto-generated\nX-MS-Exchange-Inbox-Rules-Loop: a@x.example", AutomaticSort.VACATION),
        ("Auto-Submitted: Vacation", AutomaticSort.VACATION),
        ("X-Mailing-List: dev@x.example", AutomaticSort.LIST),
        ("Sender: owner-dev@x.example", AutomaticSort.LIST),
        ("Sender: Dev <dev-bounces+me=y.example@x.example>", AutomaticSort.LIST),
        ("X-GitHub-Reason: mention", AutomaticSort.NOTICE),
        ("Content-Type: text/calendar; method=REQUEST", AutomaticSort.CALENDAR),
    ],
)
def test_headers_give_machines_away(read_mail: Reading, extra: str, sort: AutomaticSort) -> None:
    email = read_mail("some words", extra=extra)
    assert sort_of(email) is sort
    assert email.automatic is not None
    assert email.automatic.reason.endswith(".")


@pytest.mark.parametrize(
    "extra",
    [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",
        "Return-Path: <>",
        "X-Autoreply: no",
        "X-Apple-Action: MOVE",
        "Precedence: normal",
        "Precedence: first-class",
        "X-MS-Exchange-Inbox-Rules-Loop: a@x.example",
        "Sender: Owner of the lab <lab@x.example>",
        "Sender: owner@x.example",
        "Precedence: bulk\nX-Mailer: Apple Mail (2.3445.9.1)",
        "Precedence: bulk\nUser-Agent: Mozilla Thunderbird",
        "Precedence: bulk\nReturn-Path: <SRS0=ab=cd=x.example=jo@forward.example>",
    ],
)
def test_these_headers_alone_make_no_machine(read_mail: Reading, extra: str) -> None:
    assert sort_of(read_mail("some words", extra=extra)) is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatic reply: x", "I am away."),
        ("Out of office", "I am away until Monday."),
        ("Cancelled: Session", "This event has been cancelled."),
        ("Read: x", "Your message was read on 4 May."),
        ("Recall: x", "Jo Lind would like to recall the message."),
        ("News", "View this email in your browser"),
        ("Room", "Please do not reply to this address."),
        ("Build failed in Jenkins: site #118", "See below."),
        ("Undeliverable: x", "Your message\n\nwas not delivered to:\n\n  a@b.example\n\nbecause: no such user"),
    ],
)
def test_what_wording_alone_gives_away_may_be_a_persons_words_all_the_same(read_mail: Reading, subject: str, body: str) -> None:
    worded = read_mail(body, subject=subject).automatic
    marked = read_mail(body, subject=subject, extra="X-Failed-Recipients: a@b.example").automatic
    assert worded is not None
    assert marked is not None
    assert (worded.by_wording, marked.by_wording) == (True, False)


def test_a_calendars_answer_that_speaks_of_people_is_a_persons(read_mail: Reading) -> None:
    fields = "When: 5 May\nWhere: Hall\n\n"
    assert sort_of(read_mail(fields, subject="Cancelled: Physics session")) is AutomaticSort.CALENDAR
    groped = f"{fields}Our head of group groped a student."
    assert sort_of(read_mail(groped, subject="Cancelled: Physics session")) is None


def test_a_bounce_without_a_report_is_one(read_mail: Reading) -> None:
    assert sort_of(read_mail("gone", sender=DAEMON, extra="Return-Path: <>")) is AutomaticSort.BOUNCE
    exchange = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@university.example>"
    assert sort_of(read_mail("gone", sender=exchange, subject="Undeliverable: x")) is AutomaticSort.BOUNCE
    assert sort_of(read_mail("gone", sender=DAEMON, subject="Returned mail: see transcript")) is AutomaticSort.BOUNCE


def test_a_postmaster_who_writes_is_a_person(read_mail: Reading) -> None:
    assert sort_of(read_mail("May our team come?", sender="Jo <postmaster@x.example>", subject="A session for us")) is None


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: x",
        "Auto-Reply: x",
        "Automatische Antwort: x",
        "Réponse automatique : x",
        "Abwesenheitsnotiz: x",
        "Respuesta automática: x",
        "[Automatyczna odpowiedź] x",
        "[uni #4711] AutoReply: x",
        "Auto reply: x",
        "AUTO: Jo Lind/Leeds/Uni is out of the office (returning 05/06/2026)",
        "离岗自动回复",
        "Automatski odgovor: x",
        "Trả lời tự động: x",
        "תגובה אוטומטית: x",
    ],
)
def test_subjects_that_only_software_writes_are_automatic(read_mail: Reading, subject: str) -> None:
    assert sort_of(read_mail("words", subject=subject)) is AutomaticSort.VACATION


@pytest.mark.parametrize(
    "subject", ["Out of office Re: x", "Out of Office: back on Monday", "Absence du bureau : Re: x", "Abwesenheit: x"]
)
def test_an_out_of_office_needs_its_text_too(read_mail: Reading, subject: str) -> None:
    assert sort_of(read_mail("I am away until 18 May. Je suis absente.", subject=subject)) is AutomaticSort.VACATION
    assert sort_of(read_mail("Could we book a session for our team?", subject=subject)) is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Automatic reply: session", "You are back I hope! Could we fix the date?"),
        ("Re: Tom is out of office", "Then who can help us?"),
        ("Fwd: Undelivered Mail Returned to Sender", "I got this when I wrote to you.\n\nThis is the mail system at host x."),
        ("Out of office training for the team", "We would like to hold it out of the office."),
        ("Read: the new policy", "Have you read it?"),
        ("[ICT-20991] New request: Active Bystander", "Could we have a session?"),
        ("Job 553120 was closed, why?", "Nobody came."),
        ("Holiday dates", "Is the open session in the holidays?"),
    ],
)
def test_people_are_never_taken_for_machines(read_mail: Reading, subject: str, body: str) -> None:
    assert sort_of(read_mail(body, subject=subject)) is None


def test_a_forwarded_bounce_is_a_persons(read_mail: Reading) -> None:
    report = "Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n\nfailed\n--c--\n"
    bounce = f"Content-Type: message/rfc822\n\nSubject: Undelivered\nAuto-Submitted: auto-replied\n{report}"
    body = f"--b\n\nWhy did this come back?\n--b\n{bounce}--b--\n"
    email = read_mail(body, subject="FW: Undelivered", extra="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b")
    assert sort_of(email) is None


def test_a_calendar_file_attached_by_a_person_is_no_invitation(read_mail: Reading) -> None:
    calendar = "Content-Type: text/calendar\nContent-Disposition: attachment; filename=a.ics\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n"
    extra = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
    assert sort_of(read_mail(f"--b\n\nThe date is attached.\n--b\n{calendar}--b--\n", extra=extra)) is None
    reply = calendar.replace("REQUEST", "REPLY")
    assert sort_of(read_mail(f"--b\n\nNo.\n--b\n{reply}--b--\n", extra=extra)) is AutomaticSort.CALENDAR


def test_precedence_on_an_answer_is_a_habit_of_its_sender_or_of_a_server(read_mail: Reading) -> None:
    extra = "Precedence: bulk\nIn-Reply-To: <2@x.example>"
    assert sort_of(read_mail("Tuesday suits us.", subject="Re: Dates", extra=extra)) is None
    assert sort_of(read_mail("Tuesday suits us.", subject="Dates", extra=extra)) is AutomaticSort.LIST


@pytest.mark.parametrize("list_id", ["<edi-all.lists.university.example>", "EDI all <edi-all@lists.university.example>"])
def test_a_list_of_our_own_carries_peoples_words(read_mail: Reading, list_id: str) -> None:
    marks = (
        f"List-Id: {list_id}\nPrecedence: list\nX-BeenThere: edi-all@lists.university.example\nSender: edi-all-bounces@x.example"
    )
    footer = "_______________________________________________\nedi-all mailing list\nhttps://lists.university.example/edi-all"
    assert sort_of(read_mail(f"May we book?\n\nJo\n{footer}", extra=marks, subject="[EDI-all] Training")) is None
    assert sort_of(read_mail("I am away.", extra=marks, subject="Automatic reply: x")) is AutomaticSort.VACATION
    assert sort_of(read_mail("Approve?", extra=f"{marks}\nX-List-Administrivia: yes")) is AutomaticSort.NOTICE
    assert (
        sort_of(read_mail("May we book?", extra=marks.replace("edi-all.lists", "x").replace("edi-all@", "x@")))
        is AutomaticSort.LIST
    )


def test_a_list_that_is_not_ours_is_a_list_whoever_writes(read_mail: Reading) -> None:
    extra = "List-Id: <dev.lists.elsewhere.example>\nIn-Reply-To: <2@x.example>\nX-Mailer: Apple Mail (2.1)"
    assert sort_of(read_mail("I agree with Jo.", subject="Re: [dev] Names", extra=extra)) is AutomaticSort.LIST


FORM = "A visitor has completed the form.\n\nYour name: Keiko\nYour message: May we book?\n"


def test_a_web_form_carries_a_persons_words(read_mail: Reading) -> None:
    sender = "Web forms <no-reply@forms.university.example>"
    assert sort_of(read_mail(FORM, sender=sender, subject="Web enquiry", extra="Auto-Submitted: auto-generated")) is None
    assert sort_of(read_mail("Your order is on its way.", sender=sender)) is AutomaticSort.NOTICE


@pytest.mark.parametrize(
    "body",
    [
        "From: Keiko <keiko@x.example>\nSubject: Training\n\nMessage Body:\nMay we book?\n\n-- \n"
        "This e-mail was sent from a contact form on the EDI pages (https://edi.university.example)",
        "Message: May we book?\n\nSubmitted through the website at 10:05. Please do not reply to this email.",
    ],
)
def test_a_web_form_that_is_answered_to_its_writer_needs_one_label(read_mail: Reading, body: str) -> None:
    sender = "EDI pages <no-reply@university.example>"
    extra = "Reply-To: keiko@x.example\nAuto-Submitted: auto-generated"
    assert sort_of(read_mail(body, sender=sender, subject="Training", extra=extra)) is None
    assert sort_of(read_mail(body, sender=sender, subject="Training")) is AutomaticSort.NOTICE
    assert sort_of(read_mail("Your parcel is here.", sender=sender, extra="Reply-To: post@x.example")) is AutomaticSort.NOTICE


def test_ticket_notices_are_known_by_subject_and_form(read_mail: Reading) -> None:
    body = "Job number: 553120\nLocation: L3\nStatus: closed\n"
    assert sort_of(read_mail(body, subject="Job 553120 CLOSED - lock")) is AutomaticSort.NOTICE


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Undeliverable: x", "Your message\n\n  Subject: x\n\nwas not delivered to:\n\n  a@b.example\n\nbecause: no such user"),
        (
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered.\n\n  a@b.example\n",
        ),
        ("Unzustellbar: x", "Ihre Nachricht an die folgenden Empfänger konnte nicht zugestellt werden:\n\na@b.example\n"),
        ("Non remis : x", "Votre message n'a pas pu être remis à :\n\na@b.example\n"),
        ("No se puede entregar: x", "El mensaje siguiente no se pudo entregar:\n<a@b.example>\n"),
        ("Non recapitabile: x", "Il messaggio non è stato recapitato.\n550 5.1.1 sconosciuto\n"),
        ("Onbestelbaar: x", "Uw bericht kon niet worden bezorgd.\n550 5.1.1 onbekend\n"),
        ("Undeliverable: x", "Your message to All-Staff couldn't be delivered.\n\nYou have no permission to send to it.\n"),
        ("Undeliverable: x", "Address: a@b.example\nIt was not found.\n550 5.1.10 RESOLVER.ADR.RecipientNotFound\n"),
        ("Delivery Status Notification (Delay)", "This is a warning only.\n\nMail to a@b.example waits.\n"),
        (
            "[Blocked] Message rejected",
            "A message from you was stopped and has not been delivered.\n\nReason: .docm\nAction: none\n",
        ),
        ("BANNED contents from you (.exe)", "BANNED CONTENTS ALERT\n\nOur checker stopped it.\n-> <a@b.example>\n"),
        ("Недоставленное сообщение", "Ваше письмо не может быть доставлено:\n<a@b.example>\n"),
        ("メールエラー通知", "満杯のため、送信できませんでした。\n\n<a@b.example>\n"),
        ("系统退信", "抱歉，您的邮件被退回来了。\n550 5.1.1 unknown\n"),
    ],
)
def test_a_bounce_in_words_alone_is_known_whoever_sent_it(read_mail: Reading, subject: str, body: str) -> None:
    sender = "Gateway <gateway@b.example>"
    extra = "Content-Type: text/plain; charset=utf-8"
    assert sort_of(read_mail(body, sender=sender, subject=subject, extra=extra)) is AutomaticSort.BOUNCE
    assert sort_of(read_mail(body, subject=f"Fwd: {subject}", extra=extra)) is None
    assert sort_of(read_mail(f"Whom do I ask about this?\n\n{body}", subject=subject, extra=extra)) is None


@pytest.mark.parametrize(
    "body",
    [
        "Thank you for your message. I am out of the office. If it is urgent, please contact the desk. I will be back on 5 May.",
        "Dies ist eine automatische Antwort. Ich bin bis 4. Mai im Urlaub.",
        "Merci pour votre message. Je suis en congé. En cas d'urgence, appelez l'accueil. Je répondrai à mon retour.",
        "Gracias por su mensaje. Estoy de vacaciones. Si es urgente, llame a recepción; contestaré a mi regreso.",
        "Grazie per il messaggio. Sono in ferie fino al 4 maggio. Per cose urgenti: segreteria. Rispondo al mio rientro.",
        "Dit is een automatisch antwoord. Ik ben tot 4 mei op vakantie.",
        "Tack för ditt meddelande. Jag är på semester och är åter den 4 maj. Är det brådskande, ring växeln.",
        "Dziękuję za wiadomość. Jestem na urlopie. W pilnych sprawach proszę dzwonić. Odpowiem po powrocie.",
        "Mesajınız için teşekkür ederim. 4 Mayıs'a kadar izindeyim. Bu otomatik bir yanıttır.",
        "Dr Reith has left the University. This mailbox is no longer monitored. This reply is sent once to each sender.",
    ],
)
def test_an_out_of_office_answer_is_known_by_its_formulas(read_mail: Reading, body: str) -> None:
    extra = "Content-Type: text/plain; charset=utf-8"
    assert sort_of(read_mail(body, subject="Re: x", extra=extra)) is AutomaticSort.VACATION
    assert sort_of(read_mail(f"{body} Could we come in June?", subject="Re: x", extra=extra)) is None
    assert sort_of(read_mail(body, subject="Fwd: x", extra=extra)) is None


@pytest.mark.parametrize(
    ("subject", "body", "sort"),
    [
        (
            "Jo Lind is out of the office",
            "I will be out of the office until 4 May. When I return I read it. If urgent, ring the desk.",
            AutomaticSort.VACATION,
        ),
        ("Auto: x", "This is an automatic reply. Your mail is here.", AutomaticSort.VACATION),
        ("Gelesen: x", "Ihre Nachricht wurde am 4. Mai gelesen.", AutomaticSort.RECEIPT),
        ("Delivered: x", "Your message has been delivered to the following recipients:\n\na@x.example", AutomaticSort.RECEIPT),
        ("Read: x", "Your message\n\n  To: EDI\n  Subject: x\n\nwas read on 4 May.", AutomaticSort.RECEIPT),
        ("Accepted: x", "Jo Lind has accepted this meeting.", AutomaticSort.CALENDAR),
        ("We have your mail", "Your request has been logged. It is answered within 5 working days.", AutomaticSort.NOTICE),
    ],
)
def test_other_machines_are_known_by_subject_and_words(read_mail: Reading, subject: str, body: str, sort: AutomaticSort) -> None:
    assert sort_of(read_mail(body, subject=subject)) is sort
    assert (
        sort_of(read_mail(f"I got the mail below and do not know what it means.\n\n> {body}", subject=f"Fwd: {subject}")) is None
    )


def test_an_answer_with_the_null_return_path_needs_two_formulas(read_mail: Reading) -> None:
    thanks = "Thank you for your e-mail. I will endeavour to reply as soon as possible."
    assert sort_of(read_mail(thanks, subject="Dates", extra="Return-Path: <>")) is AutomaticSort.VACATION
    assert sort_of(read_mail(thanks, subject="Dates", extra="Return-Path: <jo@x.example>")) is None
    assert sort_of(read_mail("Thank you for your e-mail. Tuesday it is.", extra="Return-Path: <>")) is None
    assert sort_of(read_mail("Thank you for your e-mail. When I return, Tuesday suits us.", extra="Return-Path: <>")) is None
    assert sort_of(read_mail("Could we come on Tuesday?", extra="Return-Path: <>")) is None


@pytest.mark.parametrize(
    ("extra", "sort"),
    [
        ("X-Cron-Env: <SHELL=/bin/sh>", AutomaticSort.NOTICE),
        ("X-RSS-Feed: https://x.example/feed", AutomaticSort.NOTICE),
        ("X-ARF: yes", AutomaticSort.FEEDBACK),
    ],
)
def test_schedulers_feeds_and_complaints_are_known_by_their_headers(read_mail: Reading, extra: str, sort: AutomaticSort) -> None:
    assert sort_of(read_mail("some words", extra=extra)) is sort


def test_an_envelope_that_takes_no_replies_is_a_machines_unless_somebody_speaks(read_mail: Reading) -> None:
    extra = "Return-Path: <noreply@bounce.shop.example>"
    assert sort_of(read_mail("The invoice is attached.", subject="Invoice", extra=extra)) is AutomaticSort.NOTICE
    assert sort_of(read_mail("The invoice is attached.", subject="Re: Invoice", extra=extra)) is None
    assert sort_of(read_mail("I have attached the invoice.", subject="Invoice", extra=extra)) is None


def test_what_a_person_writes_through_a_site_is_a_persons(read_mail: Reading) -> None:
    sender = "Tickets <no-reply@tickets.example>"
    wrote = "Jo Lind has a question about your event:\n\nMay I bring a colleague?"
    assert sort_of(read_mail(wrote, sender=sender, extra="Reply-To: jo@x.example")) is None
    assert sort_of(read_mail(wrote, sender=sender, extra="Reply-To: help@tickets.example")) is AutomaticSort.NOTICE
    assert sort_of(read_mail("Two places are left.", sender=sender, extra="Reply-To: jo@x.example")) is AutomaticSort.NOTICE


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Message not delivered",
            "I tried to write to your colleague and got: message could not be delivered, 550 5.1.1. Can you help?",
        ),
        ("Warning: message to all staff", "A message sent to all staff was not received by us. Please send it to lab@x.example."),
        ("Undelivered parcels", "The message you left was not received by the porters, ext 4045."),
        ("Annual leave", "I am on leave until Monday and will send the list when I am back. For urgent matters contact Jo."),
        ("Out of office: can we move my place?", "I'll be out of the office on that date; could you move me?"),
        ("Re: Dates", "Thanks for your email. I'm away, back on the 14th. Please book the 20th for us. Urgent: call me."),
        (
            "Re: Termin",
            "Vielen Dank für Ihre Nachricht. Ich bin bis Montag im Urlaub, danach wieder da. Der 5. Mai passt uns gut.",
        ),
        ("Session", "I am out of office next week, can we move it"),
        ("Out of office next week, can we move it", "Thanks, Jo"),
        ("Antwort: Undeliverable: x", "Then I send it to your other address."),
        ("Yanıt: Undeliverable: x", "550 5.1.1 <a@b.example> what is this"),
        ("AW: Abwesend", "Danke für die Nachricht, dann warte ich bis Montag."),
        ("Re: Jo Lind is out of the office", "I'm out of the office too, back on Monday. Thank you for your message."),
        ("Fwd: Returned mail: see transcript", "This came back to me when I wrote to you.\n\n550 5.1.1 <a@b.example>"),
        ("Delivered: our flyers", "They have been delivered to the porters, thank you."),
        ("Respuesta: la encuesta", "Adjunto lo que pidieron."),
        ("Undelivered mail", "Your message to us was not delivered to the right office; Jo will send it on."),
        ("Undeliverable: my flyers", "The porters would not take them. Jo"),
        ("Re: x (automatic reply)", "Thank you for your message, then we wait until Monday."),
        ("Re: x (automatic reply)", "I see that you are away. Could somebody else help us?"),
        ("Moving", "Our old address will be closed and I have left the Physics office; please send the dates to me here."),
        ("Retired", "I have retired but would still like to come to the open session."),
        ("[EXTERNAL] Training", "CAUTION: This email originated from outside the organisation.\n\nMay we book for May?"),
        ("Mail delivery system", "Our mail delivery system in the lab loses letters, and I would like to know whom to ask."),
        ("Declined: the offer", "I have declined the invitation to speak because I would rather not be named."),
        ("Read: the policy", "The policy was read by all of us and we have comments."),
        ("Automated messages", "We keep getting this automated message from your system. Please stop it."),
        ("Auto: Parkplatz", "Ich komme mit dem Auto. Wo kann ich parken?"),
    ],
)
def test_people_who_write_nearly_like_machines_are_people(read_mail: Reading, subject: str, body: str) -> None:
    assert sort_of(read_mail(body, subject=subject, extra="Content-Type: text/plain; charset=utf-8")) is None
