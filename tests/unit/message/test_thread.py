from mailflow.message.thread import own_id, read_thread


def test_ids_keep_their_angle_brackets() -> None:
    thread = read_thread("<b@x>", "<a@x>\t<b@x>")
    assert thread.in_reply_to == "<b@x>"
    assert thread.references == ("<a@x>", "<b@x>")
    assert thread.parents == ("<b@x>", "<a@x>")


def test_broken_ids_are_dropped() -> None:
    assert read_thread("your mail of Monday", "<a@x> b@x <broken id@x> <c@x <d@x> <>").references == ("<a@x>", "<d@x>")
    assert read_thread("your mail of Monday", None).in_reply_to is None
    assert read_thread("jane@x.example of Monday", None).in_reply_to is None


def test_an_answer_to_several_mails_names_them_all() -> None:
    thread = read_thread("<c@x> <b@x>", "<a@x>")
    assert thread.in_reply_to == "<c@x>"
    assert thread.parents == ("<c@x>", "<b@x>", "<a@x>")


def test_the_parent_may_have_lost_its_brackets_or_stand_in_a_sentence() -> None:
    assert read_thread(" a@x ", None).parents == ("<a@x>",)
    assert read_thread('Your message of "Mon, 2 Nov 2026" <a@x>', None).parents == ("<a@x>",)


def test_an_id_without_brackets_gets_them() -> None:
    assert own_id("1@x.example") == "<1@x.example>"
    assert own_id("no id here") is None
    assert own_id("<a\0b@x>") is own_id("a\x01b@x") is None
    assert own_id(None) is None
