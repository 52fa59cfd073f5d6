"""Tidying: decided messages are moved to their folders, once, and nobody else is kept waiting."""

import pytest
from sqlalchemy import select, update

from mailflow.errors import TemporaryError
from mailflow.inbox.tidy import tidy, tidy_elsewhere
from mailflow.inbox.trouble import FolderRefusedError
from mailflow.settings import Settings
from mailflow.store.database import Store
from mailflow.store.tables import messages, places
from servers.dovecot import Dovecot
from servers.embedded import Pymap
from servers.imap import ImapServer
from servers.ours import decide, kept, mail, opened, receive_all, settings_for


def test_decided_messages_are_moved_and_their_new_place_is_known(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        assert tidy(mailbox, store, "INBOX") == 0
        decide(store, "Programme/Queries")
        assert tidy(mailbox, store, "INBOX") == 2
        assert tidy(mailbox, store, "INBOX") == 0
        assert receive_all(mailbox, store) == 0
    assert where(store) == {("Programme/Queries", True, False)}
    with opened(settings, "Programme/Queries") as mailbox, store.reading() as db:
        rows = db.execute(select(places.c.uidvalidity, places.c.uid)).all()
        assert {row.uidvalidity for row in rows} == {mailbox.uidvalidity}
        assert {row.uid for row in rows} == mailbox.all_uids()


def test_the_new_folder_is_made_below_its_parent_and_subscribed(server: ImapServer, settings: Settings, store: Store) -> None:
    with opened(settings) as mailbox:
        mailbox.ensure_folder("Programme/Queries")
        mailbox.ensure_folder("Programme/Queries")
    with server.mailbox(settings.address) as theirs:
        delimiter = theirs.list_folders("", "")[0][1].decode()
        assert f"Programme{delimiter}Queries" in [name for _, _, name in theirs.list_sub_folders()]


def test_a_step_whose_commit_was_lost_is_repeated_without_harm(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Training")
        mailbox.ensure_folder("Training")
        mailbox.move(mailbox.uids_after(0)[:1], "Training")
        assert tidy(mailbox, store, "INBOX") == 2
    assert where(store) == {("INBOX", True, True), ("Training", True, False)}
    assert sorted(server.messages(settings.address, "Training")) == [mail(1), mail(2)]


def test_what_a_person_corrects_is_moved_out_of_the_folder_it_was_filed_into(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    server.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Queries")
        tidy(mailbox, store, "INBOX")
        correct(store, "Training")
        assert tidy_elsewhere(mailbox, store, "INBOX") == 2
        assert tidy_elsewhere(mailbox, store, "INBOX") == 0
        correct(store, "INBOX")
        assert tidy_elsewhere(mailbox, store, "INBOX") == 2
        assert len(mailbox.all_uids()) == 2
        receive_all(mailbox, store)
        assert tidy(mailbox, store, "INBOX") == tidy_elsewhere(mailbox, store, "INBOX") == 0
    assert sorted(kept(store)) == [mail(1), mail(2)]
    assert where(store) == {("INBOX", True, False)}


def test_what_was_to_be_moved_out_of_a_folder_that_is_gone_is_looked_for_no_more(
    server: ImapServer, settings: Settings, store: Store
) -> None:
    server.append(mail(1), settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Queries")
        tidy(mailbox, store, "INBOX")
        correct(store, "Training")
        with server.mailbox(settings.address, "INBOX") as theirs:
            theirs.delete_folder("Queries")
        assert tidy_elsewhere(mailbox, store, "INBOX") == 1
        assert tidy_elsewhere(mailbox, store, "INBOX") == 0
    assert where(store) == {("Queries", True, True)}


def test_an_unread_message_is_moved_unread(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append(mail(1), settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Training")
        tidy(mailbox, store, "INBOX")
    with server.mailbox(settings.address, "Training") as theirs:
        assert theirs.search("UNSEEN") == theirs.search("ALL") != []


def test_nothing_is_moved_in_rehearsal(server: ImapServer, settings: Settings, store: Store) -> None:
    server.append(mail(1), settings.address)
    with opened(settings, readonly=True) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Training")
        assert tidy(mailbox, store, "INBOX") == 0
        assert mailbox.readonly
        with pytest.raises(TemporaryError):
            mailbox.move(mailbox.uids_after(0), "Training")
    assert server.messages(settings.address) == [mail(1)]
    assert server.messages(settings.address, "Training") == []


def test_moving_into_a_folder_that_is_not_there_is_refused(server: ImapServer, settings: Settings) -> None:
    server.append(mail(1), settings.address)
    with opened(settings) as mailbox, pytest.raises(FolderRefusedError, match='"Nowhere"'):
        mailbox.move(mailbox.uids_after(0), "Nowhere")


def test_a_server_without_move_gets_copy_and_expunge(pymap_server: Pymap, store: Store) -> None:
    pymap_server.hide("MOVE")
    settings = settings_for(pymap_server, pymap_server.user())
    pymap_server.append_all([mail(1), mail(2)], settings.address)
    with pymap_server.mailbox(settings.address, "INBOX") as theirs:
        theirs.add_flags(theirs.search("ALL")[1:], [b"\\Deleted"])
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        mailbox.ensure_folder("Training")
        first = mailbox.uids_after(0)[:1]
        assert list(mailbox.move(first, "Training").uids) == first
    assert pymap_server.messages(settings.address, "Training") == [mail(1)]
    # What people have marked as deleted is theirs to expunge.
    assert pymap_server.messages(settings.address) == [mail(2)]


@pytest.mark.real
def test_a_folder_that_takes_nothing_keeps_no_other_waiting(
    dovecot: Dovecot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(dovecot, dovecot.user())
    dovecot.append_all([mail(1), mail(2)], settings.address)
    with opened(settings) as mailbox:
        receive_all(mailbox, store)
        decide(store, "Training")
        with store.writing() as db:
            db.execute(update(messages).where(messages.c.message_id == "<1@university.example>").values(folder="Sealed..Box"))
        assert tidy(mailbox, store, "INBOX") == 1
        assert tidy(mailbox, store, "INBOX") == 0
        assert receive_all(mailbox, store) == 0
    assert dovecot.messages(settings.address, "Training") == [mail(2)]


def correct(store: Store, folder: str) -> None:
    """As if a person had corrected everything, and it belonged into `folder` now."""
    decide(store, folder)
    with store.writing() as db:
        db.execute(update(places).values(settled=False))


def where(store: Store) -> set[tuple[str, bool, bool]]:
    with store.reading() as db:
        return {tuple(row) for row in db.execute(select(places.c.folder, places.c.settled, places.c.departed))}
