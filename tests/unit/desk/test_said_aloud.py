"""What is said to whoever cannot see a page: sentences and not whole forms, and what is wrong at the field that is wrong."""

from typing import Any

from lxml.html import document_fromstring

from filed import filed_draft, held_query
from mailflow.store.database import Store
from visiting import Visitor

REQUEST = "Subject: A workshop\n\nWe are a group of 20 people and would like to book a workshop in May."


def _tree(visitor: Visitor) -> Any:
    """The page last read; whatever it says of a field stands on it, and no form is read out whole."""
    tree: Any = document_fromstring(visitor.page)
    assert tree.xpath("//*[@role='status' or @aria-live]//*[self::button or self::input or self::li]") == []
    ids = set(tree.xpath("//@id"))
    assert [name for names in tree.xpath("//@aria-describedby") for name in names.split() if name not in ids] == []
    return tree


def _described(visitor: Visitor) -> list[str]:
    """The fields that are tied to what is wrong."""
    tree = _tree(visitor)
    assert tree.findtext(".//title").startswith("Not done: ")
    return [*tree.xpath("//*[contains(concat(' ', @aria-describedby, ' '), ' problem ')]/@id")]


def _focused(visitor: Visitor) -> list[str]:
    return [heading.text_content() for heading in _tree(visitor).xpath("//h2[@tabindex='-1' and @autofocus]")]


def test_after_a_preview_its_heading_has_the_focus(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
        held_query(db, "And what does it cost?")
    ada.open("/cases/EDI-0001/merge")
    assert _focused(ada) == []
    ada.send("/cases/EDI-0001/merge", decision="look", into="EDI-0002")
    assert _focused(ada) == ["What follows"]
    ada.send("/messages/1/kind", decision="look", kind="training")
    assert _focused(ada) == ["What follows if you say so"]
    ada.open("/messages/1/again")
    assert _focused(ada) == ["If it were decided again now"]
    ada.send("/rules/try", words=REQUEST)
    assert [heading[:10] for heading in _focused(ada)] == ["Training, "]


def test_a_reply_that_can_be_had_back_is_told_in_a_sentence(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    ada.open("/cases/EDI-0001/answer")
    way = ada.send("/cases/EDI-0001/answer", subject="Yes", text="You may.").headers["location"]
    ada.open(way)
    assert ada.send(way, decision="send", then="closed").status_code == 303
    ada.open(way)
    assert _tree(ada).xpath("//button[text()='Take it back']")
    assert "Sent by ada" in "".join(_tree(ada).xpath("//*[@role='status']//text()"))


def test_what_is_wrong_is_said_in_the_title_and_at_its_field(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        filed_draft(db)
    for path, fields, wrong in (
        ("/cases/EDI-0001/merge", {"decision": "look", "into": ""}, ["into"]),
        ("/cases/EDI-0001/note", {"words": " "}, ["words"]),
        ("/cases/EDI-0001/snooze", {"until": "2001-01-01"}, ["until"]),
        ("/cases/EDI-0001/answer", {"text": ""}, ["subject", "text"]),
        ("/drafts/1/edit", {"text": ""}, ["subject", "text"]),
        ("/drafts/1", {"decision": "take back", "version": "another"}, ["reason"]),
    ):
        page = "/cases/EDI-0001" if path.endswith(("note", "snooze")) else path
        ada.open(page)
        assert _tree(ada).findtext(".//title")[:3] != "Not"
        assert ada.send(path, **fields).status_code in (409, 422), path
        assert _described(ada) == wrong, path


def test_a_search_says_in_one_line_how_many_were_found(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    for query, said in (("", ""), ("?kind=query", "1 found."), ("?kind=story", "None found.")):
        ada.open(f"/mail{query}")
        assert [line.text_content() for line in _tree(ada).xpath("//*[@role='status']")] == [said]


def test_nothing_is_said_only_to_a_mouse_on_today(store: Store, ada: Visitor) -> None:
    with store.writing() as db:
        held_query(db)
    ada.open("/cases/EDI-0001")
    ada.open("/")
    assert _tree(ada).xpath("//main//@title") == []
