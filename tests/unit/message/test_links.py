"""What is written behind the words of a link: where it really leads, once."""

import pytest

from mailflow.message.html import html_to_text
from mailflow.message.links import where_it_leads


@pytest.mark.parametrize(
    ("href", "words", "shown"),
    [
        ("https://x.example/form", "our form", "https://x.example/form"),
        ("https://x.example/form", "https://x.example/form", None),
        ("https://www.x.example/", "x.example", None),
        ("http://x.example/a", "www.x.example/a", None),
        ("mailto:h@x.example", "h@x.example", None),
        ("mailto:h@x.example?subject=Hi", "Helen", "h@x.example"),
        ("https://evil.example/login", "https://bank.example", "https://evil.example/login"),
        ("https://bank.example@evil.example/", "log in", "https://evil.example/"),
        ("https://xn--bnk-ula.example/", "bank.example", "https://xn--bnk-ula.example/"),
        ("https://b\u00e4nk.example/", "b\u00e4nk.example", "https://xn--bnk-qla.example/"),
        ("https://x.ex\nample/\u202ea", "here", "https://x.example/a"),
        ("https://n.example/a?utm_source=x&id=7&fbclid=y", "news", "https://n.example/a?id=7"),
        ("https://n.example/a?q=%E2%82%AC&b", "news", "https://n.example/a?q=%E2%82%AC&b"),
        (f"https://n.example/a?token={'t' * 300}", "news", "https://n.example/a"),
    ],
)
def test_the_real_address_is_shown_where_the_words_do_not_say_it(href: str, words: str, shown: str | None) -> None:
    assert where_it_leads(href, words) == shown


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://eur03.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example%2Fform&data=05%7C02&reserved=0",
        "https://www.google.com/url?q=https://x.example/form&source=gmail",
        "https://urldefense.com/v3/__https://x.example/form__;!!abc!def$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__x.example_form&d=DwMF",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fx.example%2fform&c=E",
    ],
)
def test_what_a_mail_filter_put_around_an_address_is_taken_off(wrapped: str) -> None:
    assert where_it_leads(wrapped, "the form") == "https://x.example/form"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "#top", "cid:a@b", "data:text/html,x", "/page", "tel:+442079460000", "mailto:", ""]
)
def test_a_link_that_leads_nowhere_is_only_its_words(href: str) -> None:
    assert html_to_text(f'<p>Press <a href="{href}">here</a> now</p>') == "Press here now"


@pytest.mark.parametrize(
    "href", ["http://[", "http://x:port/", f"https://{'a' * 300}\u00e4.example/", "https://x.example:99999/"]
)
def test_an_address_that_is_none_is_shown_as_it_came_or_not_at_all(href: str) -> None:
    assert (where_it_leads(href, "here") or "").startswith(("", href[:20]))


def test_words_and_address_stand_in_the_text_once() -> None:
    asking = '<a href="mailto:h@x.example">h@x.example</a>'
    page = f'<p>Book on <a href="https://x.example/b"><b>the </b><i>form</i></a>, or ask {asking}.</p>'
    assert html_to_text(page) == "Book on the form <https://x.example/b>, or ask h@x.example."


def test_a_picture_that_is_a_link_says_where_it_leads() -> None:
    assert (
        html_to_text('<a href="https://x.example/b"><img alt="Book now" src="b.png"></a>') == "[Book now] <https://x.example/b>"
    )
    assert html_to_text('a<a href="https://x.example/b"><img src="b.png"></a>') == "a"
