from mailflow.inbox.uids import Moved, chunks, with_copyuid


def test_uids_come_in_stretches_that_fit_a_command_line() -> None:
    assert [len(chunk) for chunk in chunks(range(1, 1201))] == [500, 500, 200]
    assert list(chunks([])) == []


def test_copyuid_pairs_old_and_new_in_their_order() -> None:
    # The example of RFC 4315, section 3.
    assert with_copyuid(Moved(), [b"38505 304,319:320 3956:3958"]) == Moved(38505, {304: 3956, 319: 3957, 320: 3958})


def test_several_answers_add_up() -> None:
    first = with_copyuid(Moved(), [b"7 1 10"])
    assert with_copyuid(first, [b"7 2:3 12:11", b"7 9 20"]) == Moved(7, {1: 10, 2: 11, 3: 12, 9: 20})


def test_a_server_that_says_nothing_leaves_the_new_places_unknown() -> None:
    assert with_copyuid(Moved(), [None]) == Moved()
    assert with_copyuid(Moved(), [b"7 1"]) == Moved()
