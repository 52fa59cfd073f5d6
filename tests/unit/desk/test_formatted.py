import base64
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from filed import formatted_mail
from mailflow.desk.mail.attachments import disposition, risk
from mailflow.desk.mail.formatted import LONGEST, formatted
from mailflow.message.attached import Picture, attached_file, pictures

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
NASTY = [
    "<script>steal()</script>",
    "<svg onload=steal()><a xlink:href='javascript:steal()'>x</a></svg>",
    "<style>@import url(https://steal.example)</style>",
    "<link rel=stylesheet href=https://steal.example>",
    "<p style='background:url(https://steal.example)'>x</p>",
    "<p style='background-color:u\\72l(steal)'>x</p>",
    "<table background=https://steal.example><tr><td background=https://steal.example>x</td></tr></table>",
    "<form action=https://steal.example><input name=steal><button formaction=steal>x</button></form>",
    "<iframe srcdoc='steal'></iframe>",
    "<object data=steal></object><embed src=steal><video poster=steal src=steal></video>",
    "<base href=https://steal.example><meta http-equiv=refresh content='0;url=steal'>",
    "<a href='javascript:steal()' onclick=steal() ping=steal target=_top>x</a>",
    "<img src=x onerror=steal()>",
    "<img src='data:image/svg+xml,<svg onload=steal()>'>",
    "<img srcset='https://steal.example 2x'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=steal()></style></table></math>",
    "<noscript><p title='</noscript><img src=x onerror=steal()>'></noscript>",
    "<!--[if mso]><v:rect><v:fill src=steal></v:rect><![endif]-->",
    "<template><img src=x onerror=steal()></template>",
]


@pytest.mark.parametrize("html", NASTY)
def test_nothing_that_acts_or_fetches_is_left(html: str) -> None:
    clean = formatted(f"<p>Before.</p>{html}<p>After.</p>", {})
    assert clean is not None
    assert "steal" not in clean
    assert clean.startswith("<p>Before.</p>")
    assert clean.endswith("<p>After.</p>")


def test_a_link_says_where_it_leads_and_cannot_be_followed() -> None:
    html = '<a href="https://evil.example/login?a=1">https://bank.example</a> <a href="https://www.uni.example/">uni.example</a>'
    clean = formatted(html, {})
    assert clean == "<a>https://bank.example<span> &lt;https://evil.example/login?a=1&gt;</span></a> <a>uni.example</a>"


def test_pictures_are_shown_where_they_came_with_the_mail_and_else_named() -> None:
    html = '<img src="cid:one@x"><img src="cid:two"><img src="https://x.example/a.png" alt="A plan">'
    html += '<img src="https://x/t" width="1">'
    clean = formatted(html, {"one@x": Picture("image/png", PIXEL)}) or ""
    assert f'<img src="data:image/png;base64,{base64.b64encode(PIXEL).decode()}">' in clean
    assert "[image not loaded]" in clean
    assert "[image not loaded: A plan]" in clean
    assert clean.count("not loaded") == 2


def test_what_turns_the_text_around_is_made_visible() -> None:
    assert formatted("<p>&#x202e;exe.gnp</p>", {}) == "<p>\N{REPLACEMENT CHARACTER}exe.gnp</p>"


def test_the_look_of_a_mail_stays() -> None:
    table = '<table border="1"><tbody><tr><td colspan="2">x</td></tr></tbody></table>'
    html = f'<p style="color: red; position: fixed"><b>Bold</b></p>{table}'
    assert formatted(html, {}) == html.replace("color: red; position: fixed", "color:red")


@pytest.mark.parametrize(
    "html", ["<div>" * 60_000, "<b>" * 90_000, "<table><tr><td>" * 20_000, "<svg>" * 50_000, "<a href=x>" * 30_000]
)
def test_nesting_without_end_harms_nobody(html: str) -> None:
    assert formatted(html[:LONGEST], {}) is not None


def test_what_is_too_long_or_no_page_is_not_shown() -> None:
    assert formatted("x" * (LONGEST + 1), {}) is None
    assert formatted("", {}) is None


def test_pictures_are_found_by_their_id_and_only_of_types_that_hold_pixels() -> None:
    mail = EmailMessage()
    mail.set_content("<img src=cid:a>", subtype="html")
    for name, content in {"<a>": PIXEL, "<b>": b"<svg onload=alert(1)/>", "<c>": PIXEL + bytes(9_000)}.items():
        mail.add_related(content, maintype="image", subtype="png", cid=name)
    assert pictures(mail.as_bytes(), 5_000) == {"a": Picture("image/png", PIXEL)}
    assert set(pictures(mail.as_bytes(), 50_000)) == {"a", "c"}


def test_attachments_are_found_by_their_place() -> None:
    mail = message_from_bytes(formatted_mail(file=b"One."), policy=default)
    mail.add_attachment(b"Two.", maintype="text", subtype="csv", filename="two.csv")
    found = attached_file(mail.as_bytes(), 1)
    assert found is not None
    assert (found.content, found.described.filename, found.described.content_type) == (b"Two.", "two.csv", "text/csv")
    assert attached_file(mail.as_bytes(), 2) is None
    assert attached_file(mail.as_bytes(), -1) is None


RISKY = {
    "program": ["a.exe", "report.pdf.scr", "a.JS", "a.exe. "],
    "macros": ["a.docm", "a.xls"],
    "page": ["a.html", "a.svg"],
    "other files": ["a.zip"],
}


@pytest.mark.parametrize(("name", "said"), [(name, said) for said, names in RISKY.items() for name in names])
def test_risky_files_are_warned_of(name: str, said: str) -> None:
    assert said in (risk(name) or "")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "photo.jpg", "exe", "a.txt", "notes"])
def test_usual_files_are_not(name: str) -> None:
    assert risk(name) is None


def test_a_file_name_cannot_break_out_of_its_header() -> None:
    said = disposition('a"; filename="b.exe\r\nSet-Cookie: x=1 \N{SNOWMAN}%20\\.txt')
    assert "\r" not in said
    assert said.count('"') == 2
    assert said.endswith("%E2%98%83%2520%5C.txt")
