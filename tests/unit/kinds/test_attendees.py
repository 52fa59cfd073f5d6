"""How many people, as people write it."""

import pytest

from mailflow.kinds.attendees import count_attendees


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("There are 22 of us on the books.", 22),
        ("I would say 15-20 people.", (15, 20)),
        ("We're between 10 and 14 depending on leave.", (10, 14)),
        ("We should be some twenty to thirty in number.", (20, 30)),
        ("We would be a dozen persons.", 12),
        ("about two dozen postdocs", 24),
        ("There will be about thirty.", 30),
        ("It's now all 43 of us, I told you 30.", 43),
        ("So it is 9 of us + 2 apprentices.", 11),
        ("Two cohorts, 13 and 15, could be done as one.", 28),
        ("We are eight persons and two visitors, so ten.", 10),
        ("35 of us and certainly no more than 40", (35, 40)),
        ("We have lost a few and are down to 38.", 38),
        ("Numbers: 18-24", (18, 24)),
        ("Tuesday please, and call it 28.", 28),
        ("20-30, i'll cap it", (20, 30)),
        ("we're 25ish regulars", 25),
        ("Intake is 240.", 240),
        ("We are forty-five in all, half in each run.", 45),
        ("a hundred and ninety of us", 190),
        ("it's for 12 second-year PhD students", 12),
        ("We'd want two groups of 25.", 50),
        ("We are 40, in two groups of 25.", 40),
        ("There are me and seven others.", 8),
        ("20 minimum, 30 maximum", (20, 30)),
        ("Our headcount went from 14 to 17.", 17),
        ("I've 55 of them, most in their first year.", 55),
        ("40 or so second years", 40),
        ("somewhere around the 30 mark", 30),
        ("We are 6 PhD students, 2 postdocs and me.", 9),
        ("fifteen-ish people", 15),
        ("It is for 20 students, of whom 12 students live in.", 20),
        ("We have 3 shifts, 14 on each.", 42),
        ("a new cohort of Physician Associate students (28)", 28),
        ("half of our 60 reps were there, can you fit 30 of them in", 30),
        ("six from us, three from the contractor; nine, then.", 9),
        ("a hundred and eighty nursing students in three groups of 60", 180),
    ],
)
def test_a_number_of_people_is_read(text: str, people: int | tuple[int, int]) -> None:
    assert count_attendees(text) == people


@pytest.mark.parametrize(
    "text",
    [
        "The room seats 30 and we finish at 12.",
        "It takes 90 minutes, at 2pm on 3 March.",
        "We came in 2019 and it took two hours.",
        "Meet us on floor 6, room 12.",
        "Could we do two sessions?",
        "It cost £40 and 30% of the budget.",
        "They go out between nine and one at night.",
        "Ring 020 7946 0310.",
        "We have 3 lifts and I've 10 years of service.",
        "There are twelve desks in the office.",
        "The hall seats 80 people.",
        "Six other colleagues told you that three more have asked.",
        "Four sessions in the past, and more than 30 reasons to do it.",
    ],
)
def test_a_number_of_something_else_is_not_taken(text: str) -> None:
    assert count_attendees(text) is None
