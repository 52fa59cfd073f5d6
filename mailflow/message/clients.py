"""How mail clients of many languages introduce earlier mail: the labels of its header, "… wrote:", "Forwarded message".

The patterns look at one line, or at an attribution joined from up to three.
"""

import re

# The words before the name or date: with one of these a line can start an attribution.
LEAD_IN = re.compile(
    r"[-\s]*(?:On|At|In message|Le|Am|El|Il|Em|Op|Den|Dne|Dňa|D\.|W dniu|Dnia|Ar|På|Στις)\b"
    r"|[-\s]*(?:\w{2,9}[.,]{0,2} )?\d{1,4}[-./年년 ]"
)
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}\.[\w.-]")
# People write "On 4 May my manager wrote:" too; clients add a year, an hour or an address.
CLIENT_DATE = re.compile(r"\b(?:19|20)\d\d(?:\b|年|년)|\b\d{1,2}[:.h]\d\d\b")
# "On 4 May 2026 at 10:30 my manager wrote": no client says whose manager.
TOLD = re.compile(r"\b(?:my|our|his|her|he|she|they|we|I|the)\b")

_WROTE = (
    r"a écrit|schrieb(?:en)?|geschrieben|escribió|ha scritto|escreveu|schreef|geschreven|skrev"
    r"|napisał(?:\(a\)|a)?|napsala?(?:\(a\))?|napísala?(?:\(a\))?|ysgrifennodd|kirjoitti|ezt írta|yazdı|έγραψε"
    r"|написала?|пишет|пише|писала?|写道|寫道|書きました|님이 작성"
)
ENGLISH = re.compile(
    r"[-\s]*(?:On|At|In message)\b.{1,390}[ >](?:wrote|writes)\s?(?:[:：]|-{2,})"
    r"|.{0,300}[<(\[][^\s<>()\[\]@]{1,100}@[^\s<>()\[\]@]{1,100}[>)\]],? ?(?:wrote|writes)\s?:"
)
OTHERS = re.compile(rf".{{2,300}}?(?:{_WROTE})(?!\w).{{0,150}}[:：]|.{{2,200}}님이 작성\S{{0,8}}:")
# Old Gmail, and Gmail in languages without a verb: "2015-10-18 0:17 GMT+03:00 Sam <s@x.example>:"
DATE_AND_ADDRESS = re.compile(
    r"(?:\w{2,4}[.,]{1,2} ?)?\d{1,4}(?:[-./年]| \w{2,10}\.? )[^<>]{1,120}<\s?[^\s<>]{1,100}@[^\s<>]{1,100}>\s?:"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}\b[^<>@,;]{1,80}<[^\s<>]{1,100}@[^\s<>]{1,100}>"
)
# "Yes. On Wed, 4 Apr 2012 at 15:59, Bob <b@x.example> wrote:", the answer on the line of the attribution.
RUN_ON = re.compile(r"(?<=[^\s-])[ -]{1,12}(?=On (?:\w{3,9}\b,? )?(?:\d{1,2}\b|\w{3,9} \d{1,2}\b).{5,200}[ >]wrote:$)")

FROM = re.compile(
    r"\*?(?:From|Von|De|Da|Van|Fra|Från|Od|De la|Oddi wrth|Lähettäjä|Feladó|Šalje|Mittente|Nadawca|Expeditorul|Gönderen|Kimden"
    r"|От|Отправитель|Від|Від кого|Από|发件人|寄件者|差出人|보낸 사람)\s?[:：]\*?\s?(?!\d)\S"
)
SENT = re.compile(
    r"\*?(?:Sent|Gesendet|Envoyé|Enviado(?: el| em)?|Enviada(?: em)?|Inviato|Verzonden|Sendt|Skickat|Odesláno|Odoslané|Wysłano"
    r"|Lähetetty|Elküldve|Küldve|Gönderildi|Отправлено|Надіслано|Anfonwyd|发送时间|寄件日期|送信日時|보낸 날짜)(?: on)?\s?[:：]"
)
DATE = re.compile(r"\*?(?:Date|Datum|Data|Fecha|Dato|Dyddiad|Päivämäärä|Dátum|Tarih|Дата|日期|日付|날짜)\s?[:：]")
SUBJECT = re.compile(
    r"\*?(?:Subject|Betreff|Objet|Sujet|Asunto|Oggetto|Onderwerp|Assunto|Emne|Ämne|Pwnc|Předmět|Predmet|Temat|Aihe|Tárgy|Subiectul"
    r"|Konu|Тема|Θέμα|主题|主旨|件名|제목)\s?[:：]"
)
TO = re.compile(
    r"\*?(?:To|An|À|A|Para|Aan|Til|Till|At|Komu|Do|Pre|Prima|Pour|Vastaanottaja|Címzett|Adresat|Kime|Destinatarul|Кому|Προς"
    r"|收件人|收件者|宛先|받는 사람)\s?[:：]"
)

DASHED = re.compile(r"[*<]?-{2,}\s*([^\s-].{3,80}?)\s*-{2,}[*>]?")
ORIGINAL = re.compile(
    r"(?i)(?:original|reply) (?:message|appointment|e-?mail)|ursprüngliche (?:nachricht|e-mail)|antwort nachricht"
    r"|message d['’]origine|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original"
    r"|oprindelig meddelelse|opprinnelig melding|ursprungligt meddelande|oryginalna wiadomość|původní zpráva|eredeti üzenet"
    r"|alkuperäinen viesti|исходное сообщение|原始邮件|原始郵件|元のメッセージ"
    r"|neges wreiddiol|this is a copy of (?:the|your) message.*"
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
