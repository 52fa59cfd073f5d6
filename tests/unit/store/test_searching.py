from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, delete, func, select, text, update

from filed import NOW, filed_case, filed_message, raw_mail
from mailflow.domain import Email, Kind, MessageState, Ourselves, Plan, Role, Verdict, reference
from mailflow.message.parse import read
from mailflow.store import filing, searching
from mailflow.store.database import Store
from mailflow.store.maillist import Narrowing, mail_list
from mailflow.store.searching import Piece, Wanted, excerpt, understand
from mailflow.store.tables import cases, message_texts, messages, places, raws

LETTER = "Could you run a training session for our chemists? Zoë's colleagues say: yes, please.\n"


def mail(text: str = LETTER, subject: str = "A workshop", sender: str = "Sam Ode <sam.ode@university.example>") -> Email:
    return read(raw_mail(text, subject, sender), Ourselves("edi.centre@university.example"))


def kept(db: Connection, email: Email, case_id: int | None = None, **values: object) -> int:
    """A filed message whose words are kept."""
    number = filed_message(db, case_id, email.text.encode(), **values)  # type: ignore[arg-type]
    searching.write_words(db, {number: email})
    return number


def found(store: Store, typed: str, role: Role = Role.REVIEWER) -> list[int]:
    with store.reading() as db:
        return [line.id for line in mail_list(db, Narrowing(understand(typed)), role).lines]


@pytest.fixture
def one(store: Store) -> Iterator[int]:
    """One message among others that nobody looks for."""
    with store.writing() as db:
        kept(db, mail("Nothing of the kind.\n", "Other business", "Ann <ann@elsewhere.example>"), filed_case(db))
        number = kept(db, mail(), filed_case(db))
        kept(db, mail("The train to the sessions was late.\n", "Late", "Bob <bob@elsewhere.example>"), filed_case(db))
    yield number


SAID = """
chemists
CHEM
chem*
training session
"training session"
"a training sess"*
sam.ode@university.example
Ode workshop
ode@univ
run-a-training
training, session!
Zoë
EDI-0002
edi-2 chemists
"EDI-0002"
"training session
chemists chemists
""".strip().splitlines()


def test_a_message_is_found_by_what_it_says(store: Store, one: int) -> None:
    assert {typed: found(store, typed) for typed in SAID} == {typed: [one] for typed in SAID}


UNSAID = [
    '"session training"',
    '"training sess"',
    "chemistry",
    "chemists late",
    "ch*",
    "EDI-0001 chemists",
    "EDI-0009",
    "hemists",
]


def test_a_message_is_not_found_by_what_it_does_not_say(store: Store, one: int) -> None:
    assert {typed: found(store, typed) for typed in UNSAID} == {typed: [] for typed in UNSAID}


ODD = """
"
""
*
**
-
NOT
AND OR NOT
(
^chem
words:
a:b
chemists NEAR(
chem' & !x
' OR 1=1
'; --
\\
%
_
:*
<->
{}
+
EDI-
EDI-999999999
🙂
""".splitlines()
ODD += [" ", "\0", "\ud800", "x" * 5000, "a " * 5000]


def test_nothing_that_is_typed_is_a_command(store: Store, one: int) -> None:
    for typed in ODD:
        assert set(found(store, typed)) <= {1, 2, 3}


def test_words_are_found_whatever_case_they_are_in(store: Store) -> None:
    with store.writing() as db:
        number = kept(db, mail("NOT AND OR NEAR\n"))
    assert found(store, "not near") == [number]


def test_attached_files_are_found_by_their_names(store: Store) -> None:
    with_file = read(
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nSee below.\n--x\n"
        b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="Room_plan-2026.pdf"\n\n%PDF\n--x--\n',
        Ourselves("us@university.example"),
    )
    with store.writing() as db:
        number = kept(db, with_file)
    assert found(store, "room plan 2026") == [number]


def test_quoted_history_is_not_searched(store: Store) -> None:
    answer = mail(
        "Yes, please.\n\nOn 3 Nov 2026, at 10:00, EDI Centre <edi.centre@university.example> wrote:\n> the aardvark offer\n"
    )
    assert "aardvark" in answer.text
    with store.writing() as db:
        kept(db, answer)
    assert found(store, "aardvark") == []


@pytest.mark.parametrize(
    ("kind", "sensitive", "of_case", "case_sensitive", "needed"),
    [
        (Kind.QUERY, False, Kind.QUERY, False, Role.READER),
        (Kind.QUERY, False, None, False, Role.READER),
        (Kind.QUERY, True, Kind.QUERY, False, Role.ADVISER),
        (Kind.QUERY, False, Kind.QUERY, True, Role.ADVISER),
        (None, False, None, False, Role.ADVISER),
        (Kind.STORY, False, Kind.STORY, False, Role.REVIEWER),
        (Kind.STORY, False, None, False, Role.REVIEWER),
        (Kind.QUERY, False, Kind.STORY, False, Role.REVIEWER),
        (Kind.AUTOMATIC, True, Kind.STORY, True, Role.REVIEWER),
    ],
)
def test_nobody_finds_or_sees_what_they_may_not_read(
    store: Store, kind: Kind | None, sensitive: bool, of_case: Kind | None, case_sensitive: bool, needed: Role
) -> None:
    with store.writing() as db:
        case_id = None if of_case is None else filed_case(db, of_case, sensitive=case_sensitive)
        number = kept(db, mail(), case_id, kind=kind, sensitive=sensitive)
    for role in Role:
        may = role.includes(needed)
        assert found(store, "chemists", role) == ([number] if may else [])
        assert found(store, "chem", role) == ([number] if may else [])
        with store.reading() as db:
            (line,) = mail_list(db, Narrowing(), role).lines
        assert ((line.subject, line.sender) != (None, None)) is may
        assert line.readable is may


