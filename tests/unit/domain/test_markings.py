"""How mail software's marks are read, for every room alike."""

import pytest

from mailflow.domain import Address, Email, Ourselves
from mailflow.domain.markings import (
    answers,
    auto_submitted,
    bulk_precedence,
    is_from_own_list,
    list_header,
    passes_on,
    responder_header,
    without_prefixes,
)

US = Ourselves("edi.centre@university.example", own_lists=("EDI-all@university.example", "enquiries.lists.university.example"))


def email(*headers: tuple[str, str], to: str = "edi.centre@university.example") -> Email:
    return Email(None, None, (), (Address("", to),), (), "", None, headers, None, "", "")


@pytest.mark.parametrize(
    "header",
    [
        ("list-id", "<edi-all.university.example>"),
        ("list-id", "Everybody <EDI-All.University.Example>"),
        ("list-id", "edi-all@university.example"),
        ("list-id", "Enquiries <enquiries.lists.university.example>"),
        ("list-post", "<MAILTO:edi-all@university.example?subject=x>"),
    ],
)
def test_a_list_of_ours_is_known_by_its_name_or_its_posting_address(header: tuple[str, str]) -> None:
    assert is_from_own_list(email(header), US)


def test_a_list_without_a_name_is_ours_where_it_is_written_to() -> None:
    unsubscribe = ("list-unsubscribe", "<https://lists.university.example>")
    assert is_from_own_list(email(unsubscribe, to="edi-all@university.example"), US)
    assert not is_from_own_list(email(unsubscribe), US)


def test_another_list_is_not_ours_whomever_it_is_written_to() -> None:
    other = ("list-id", "<news.elsewhere.example>")
    assert not is_from_own_list(email(other, to="edi-all@university.example"), US)
    assert not is_from_own_list(email(other), Ourselves("edi.centre@university.example"))


@pytest.mark.parametrize(
    ("value", "said"),
    [("auto-replied; owner=x", "auto-replied"), ("Auto-Generated (by cron)", "auto-generated"), ("NO (by hand)", None)],
)
def test_auto_submitted_is_read_without_its_comments_and_parameters(value: str, said: str | None) -> None:
    assert auto_submitted(email(("auto-submitted", value))) == said


def test_a_second_header_counts_as_much_as_the_first() -> None:
    assert auto_submitted(email(("auto-submitted", "no"), ("auto-submitted", "auto-replied"))) == "auto-replied"
    assert bulk_precedence(email(("precedence", "normal"), ("precedence", "Bulk"))) == "bulk"


def test_a_responder_that_says_no_did_not_answer() -> None:
    assert responder_header(email(("x-autoreply", "no"))) is None
    assert responder_header(email(("x-auto-reply-from", "x"))) == "x-auto-reply-from"


def test_a_lists_header_is_named() -> None:
    assert list_header(email(("list-help", "<https://lists.example>"))) == "list-help"
    assert list_header(email(("subject", "list-id"))) is None


@pytest.mark.parametrize("subject", ["I: we need you", "I : need a session", "Fwding: x", "Information", "Re: I: need"])
def test_a_subject_that_only_begins_with_a_letter_or_a_word_is_not_passed_on(subject: str) -> None:
    assert not passes_on(subject)


@pytest.mark.parametrize("subject", ["I: Re: Corso", "i: R: Corso", "I: Fwd: Corso", "Fw: x", "[edi-all] WG: x", "TR : essai"])
def test_what_is_passed_on_is_known_in_many_languages(subject: str) -> None:
    assert passes_on(subject)
    assert not answers(subject)


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Aw: Fwd: Re[2]: Training", "Training"),
        ("回复：Training", "Training"),
        ("I: Re: Training", "Training"),
        ("I: we need you", "I: we need you"),
        ("[EXT] Re: Training", "Training"),
        ("[edi-all] Re: Training", "[edi-all] Training"),
        ("Request: Training", "Request: Training"),
        ("Re: ", ""),
    ],
)
def test_a_subject_loses_prefixes_and_keeps_the_tag_of_a_list(subject: str, bare: str) -> None:
    assert without_prefixes(subject) == bare


def test_a_long_row_of_prefixes_is_soon_read() -> None:
    assert without_prefixes("Re: " * 5_000 + "Training") == "Training"
