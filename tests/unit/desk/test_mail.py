from datetime import timedelta

import pytest

from filed import NOW, WHY_HELD, filed_case, filed_message, filed_story, raw_mail
from furnished import entered
from mailflow.domain import AutomaticSort, Kind, MessageState, Ourselves, Reason, Role
from mailflow.domain.plain import reason_to_json
from mailflow.message.parse import read
from mailflow.store import people, searching
from mailflow.store.database import Store
from visiting import PASSWORD, Visitor, main_part

OURSELVES = Ourselves("edi.centre@university.example")


def _kept(store: Store, text: str, kind: Kind = Kind.QUERY, **values: object) -> int:
    with store.writing() as db:
        raw = raw_mail(text)
        number = filed_message(db, filed_case(db, kind), raw, kind=kind, **values)  # type: ignore[arg-type]
        searching.write_words(db, {number: read(raw, OURSELVES)})
    return number


def _becomes(visitor: Visitor, store: Store, role: Role) -> None:
    """Somebody of this role goes on in the visitor's browser."""
    with store.writing() as db:
        people.add(db, role.value, PASSWORD, "root", NOW, role)
    visitor.browser.cookies.clear()
    entered(visitor.browser, store, role.value)


def test_every_message_is_listed_with_what_became_of_it(store: Store, ada: Visitor) -> None:
    _kept(store, "Held.", state=MessageState.HELD, hold=reason_to_json(WHY_HELD))
    silence = reason_to_json(Reason("list", "It came over a mailing list <b>."))
    _kept(store, "Away.", Kind.AUTOMATIC, state=MessageState.IGNORED, automatic=AutomaticSort.VACATION, silence=silence)
    _kept(store, "Broken.", state=MessageState.FAILED, failure="Reading it failed with ValueError.", arrived=NOW)
    page = main_part(ada.open("/mail").text)
    assert page.index('href="/messages/3"') < page.index('href="/messages/2"') < page.index('href="/messages/1"')
    for said in (
        "waits for a person",
        WHY_HELD.text,
        "could not be read",
        "ValueError",
        "came over a mailing list",
        "out of office",
    ):
        assert said in page
    for said in ("EDI-0001", "Something I saw", "Sam Ode", "24 November 2026, 10:00"):
        assert said in page


def test_a_search_shows_the_words_that_were_found(store: Store, ada: Visitor) -> None:
    _kept(store, "Do you train <chemists> as well?")
    _kept(store, "Nothing of the kind.")
    page = main_part(ada.open("/mail?q=chemi").text)
    assert "Do you train &lt;<mark>chemists</mark>&gt; as well?" in page
    assert 'href="/messages/2"' not in page
    assert "No message like these." in ada.open("/mail?q=physicists").text
    assert 'value="&lt;&#34;"' in ada.open('/mail?q=<"').text


def test_a_form_as_browsers_send_it_narrows_the_list_down(store: Store, ada: Visitor) -> None:
    _kept(store, "Held.", state=MessageState.HELD)
    _kept(store, "Long ago.", arrived=NOW - timedelta(days=40), sensitive=True)
    empty = "q=&state=&kind=&automatic=&sensitive=&answered=&since=&until="
    for query, shown in {
        empty: [1, 2],
        empty.replace("state=", "state=held"): [1],
        empty.replace("kind=", "kind=story"): [],
        empty.replace("sensitive=", "sensitive=true"): [2],
        empty.replace("sensitive=", "sensitive=false"): [1],
        empty.replace("answered=", "answered=true"): [],
        empty.replace("since=", "since=2026-11-22"): [1],
        empty.replace("until=", "until=2026-11-21"): [2],
        "since=0001-01-01&until=9999-12-31": [1, 2],
    }.items():
        answer = ada.open(f"/mail?{query}")
        assert answer.status_code == 200
        assert [number for number in (1, 2) if f'href="/messages/{number}"' in answer.text] == shown, query
    for wrong in ("state=nowhere", "since=tomorrow", "before=0", "before=x"):
        assert ada.open(f"/mail?{wrong}").status_code == 422


def test_the_list_goes_on_where_it_ended_and_keeps_what_was_chosen(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        for number in range(52):
            filed_message(db, None, bytes([number]), sensitive=False)
    page = ada.open("/mail?sensitive=false&q=").text
    assert 'href="/mail?sensitive=false&amp;before=3" rel="next"' in page
    page = main_part(ada.open("/mail?sensitive=false&before=3").text)
    assert [number for number in range(1, 53) if f'href="/messages/{number}"' in page] == [1, 2]
    assert 'rel="next"' not in page


@pytest.mark.parametrize(("role", "sees"), [(Role.READER, 1), (Role.ADVISER, 2), (Role.REVIEWER, 3)])
def test_who_may_not_read_a_message_is_told_nothing_of_it(store: Store, stranger: Visitor, role: Role, sees: int) -> None:
    _kept(store, "An aardvark asks.", subject="Plain", sender_name="Ann")
    _kept(store, "An aardvark was hurt.", subject="Grave", sender_name="Bob", sensitive=True)
    _kept(store, "I stood up for an aardvark.", Kind.STORY, subject="Told", sender_name="Cem")
    _becomes(stranger, store, role)
    page = main_part(stranger.open("/mail").text)
    told = [subject for subject in ("Plain", "Grave", "Told") if subject in page]
    assert told == ["Plain", "Grave", "Told"][:sees]
    assert [name for name in ("Ann", "Bob", "Cem") if name in page] == ["Ann", "Bob", "Cem"][:sees]
    assert page.count("Not for your role") == 3 - sees
    found = main_part(stranger.open("/mail?q=aardvark").text)
    assert found.count("<mark>aardvark</mark>") == sees
    assert found.count('href="/messages/') == sees


def test_a_story_stays_out_of_the_list_of_words(store: Store, stranger: Visitor) -> None:
    with store.writing() as db:
        filed_story(db)
        searching.write_words(db, {1: read(raw_mail("Priya Nair"), OURSELVES)})
    _becomes(stranger, store, Role.ADVISER)
    assert "Priya" not in main_part(stranger.open("/mail?q=EDI-0001").text)
    assert "Priya" not in main_part(stranger.open("/mail?q=Priya").text).replace('value="Priya"', "")