def test_what_was_corrected_to_a_story_is_found_no_more_by_who_may_not_read_stories(store: Store) -> None:
    with store.writing() as db:
        case_id = filed_case(db)
        number = kept(db, mail(), case_id)
        db.execute(update(cases).values(kind=Kind.STORY))
        db.execute(update(messages).values(kind=Kind.STORY))
    assert found(store, "chemists", Role.ADVISER) == []
    assert found(store, "chemists", Role.REVIEWER) == [number]


def test_words_that_are_kept_anew_replace_the_old_ones(store: Store, one: int) -> None:
    with store.writing() as db:
        searching.write_words(db, {one: mail("About penguins.\n", "Birds")})
    assert (found(store, "chemists"), found(store, "penguins")) == ([], [one])
    with store.writing() as db:
        db.execute(update(message_texts).where(message_texts.c.message == one).values(words="walrus"))
    assert (found(store, "penguins"), found(store, "walrus")) == ([], [one])


def test_with_a_message_its_words_go(store: Store, one: int) -> None:
    with store.writing() as db:
        for table, column in ((raws, "message_id"), (places, "message"), (messages, "id")):
            db.execute(delete(table).where(table.c[column] == one))
    assert found(store, "chemists") == []
    with store.reading() as db:
        assert db.execute(select(func.count()).where(message_texts.c.message == one)).scalar_one() == 0
        if store.is_sqlite:
            left = text("SELECT count(*) FROM message_words WHERE message_words MATCH 'chemists'")
            assert db.execute(left).scalar_one() == 0


def test_what_is_filed_can_be_found_at_once_and_what_is_filed_anew_by_its_new_words(store: Store) -> None:
    with store.writing() as db:
        number = filed_message(db, None, b"x", MessageState.RECEIVED)
        filing.file(db, [filing.Decided(number, _plan(mail()), None)], NOW, moves=False)
    assert found(store, "chemists") == [number]
    with store.writing() as db:
        filing.refile(db, filing.Decided(number, _plan(mail("About penguins.\n")), None), NOW)
    assert (found(store, "chemists"), found(store, "penguins")) == ([], [number])


def _plan(email: Email) -> Plan:
    return Plan(email, Verdict(Kind.OTHER, 0.9), None, MessageState.FILED, None, None, None, alert=False, folder=None, due=None)


def test_what_a_database_cannot_keep_is_left_out(store: Store) -> None:
    with store.writing() as db:
        number = kept(db, mail("Penguins\x00 and \x02walruses\x03 " + "x" * 100_000))
    assert found(store, "penguins walruses") == [number]


def test_old_mail_is_taken_newest_first_and_once(store: Store) -> None:
    with store.writing() as db:
        old = [filed_message(db, None, bytes([number])) for number in range(5)]
        waits = filed_message(db, None, b"waits", MessageState.RECEIVED)
        failed = filed_message(db, None, b"failed", MessageState.FAILED)
        searching.write_words(db, {old[3]: mail()})
        assert searching.unwritten(db, searching.ABOVE_ALL, 2) == [old[4], old[2]]
        assert searching.unwritten(db, old[2], 9) == [old[1], old[0]]
        searching.add_words(db, {old[4]: mail(), old[3]: mail("Other words.\n"), old[2]: None, 999: mail()})
        assert searching.unwritten(db, searching.ABOVE_ALL, 9) == [old[1], old[0]]
    assert found(store, "chemists") == [old[4], old[3]]
    assert {waits, failed}.isdisjoint(old)


def test_an_excerpt_shows_what_was_found_and_what_stands_around_it() -> None:
    text = "word " * 40 + "the Training, for\nchemists and chemistry " + "more " * 60
    pieces = excerpt(text, understand("chem train"))
    assert [piece.text for piece in pieces if piece.found] == ["Training", "chemists", "chemistry"]
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("… word word")
    assert "the Training, for chemists and chemistry more" in whole
    assert whole.endswith("more …")
    assert len(whole) < 300


def test_an_excerpt_of_a_short_text_is_the_whole() -> None:
    assert excerpt("Sam Ode asks", understand('"sam ode"')) == (Piece("Sam Ode", found=True), Piece(" asks"))
    assert excerpt("Sam Ode asks", understand("nobody")) == ()


def test_a_search_is_as_long_as_it_may_be() -> None:
    assert understand("") == Wanted()
    assert len(understand("ab " * 100).terms) == 12
    assert understand(f"{reference(42)} chemists").cases == (42,)
