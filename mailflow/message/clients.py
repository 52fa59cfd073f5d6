"""How mail clients of many languages introduce earlier mail: the labels of its header, "… wrote:", "Forwarded message".

The patterns look at one line, or at an attribution joined from up to three.
"""

import re

# The words before the name or date: with one of these a line can start an attribution.
LEAD_IN = re.compile(
    r"[-\s]*(?:On|At|In message|Le|Am|El|Il|Em|Op|Den|Dne|Dňa|D\.|W dniu|Dnia|Ar|På|Στις|În|Vào|Pada)\b"
    r"|(?:Missatge de|На|في|בתאריך|เมื่อ|在) ?"
    r"|[-\s]*(?:\w{2,9}[.,]{0,2} )?\d{1,4}[-./年년 ]"
)
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}\.[\w.-]")
# People write "On 4 May my manager wrote:" too; clients add a year, an hour or an address.
CLIENT_DATE = re.compile(r"\b(?:19|20)\d\d(?:\b|年|년)|\b\d{1,2}[:.h]\d\d\b")
# "On 4 May 2026 at 10:30 my manager wrote": no client says whose manager.
TOLD = re.compile(r"\b(?:my|our|his|her|he|she|they|we|I|the)\b")

_EVIDENCE = re.compile(r"\d|@")
_WROTE = (
    r"a écrit|schrieb(?:en)?|geschrieben|escribió|ha scritto|escreveu|schreef|geschreven|skrev"
    r"|napisał(?:\(a\)|a)?|napsala?(?:\(a\))?|napísala?(?:\(a\))?|ysgrifennodd|kirjoitti|ezt írta|yazdı|έγραψε"
    r"|a scris|va escriure|(?:je )?napisa[ol]a?(?: je)?|rašė|rakstīja|kirjutas|menulis|đã viết|เขียนว่า"
    r"|написала?|написа|пишет|пише|писала?|写道|寫道|書きました|님이 작성"
)
ENGLISH = re.compile(
    r"[-\s]*(?:On|At|In message)\b.{1,390}[ >](?:wrote|writes)\s?(?:[:：]|-{2,})"
    r"|[^.!?:]{2,80} wrote on .{6,60}:"
    r"|.{0,300}[<(\[][^\s<>()\[\]@]{1,100}@[^\s<>()\[\]@]{1,100}[>)\]],? ?(?:wrote|writes)\s?:"
)
OTHERS = re.compile(rf".{{2,300}}?(?:{_WROTE})(?!\w).{{0,150}}[:：]|.{{2,200}}님이 작성\S{{0,8}}:")
# Gmail says it in the reader's language, whatever that is: what all say is a date and an address in brackets.
_BRACKETED = re.compile(r"[<(\[]\s?[^\s<>()\[\]@]{1,100}@[^\s<>()\[\]@]{1,100}\s?[>)\]]")
_DATE_AND_ADDRESS = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\b[^<>@,;]{1,80}<[^\s<>]{1,100}@[^\s<>]{1,100}>")
# Yahoo's app for phones: "On Mon, 3 Mar 2025 at 10:12, Sam<s@x.example> wrote:   Dear all,", the old words on the same line.
RUNS_INTO = re.compile(r".{5,300}?<[^\s<>@]{1,100}@[^\s<>@]{1,100}>[^:<>]{0,40}:[ \t]{2,}\S")
# GroupWise: ">>> Sam Field <s@x.example> 03/03/2025 10:12 >>>"
GROUPWISE = re.compile(r">>> ?[^>\s].{2,200}\d{1,2}[:.]\d\d.{0,12}>>>")
# "Yes. On Wed, 4 Apr 2012 at 15:59, Bob <b@x.example> wrote:", the answer on the line of the attribution.
RUN_ON = re.compile(r"(?<=[^\s-])[ -]{1,12}(?=On (?:\w{3,9}\b,? )?(?:\d{1,2}\b|\w{3,9} \d{1,2}\b).{5,200}[ >]wrote:$)")

