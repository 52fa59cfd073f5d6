"""The new text: its end, its words, and the lines that are lost."""

from dataclasses import replace

import pytest

from mailflow.evaluation.new_text import match_new_text, score_new_text


def test_a_new_text_is_right_whatever_its_line_breaks_and_punctuation(judge_by_hand) -> None:
    text = "Hello,\n\nwe'd like to come.\nAny day\nwill do!\n\nBest\nJo"
    match = match_new_text(
        judge_by_hand("query", text=text, new_text="Hello, we'd like to come. Any day will do", ending="Day will DO.")
    )
    assert match
    assert (match.ends_right, match.f1, match.lost) == (True, 1.0, ())


def test_what_is_kept_of_a_signature_costs_precision(judge_by_hand) -> None:
    match = match_new_text(
        judge_by_hand("query", text="one two three\nBest\nJo", new_text="one two three\nBest", ending="two three")
    )
    assert match
    assert (match.ends_right, match.lost) == (False, ())
    assert match.f1 == pytest.approx(6 / 7)


def test_a_line_that_is_folded_away_is_lost(judge_by_hand) -> None:
    text = "first line\nline the first\nthe last words\n-- \nJo"
    match = match_new_text(judge_by_hand("query", text=text, new_text="first line\nthe last words", ending="the last words"))
    assert match
    assert match.ends_right
    assert match.lost == ("line the first",)
    assert match.f1 == pytest.approx(10 / 13)


@pytest.mark.parametrize(
    "introduction", ["On 3 March 2026 the EDI Centre wrote:", "On 3 March 2026 the EDI Centre\n<edi@university.example> wrote:"]
)
def test_answers_below_quotations_are_all_that_is_wanted(judge_by_hand, introduction: str) -> None:
    text = f"Thanks, two answers.\n\n{introduction}\n\n> how many?\n\nabout 20\n\n> when?\n\nin May if we can\n\nJo"
    new = "Thanks, two answers.\n\nabout 20\n\nin May if we can"
    match = match_new_text(judge_by_hand("training", text=text, new_text=new, ending="May if we can"))
    assert match
    assert (match.ends_right, match.f1, match.lost) == (True, 1.0, ())


def test_a_line_with_a_colon_that_introduces_no_quotation_is_the_senders(judge_by_hand) -> None:
    text = "We could do any of these 3:\nMonday\nTuesday"
    match = match_new_text(judge_by_hand("training", text=text, new_text="Monday\nTuesday", ending="Tuesday"))
    assert match
    assert match.lost == ("We could do any of these 3:",)


@pytest.mark.parametrize(
    "warning",
    [
        "[External email]",
        "CAUTION: this was sent from outside.\nDo not click on links or open attachments.",
        "This message came from outside the University. Take care with links and attachments.",
        "You don't often get email from jane@example.com. Learn why this is important",
    ],
)
def test_a_warning_of_the_mail_server_is_not_the_senders(judge_by_hand, warning: str) -> None:
    text = f"{warning}\n\nI come from outside too.\nMay I join?"
    match = match_new_text(judge_by_hand("query", text=text, new_text="May I join?", ending="May I join"))
    assert match
    assert match.lost == ("I come from outside too.",)


def test_words_that_stand_again_in_the_history_end_where_they_stand_first(judge_by_hand) -> None:
    text = "please send it again\n\nFrom: Jo\nplease send it again"
    match = match_new_text(judge_by_hand("query", text=text, new_text="please send it again", ending="send it again"))
    assert match
    assert (match.ends_right, match.f1) == (True, 1.0)


def test_a_text_that_was_never_read_scores_nothing(judge_by_hand) -> None:
    match = match_new_text(judge_by_hand("query", text="????", ending="when is it"))
    assert match
    assert (match.ends_right, match.f1) == (False, 0.0)


def test_where_nothing_is_new_nothing_must_be_found(judge_by_hand) -> None:
    nothing, something = judge_by_hand("query", text="Jo", new_text="", ending=""), judge_by_hand("query", text="Jo", ending="")
    scores = score_new_text([nothing, something, judge_by_hand("query", text="not labelled")])
    assert (scores.messages, scores.ends_right, scores.f1) == (2, 1, 0.5)


def test_lost_lines_are_counted_by_message(judge_by_hand) -> None:
    one = judge_by_hand("query", name="b.eml", text="a b\nc d\ne f", new_text="e f", ending="e f")
    whole = judge_by_hand("query", text="e f", ending="e f")
    scores = score_new_text([one, whole, replace(one, plan=None, failure="no")])
    assert scores.lost == (("b.eml", 2),)
    assert scores.lines_lost == 2
    assert scores.exact == pytest.approx(2 / 3)
