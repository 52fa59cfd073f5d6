import pytest

from mailflow.domain import Identifier, Kind, Reason, case_id_of, reference
from mailflow.domain.plain import identifier_from_json, identifier_to_json, reason_from_json, reason_to_json
from mailflow.errors import UserError


@pytest.mark.parametrize(("case_id", "written"), [(1, "EDI-0001"), (42, "EDI-0042"), (12345, "EDI-12345")])
def test_a_reference_is_read_back(case_id: int, written: str) -> None:
    assert reference(case_id) == written
    assert case_id_of(written) == case_id


@pytest.mark.parametrize("written", ["edi-42", " EDI-42 ", "Edi-0042\n"])
def test_a_reference_may_be_written_carelessly(written: str) -> None:
    assert case_id_of(written) == 42


@pytest.mark.parametrize("written", ["", "42", "EDI", "EDI-", "EDI-x", "EDI-42 43", "EDI-٤٢", "EDI-1234567890", "XEDI-42"])
def test_what_is_no_reference_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(UserError, match=r"is no reference; write one such as EDI-0042\."):
        case_id_of(written)


@pytest.mark.parametrize("reason", [Reason("asks", "It asks.", 1.5, Kind.QUERY), Reason("held", "A person answers.")])
def test_reasons_rest_and_come_back(reason: Reason) -> None:
    assert reason_from_json(reason_to_json(reason)) == reason


def test_identifiers_rest_and_come_back() -> None:
    identifier = Identifier("Ada", 5, 8, "name", "A name.")
    assert identifier_from_json(identifier_to_json(identifier)) == identifier
