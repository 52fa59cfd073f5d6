"""Earlier mail as clients of many languages introduce it, and what only looks like it."""

import pytest

from mailflow.domain import FoldReason
from mailflow.message.fold import fold, new_text

HELEN = "Helen Prosser h.prosser@university.example"
WORDS = "Could we have a session in May?"
OLD = "Dear Helen,\nwe could offer you the fifth of March.\nTom"
QUOTED = "> Dear Helen,\n> we could offer you the fifth of March.\n> Tom"


def new(text: str, subject: str = "Re: session") -> str:
    return new_text(text, fold(text, sender=HELEN, subject=subject))


ATTRIBUTIONS = [
    "At 04/05/2026 08:32, you wrote:",
    "---- On Mon, 4 May 2026 14:17:36 +0100 Tom Field<t.field@x.example> wrote ----",
    "In message <a1@x.example>, Tom Field <t.field@x.example> writes:",
    "On Mon, 4 May 2026 at 16:44, Tom Field, Library Services\n<t.field@x.example> wrote:",
    "Tom Field (t.field@x.example) wrote:",
    "2026-05-04 10:17 GMT+01:00 Tom Field <t.field@x.example>:",
    "пн, 4 мая 2026 г. в 16:44, Tom Field <t.field@x.example>:",
    "Tom Field <t.field@x.example> schrieb am Mo., 4. Mai 2026 um 16:44 Uhr:",
    "man. 4. maj 2026 kl. 16.44 skrev Tom Field <t.field@x.example>:",
    "D. 04.05.2026 16.44 skrev Tom Field <t.field@x.example>:",
    "Op 4 mei 2026 om 16:44 heeft Tom Field <t.field@x.example> het volgende geschreven:",
    "Dne 4. 5. 2026 v 16:44 Tom Field napsal(a):",
    "4 maj 2026 16:44 Tom Field <t.field@x.example> napisał(a):",
    "Tom Field <t.field@x.example> kirjoitti 4.5.2026 kello 16.44:",
    "Tom Field <t.field@x.example> ezt írta (időpont: 2026. máj. 4., H, 16:44):",
    "Tom Field <t.field@x.example>, 4 May 2026 Pzt, 16:44 tarihinde şunu yazdı:",
    "4 мая 2026 г., 16:44 пользователь Tom Field <t.field@x.example> написал:",
    "Στις Δευ 4 Μαΐ 2026 στις 4:44 μ.μ., ο χρήστης Tom Field <t.field@x.example> έγραψε:",
    "2026年5月4日(月) 16:44 Tom Field <t.field@x.example>:",
    "Tom Field <t.field@x.example> 于2026年5月4日周一 16:44写道：",
    "Missatge de Tom Field <t.field@x.example> del dia dl., 4 de\nmaig 2026 a les 16:44:",
    "În lun., 4 mai 2026 la 16:44, Tom Field <t.field@x.example> a scris:",
    "Vào Th 2, 4 thg 5, 2026 vào lúc 16:44 Tom Field <t.field@x.example>\nđã viết:",
    "בתאריך יום ב׳, 4 במאי 2026 ב-16:44 מאת Tom Field <t.field@x.example>:",
    "ორშ, 4 მაისი 2026, 16:44 — Tom Field <t.field@x.example>\n-მა დაწერა:",
    "May 4, 2026 16:44:05 Tom Field <t.field@x.example>:",
    "* Tom Field <t.field@x.example> [2026-05-04 16:44]:",
    "Tom Field wrote on 04/05/2026 16:44:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_is_folded_with_what_it_introduces(attribution: str) -> None:
    assert new(f"{WORDS}\n\n{attribution}\n\n{QUOTED}") == WORDS
    assert new(f"{WORDS}\n\n{attribution}\n\n{OLD}") == WORDS


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_answers_below_and_between_stay_whole(attribution: str) -> None:
    assert new(f"{attribution}\n{QUOTED}\n\n{WORDS}") == WORDS
    assert new(f"{attribution}\n> When?\nOn Monday.\n> Where?\n\nOnline.") == "On Monday.\n\nOnline."


TOM = "Tom Field <t.field@x.example>"


@pytest.mark.parametrize(
    "header",
    [
        f"From: {TOM}\nDate: Monday, 4 May 2026 at 16:44\nTo: Helen <h@x.example>,\n a long list <l@x.example>\nSubject: x",
        f"Date: Mon, 4 May 2026 10:55:48 +0000\nFrom: {TOM}\nTo: h@x.example\nSubject: x",
        f"Subject: RE: x\nDate: Mon, 4 May 2026 00:15:02 -0600\nFrom: {TOM}\nTo: h@x.example",
        f"From: {TOM}\n\nSent: Monday, 4 May 2026 16:44\n\nTo: Helen\n\nSubject: x",
        f"Od: {TOM}\nOdesláno: pondělí 4. května 2026 16:44\nKomu: Helen\nPředmět: x",
        f"Od: {TOM}\nWysłano: poniedziałek, 4 maja 2026 16:44\nDo: Helen\nTemat: x",
        f"Lähettäjä: {TOM}\nPäivämäärä: maanantai 4. toukokuuta 2026 klo 16.44\nVastaanottaja: Helen\nAihe: x",
        f"Feladó: {TOM}\nElküldve: 2026. május 4., hétfő 16:44\nCímzett: Helen\nTárgy: x",
        f"От: {TOM}\nДата: понедельник, 4 мая 2026 г., 16:44\nКому: Helen\nТема: x",
        f"Gönderen: {TOM}\nTarih: 4 Mayıs 2026 Pazartesi 16:44\nKime: Helen\nKonu: x",
        f"De: {TOM}\nEnviada em: segunda-feira, 4 de maio de 2026 16:44\nPara: Helen\nAssunto: x",
        f"差出人: {TOM}\n送信日時: 2026年5月4日 16:44\n宛先: Helen\n件名: x",
        f"Gesendet: Montag, 04. Mai 2026 um 16:44 Uhr\nVon: {TOM}\nAn: h@x.example\nBetreff: x",
        f"From:   {TOM}\nTo:     h@x.example\nDate:   04/05/2026 16:44\nSubject:        x",
        f"De la: {TOM}\nTrimis: luni, 4 mai 2026 16:44\nCătre: Helen\nSubiect: x",
        f"____________________\nგამომგზავნი: {TOM}\nგაგზავნილია: 4 მაისი, 2026 16:44\nმიმღები: h@x.example\nთემა: x",
        f">>> {TOM} 04/05/2026 16:44 >>>",
        "---- Tom Field wrote ----",
        "----- Mail original -----\nDe: Tom",
        "-----Oprindelig meddelelse-----\nFra: Tom",
        "-----Message d’origine-----\nDe : Tom",
        "*----- Original Message -----*\n*From:* Tom",
        "------------------ 原始邮件 ------------------\n发件人: Tom",
    ],
)
def test_the_header_of_an_old_message_is_folded_with_it(header: str) -> None:
    assert new(f"{WORDS}\n\nHelen\n\n{header}\n\n{OLD}") == WORDS


@pytest.mark.parametrize(
    "mark",
    [
        "Forwarded message:",
        "Begin doorgestuurd bericht:",
        "Vidarebefordrat mejl:",
        "----- Message transmis -----",
        "----- Videresendt meddelelse -----",
        "-------- Пересылаемое сообщение --------",
        "---------- メッセージを転送 ----------",
    ],
)
def test_what_was_passed_on_is_told_in_many_languages(mark: str) -> None:
    text = f"{WORDS}\n\n{mark}\n\nFrom: {TOM}\n\n{OLD}"
    assert new(text, subject="x") == WORDS
    assert [found.reason for found in fold(text, sender=HELEN, subject="x")] == [FoldReason.FORWARD]


@pytest.mark.parametrize(
    "own",
    [
        "On 4 May 2026 at 10:30 my supervisor wrote:\n\nYou are useless.\n\nI cried all day.",
        "This is what happened.\n\nOn 4 May 2026 my supervisor wrote:\n\nYou are useless.\n\nI cried all day.",
        "It began early.\n\nOn 4 May 2026, Dr Field wrote:\n\nYou are useless.\n\nI cried all day.",
        "Here is what I need.\n\nFrom: 10:00\nTo: 12:00\nDate: 4 May 2026\n\nIn the library, please.",
        "Here is what I need.\n\nFrom: Monday\nTo: Friday\nDate: from 4 May 2026 on\n\nIn the library, please.",
        "Here is what I need.\n\nDate: 4 May 2026\nFrom: the chemistry group\nTo: all new staff\n\nIn the library, please.",
        "He kept at it. At 10:30 he wrote:\nCome to my office.\nI did not go.",
    ],
)
def test_a_story_or_a_form_that_looks_like_old_mail_stays(own: str) -> None:
    assert new(own, subject="A story") == own


@pytest.mark.parametrize("own", ["See you in room 10.", "at 10 then", "On Monday I am free from 10"])
def test_a_line_just_above_an_attribution_stays(own: str) -> None:
    assert new(f"{own}\nTom Field <t.field@x.example> wrote:\n{QUOTED}") == own
    assert new(f"{own}\nOn Mon, 4 May 2026 at 16:44, Tom Field <t.field@x.example> wrote:\n{QUOTED}") == own


def test_an_answer_on_the_line_of_the_attribution_stays() -> None:
    text = f"Yes please! On Mon, 4 May 2026 at 16:44, {TOM} wrote:"
    assert new(f"{text}\n{QUOTED}") == "Yes please!"
    assert new(f"  {text}\n\n{OLD}") == "Yes please!"


def test_old_words_on_the_line_of_the_attribution_are_folded() -> None:
    assert new(f"{WORDS}\n\nOn Mon, 4 May 2026 at 16:44, Tom Field<t.field@x.example> wrote:   Dear Helen,\n{OLD}") == WORDS


def test_a_mail_between_others_is_passed_on_whatever_the_subject() -> None:
    header = f"From: {TOM}\nSent: 4 May 2026 16:44\nTo: Helen <h@x.example>\nSubject: A session"
    text = f"Please see below.\n\n{header}\n\nCan we book for twelve?"

    def reason(subject: str, ours: str) -> FoldReason:
        return fold(text, sender=HELEN, subject=subject, ours=frozenset({ours}))[-1].reason

    assert reason("A session", "edi@university.example") is FoldReason.FORWARD
    assert reason("A session", "t.field@x.example") is FoldReason.QUOTE
    assert reason("RE: A session", "edi@university.example") is FoldReason.QUOTE


@pytest.mark.parametrize(
    "own",
    [
        "He said to us all:\n\n> Nobody asked you.\n\nI asked him to stop.",
        ">>> please read this <<<\nIt is about last week.",
        "Contact: Jo <j@x.example>\nDate: 4 May 2026 16:44\nRoom: any\nPeople: 30",
    ],
)
def test_marks_of_a_story_are_no_quotation(own: str) -> None:
    assert new(own, subject="A story") == own


def test_a_line_with_a_date_above_an_attribution_stays() -> None:
    own = "Can we do 12 March 2026"
    assert new(f"{own}\nTom Field <t.field@x.example> wrote:\n{QUOTED}") == own
