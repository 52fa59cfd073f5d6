"""Dates in British usage, in mails of Monday 12 January 2026."""

from datetime import date, timedelta

import pytest

from mailflow.domain import Action
from mailflow.kinds.dates import find_mentions
from mailflow.kinds.session_dates import find_session_dates

SENT = date(2026, 1, 12)


def d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


def find(text: str, action: Action = Action.REQUEST, subject: str = "") -> tuple[tuple, tuple]:
    return find_session_dates(text, subject, SENT, action)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Could we have Tuesday 3 February?", [d(2, 3)]),
        ("Could we have Tuesday the 3rd of February?", [d(2, 3)]),
        ("How about Feb 3rd or Feb 5th?", [d(2, 3), d(2, 5)]),
        ("Would 03/02 suit you?", [d(2, 3)]),
        ("Would 03/02/2027 suit you?", [d(2, 3, 2027)]),
        ("Would 2026-02-03 suit you?", [d(2, 3)]),
        ("Der 15.09. would be good.", [d(9, 15)]),
        ("We can do 7, 8 and 10 September.", [d(9, 7), d(9, 8), d(9, 10)]),
        ("Tue 17, Wed 18 or Thu 19 November would suit.", [d(11, 17, 2026), d(11, 18), d(11, 19)]),
        ("27 February or 6 March, please.", [d(2, 27), d(3, 6)]),
        ("Our away day is on 6-10 July.", [(d(7, 6), d(7, 10))]),
        ("Any day from 27 April to 8 May would do.", [(d(4, 27), d(5, 8))]),
        ("Any day between 3 and 14 March.", [(d(3, 3), d(3, 14))]),
        ("w/c 9th Feb would be best", [(d(2, 9), d(2, 13))]),
        ("w/c 09/02 would be best", [(d(2, 9), d(2, 13))]),
        ("w/c Sunday 8th Feb would be best", [(d(2, 9), d(2, 13))]),
        ("The week of 2 March suits us.", [(d(3, 2), d(3, 6))]),
        ("The week beginning 2 March or the week after.", [(d(3, 2), d(3, 6)), (d(3, 9), d(3, 13))]),
        ("Either w/c 2 March or w/c 16 March.", [(d(3, 2), d(3, 6)), (d(3, 16), d(3, 20))]),
        ("The fortnight commencing the 2nd of March.", [(d(3, 2), d(3, 13))]),
        ("The weeks of 2 March and 20 April.", [(d(3, 2), d(3, 6)), (d(4, 20), d(4, 24))]),
        ("Some time in the first half of May.", [(d(5, 1), d(5, 15))]),
        ("The second week of March, ideally.", [(d(3, 8), d(3, 14))]),
        ("The last Friday in June would be good.", [d(6, 26)]),
        ("The first two weeks of March.", [(d(3, 1), d(3, 14))]),
        ("We would like it before Easter.", [(SENT, d(4, 4))]),
        ("It must be done by the end of January.", [(SENT, d(1, 31))]),
        ("We need it before our social on 13 March.", [(SENT, d(3, 12))]),
        ("November would be good.", [(d(11, 1), d(11, 30))]),
        ("Could you do next Wed?", [d(1, 21)]),
        ("Could you do Tuesday week?", [d(1, 20)]),
        ("Could you do a week on Thursday?", [d(1, 22)]),
        ("Could we take the 29th?", [d(1, 29)]),
        ("Could you do Thursday fortnight?", [d(1, 29)]),
        ("Could it be a fortnight today?", [d(1, 26)]),
        ("The 14th of April or failing that the 16th.", [d(4, 14), d(4, 16)]),
        ("Wednesday 4th Feb is best, then Thursday 5th, then the following Monday.", [d(2, 4), d(2, 5), d(2, 9)]),
        ("Any Friday between 6 and 27 March would do.", [d(3, 6), d(3, 13), d(3, 20), d(3, 27)]),
        (
            "A Monday or a Wednesday in May, apart from the 4th, the 6th and the 25th.",
            [d(5, day) for day in (11, 13, 18, 20, 27)],
        ),
        ("Friday 17 April is our INSET day. If the 17th is no good, tell us.", [d(4, 17)]),
    ],
)
def test_a_date_is_read_as_the_british_write_it(text: str, days: list) -> None:
    assert find(text) == (tuple(days), ())


def test_any_tuesday_or_thursday_in_a_month_is_each_of_them() -> None:
    days, _ = find("We could do any Tues or Thurs pm in March except the 12th.")
    assert days == tuple(d(3, day) for day in (3, 5, 10, 17, 19, 24, 26, 31))


@pytest.mark.parametrize("wish", ["any day except the Tuesday", "but not the Tuesday", "apart from Tuesday"])
def test_a_week_without_its_tuesday_is_four_days(wish: str) -> None:
    assert find(f"We propose the w/c 9th Feb, {wish}.")[0] == (d(2, 9), d(2, 11), d(2, 12), d(2, 13))


