import re

import pytest

from mailflow.domain import Identifier, Kind, Named, Reason, Whose, case_id_of, named_in, new_token, reference, without_references
from mailflow.domain.plain import identifier_from_json, identifier_to_json, reason_from_json, reason_to_json
from mailflow.errors import UserError


@pytest.mark.parametrize(("case_id", "written"), [(1, "EDI-0001"), (42, "EDI-0042"), (12345, "EDI-12345")])
def test_a_reference_is_read_back(case_id: int, written: str) -> None:
    assert reference(case_id) == written
    assert case_id_of(written) == case_id


@pytest.mark.parametrize("written", ["edi-42", " EDI-42 ", "Edi-0042\n", "EDI-0042-7kq2mxwd", "edi-42-7KQ2MXWD"])
def test_a_reference_may_be_written_carelessly(written: str) -> None:
    assert case_id_of(written) == 42


@pytest.mark.parametrize(
    "written", ["", "42", "EDI", "EDI-", "EDI-x", "EDI-42 43", "EDI-٤٢", "EDI-1234567890", "XEDI-42", "EDI-42-short"]
)
def test_what_is_no_reference_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(UserError, match=r"is no reference; write one such as EDI-0042\."):
        case_id_of(written)


def test_a_reference_for_mails_carries_what_nobody_can_guess() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch("[2-9b-df-hjkmnp-tv-xz]{8}", token) for token in tokens)
    assert reference(42, "7kq2mxwd") == "EDI-0042-7kq2mxwd"
    assert "7kq2mxwd" not in repr(Named(42, "7kq2mxwd"))


@pytest.mark.parametrize(
    "text",
    [
        "AW: A room [EDI-0042-7KQ2MXWD]",
        "> Your reference is EDI-0042-\n> > 7kq2mxwd; please leave it",
        "Re: A room [EDI-\r\n 0042-7kq2mxwd]",
        "Your reference is *EDI-0042-7kq2mxwd*.",
        "_edi\N{NON-BREAKING HYPHEN}0042\N{EN DASH}7kq2mxwd_",
    ],
)
def test_a_reference_is_known_however_a_client_has_changed_it(text: str) -> None:
    assert named_in(text) == (Named(42, "7kq2mxwd"),)


@pytest.mark.parametrize("text", ["EDI-PRACTITIONERS-0042", "XEDI-0042", "EDI-42", "EDI-0042x", "EDI 0042", "EDI-1234567890"])
def test_what_only_looks_like_a_reference_names_no_case(text: str) -> None:
    assert named_in(text) == ()


@pytest.mark.parametrize("text", ["EDI-0042", "[EDI-0042]", "EDI-0042-7kq2mx", "EDI-0042-7kq2mxwdz", "EDI-0042-aeiouaei"])
def test_without_its_whole_token_it_is_a_number_that_anybody_can_guess(text: str) -> None:
    assert named_in(text) == (Named(42, None),)


def test_no_mail_may_try_more_than_a_few() -> None:
    text = " ".join(f"EDI-0042-{new_token()}" for _ in range(1000))
    assert len(named_in(text)) == 20


def test_a_text_loses_the_references_that_our_mails_put_there_and_no_others() -> None:
    left = without_references("Re: A room [EDI-0042-7kq2mxwd] [edi-0042] EDI-0042-7kq2mxwd and EDI-0043 [PHYS-0001]")
    assert left.split() == ["Re:", "A", "room", "and", "EDI-0043", "[PHYS-0001]"]


@pytest.mark.parametrize("reason", [Reason("asks", "It asks.", 1.5, Kind.QUERY), Reason("held", "A person answers.")])
def test_reasons_rest_and_come_back(reason: Reason) -> None:
    assert reason_from_json(reason_to_json(reason)) == reason


def test_identifiers_rest_and_come_back() -> None:
    for identifier in (
        Identifier("Ada", 5, 8, "name", "A name.", Whose.WRITER, "the writer"),
        Identifier("Ada", 0, 3, "name", "A name.", wording="attachment-1", file="Ada.pdf"),
    ):
        assert identifier_from_json(identifier_to_json(identifier)) == identifier


def test_an_identifier_kept_by_an_older_version_is_somebody_elses_and_has_no_wording_yet() -> None:
    kept = {"text": "Ada", "start": 5, "end": 8, "sort": "name", "reason": "A name."}
    assert identifier_from_json(kept) == Identifier("Ada", 5, 8, "name", "A name.", Whose.OTHER, "[…]")