_VALUE = r"\s?[:：]\*?\s{0,20}"
FROM = re.compile(
    r"\*?(?:From|Von|De|Da|Van|Fra|Från|Od|De la|Oddi wrth|Lähettäjä|Feladó|Šalje|Mittente|Nadawca|Expeditorul|Gönderen|Kimden"
    rf"|Saatja|Nuo|Từ|Dari|От|Отправитель|Від|Від кого|Από|מאת|من|发件人|寄件者|差出人|보낸 사람){_VALUE}(?!\d)\S"
)
SENT = re.compile(
    r"\*?(?:Sent|Gesendet|Envoyé|Enviad[oa](?: el| em)?|Enviat(?: el)?|Inviato|Verzonden|Sendt|Skickat|Odesláno|Odoslané"
    r"|Wysłano|Lähetetty|Elküldve|Küldve|Gönderildi|Trimis|Poslano|Saadetud|Išsiųsta|Nosūtīts|Đã gửi|Dikirim|Отправлено|Надіслано"
    r"|Изпратено|Στάλθηκε|Εστάλη|נשלח|تم الإرسال|Anfonwyd|发送时间|寄件日期|送信日時|보낸 날짜)(?: on)?\s?[:：]"
)
DATE = re.compile(
    r"\*?(?:Date|Datum|Data|Fecha|Dato|Dyddiad|Päivämäärä|Dátum|Tarih|Ngày|Tanggal|Kuupäev|Дата|Ημερομηνία|תאריך|التاريخ|日期|日付|날짜)"
    r"\s?[:：]"
)
SUBJECT = re.compile(
    r"\*?(?:Subject|Betreff|Objet|Sujet|Asunto|Oggetto|Onderwerp|Assunto|Emne|Ämne|Pwnc|Předmět|Predmet|Temat|Aihe|Tárgy|Subiect(?:ul)?"
    r"|Assumpte|Zadeva|Teema|Tema|Temats|Chủ đề|Subjek|Konu|Тема|Относно|Θέμα|נושא|الموضوع|主题|主旨|件名|제목)\s?[:：]"
)
TO = re.compile(
    r"\*?(?:To|An|À|A|Para|Aan|Til|Till|At|Komu|Do|Pre|Prima|Za|Pour|Per a|Vastaanottaja|Címzett|Adresat|Adressaat|Kime|Kam|Către"
    r"|Destinatarul|Tới|Đến|Kepada|Кому|До|Προς|אל|إلى|收件人|收件者|宛先|받는 사람)\s?[:：]"
)
# Outlook in a language not among these: four labelled lines under a rule.
LABELLED = re.compile(r"\*?[^\W\d_][^:：\n]{0,25}[:：]\*?\s")

DASHED = re.compile(r"[*<]?-{2,}\s*([^\s-].{3,80}?)\s*-{2,}[*>]?")
ORIGINAL = re.compile(
    r"(?i)(?:original|reply) (?:message|appointment|e-?mail)|ursprüngliche (?:nachricht|e-mail)|antwort nachricht"
    r"|message d['’]origine|(?:mensaje|correo|mail) original|(?:messaggio|mail) originale"
    r"|message initial|oorspronkelijk bericht|mensagem original"
    r"|oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|oryginalna wiadomość|původní zpráva|eredeti üzenet"
    r"|alkuperäinen viesti|исходное сообщение|原始邮件|原始郵件|元のメッセージ"
    r"|neges wreiddiol|mesaj original|originele bericht|this is a copy of (?:the|your) message.*|original"
    r"|[^<>]{2,60} wrote:?"
)
FORWARDED = re.compile(
    r"(?i)forwarded (?:message|e-?mail|by .*)|weitergeleitete nachricht|message (?:transféré|transmis)|mensaje reenviado"
    r"|messaggio inoltrato|doorgestuurd bericht|mensagem (?:en|reen)caminhada|přeposlaná zpráva|preposlaná správa"
    r"|videresendt (?:meddelelse|melding)|vidarebefordrat meddelande|(?:edelleenlähetetty|välitetty) viesti.*|továbbított üzenet"
    r"|przekazana wiadomość|treść przekazanej wiadomości|wiadomość przesłana dalej|mesaj redirecționat"
    r"|(?:i̇|i)let(?:ilmiş mesaj|ilen ileti)"
    r"|пересылаемое сообщение|перенаправленное сообщение|перес?лане повідомлення|proslijeđena poruka|转发邮件|メッセージを転送"
)
BEGIN_FORWARDED = re.compile(
    r"(?i)(?:begin forwarded message|forwarded message|anfang der weitergeleiteten nachricht"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|začátek přeposílané zprávy"
    r"|start på videresendt besked|videresendt melding|vidarebefordrat mejl|välitetty viesti alkaa|započni proslijeđenu poruku"
    r"|továbbított levél kezdete|początek przekazywanej wiadomości|início da mensagem (?:en|reen)caminhada"
    r"|începe mesajul redirecționat|начало переадресованного сообщения|začiatok preposlanej správy|i̇?leti başlangıcı) ?:"
)


def is_attribution(joined: str) -> bool:
    """Whether a client says in these words (of one to three lines) who wrote what follows, and when."""
    if not joined.endswith((":", "：", "-", ">")) or not _EVIDENCE.search(joined):
        return False
    if ENGLISH.fullmatch(joined) or _DATE_AND_ADDRESS.fullmatch(joined) or RUN_ON.search(joined):
        return True
    dated = CLIENT_DATE.search(joined)
    if dated and joined.endswith((":", "：")) and _BRACKETED.search(joined) and not TOLD.search(joined):
        return True
    return (dated or ADDRESS.search(joined) or LEAD_IN.match(joined)) is not None and OTHERS.fullmatch(joined) is not None