def test_half_a_day_ruled_out_leaves_the_week_whole() -> None:
    assert find("The week is 9-13 March, any half day apart from the Monday morning.")[0] == ((d(3, 9), d(3, 13)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We would like it before the summer exams.", "before the summer exams"),
        ("Could it be in early March?", "early March"),
        ("Sometime in the spring would be good.", "in the spring"),
        ("Any time after Easter would suit us.", "after Easter"),
        ("We could do any day after 12 March.", "after 12 March"),
        ("Could we have a slot next term?", "next term"),
        ("Could it be early in Hilary?", "early in Hilary"),
        ("We were thinking of the week after reading week.", "the week after reading week"),
        ("Ideally in week 7 of term.", "week 7 of term"),
        ("From May onwards is best.", "From May onwards"),
    ],
)
def test_a_date_that_cannot_be_pinned_stays_in_words(text: str, words: str) -> None:
    days, in_words = find(text)
    assert days == ()
    assert [found.lower() for found in in_words] == [words.lower()] or words.lower() in in_words[0].lower()


@pytest.mark.parametrize(("text", "said"), [("Can we move Tuesday's session?", ["Tuesday's"]), ("We meet on Tuesdays.", [])])
def test_a_weekday_alone_is_one_day_and_no_habit(text: str, said: list[str]) -> None:
    assert [text[mention.start : mention.end] for mention in find_mentions(text, SENT)] == said


def test_a_weekday_that_does_not_fit_its_date_is_not_guessed() -> None:
    assert find("Could we have Monday 3 February?") == ((), ("Monday 3 February",))


@pytest.mark.parametrize(
    "text",
    [
        "Two of us went to the open session in September and loved it.",
        "I have been in this post since 3 January.",
        "I am on leave until 20 January.",
        "Please reply by 23 January.",
        "The deadline is 30 January.",
        "Some staff have waited since March.",
        "May I ask how long it takes?",
        "We came to see you in 2019.",
        "We did this with you on 14 March last year.",
        "The deadline for our training plan is 30 Jan.",
        "I have to report to the Dean by 27 February.",
        "The room is Pemberton 2.04. It is on the left.",
        "We did talk about 29 January but that's gone now.",
        "We work 7 till 7 and the room holds 24.",
    ],
)
def test_a_date_of_something_else_is_not_one_for_the_session(text: str) -> None:
    assert find(text)[0] == ()


def test_of_a_change_the_new_date_counts() -> None:
    text = "Our workshop on 25 February is on a strike day. Could we push it to w/c 9 March?"
    assert find(text, Action.CHANGE)[0] == ((d(3, 9), d(3, 13)),)
    assert find("Please move us from 3 March to 10 March.", Action.CHANGE)[0] == (d(3, 10),)


def test_a_day_without_its_month_is_in_the_month_just_named() -> None:
    text = "Unfortunately 2 March won't work now. Would you be able to do the 9th or the 16th?"
    assert find(text, Action.CHANGE)[0] == (d(3, 9), d(3, 16))
    assert find("Could we do the 29th instead?", Action.CHANGE, "Re: Active Bystander, 22 June")[0] == (d(6, 29),)


def test_of_the_dates_we_offered_the_one_accepted_counts() -> None:
    text = "Thank you for offering the 10th or the 12th of March. We'd like to go for the 12th please."
    assert find(text, Action.CONFIRM)[0] == (d(3, 12),)


def test_of_a_cancellation_the_cancelled_date_counts() -> None:
    text = "We have to cancel Friday 6 February. The external examiner comes on 9 February. We will rebook in the autumn."
    assert find(text, Action.CANCEL) == ((d(2, 6),), ())


def test_a_bare_number_takes_its_month_from_the_subject() -> None:
    assert find("All confirmed for the 24th.", Action.CONFIRM, "Re: Active Bystander, 24 June")[0] == (d(6, 24),)


def test_a_date_in_the_subject_alone_counts() -> None:
    assert find("", subject="Active Bystander for Earth Science, w/c 9th Feb?")[0] == ((d(2, 9), d(2, 13)),)


def test_no_date_lies_before_the_mail() -> None:
    for text in ("Could we have 5 January 2026?", "any Monday in January", "January suits us", "1-20 January would be good"):
        for when in find(text)[0]:
            assert (when[0] if isinstance(when, tuple) else when) >= SENT
    assert SENT + timedelta(days=1) > SENT


def test_a_day_takes_its_month_from_the_conversation() -> None:
    offered = "We could offer Tuesday 19 January, Thursday 21 January or Monday 25 January."
    dates, _ = find_session_dates("The 21st works best.", "Re: dates", date(2026, 11, 9), Action.CONFIRM, offered)
    assert dates == (date(2027, 1, 21),)
