"""What may be printed, and so logged, of mail."""

from mailflow.domain import Delivery, DeliveryReport, Undelivered


def test_no_address_is_printed_of_a_recipient_whom_no_mail_reaches() -> None:
    lost = Undelivered("ada@university.example", Delivery.FAILED, "5.1.1")
    assert "ada" not in f"{lost} {lost!r} {DeliveryReport(recipients=(lost,))}"
