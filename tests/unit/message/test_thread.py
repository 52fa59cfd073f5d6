from mailflow.message.thread import own_id, read_thread


def test_ids_keep_their_angle_brackets() -> None:
    thread = read_thread("<b@x>", "<a@x>\t<b@x>")
    assert thread.in_reply_to == "<b@x>"
    assert thread.references == ("<a@x>", "<b@x>")
    assert thread.parents == ("<b@x>", "<a@x>")


def test_broken_ids_are_dropped() -> None:
    assert read_thread("your mail of Monday", "<a@x> b@x <broken id@x> <c@x <d@x> <>").references == ("<a@x>", "<d@x>")
    assert read_thread("your mail of Monday", None).in_reply_to is None


def test_an_id_without_brackets_gets_them() -> None:
    assert own_id("1@x.example") == "<1@x.example>"
    assert own_id("no id here") is None
    assert own_id("<a\0b@x>") is own_id("a\x01b@x") is None
    assert own_id(None) is None
