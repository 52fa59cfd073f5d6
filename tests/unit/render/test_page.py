"""The HTML part of a mail: it fits a phone."""

from mailflow.render.page import parse, to_html


def _page(markdown: str) -> str:
    return to_html(parse(markdown), "Title")


def test_short_cells_are_not_broken_and_long_ones_are() -> None:
    page = _page("| Format | Place |\n|---|---|\n| in person | Education Centre, St Bride's Campus |\n")
    cells = {line for line in page.splitlines() if line.startswith(("<td ", "<th "))}
    broken = {line.split(">", 1)[1].split("<")[0] for line in cells if "nowrap" not in line}
    assert broken == {"Education Centre, St Bride's Campus"}


def test_a_wide_table_scrolls_by_itself() -> None:
    before, table = _page("Words.\n\n| a | b |\n|---|---|\n| c | d |\n\nMore.").split("<table", 1)
    assert before.rstrip().splitlines()[-1].startswith('<div class="wide" style="overflow-x: auto')
    assert table.split("</table>")[1].lstrip().startswith("</div>")


def test_a_long_address_may_be_broken() -> None:
    link = _page("[https://www.university.example/report](https://www.university.example/report)").split("<a ", 1)[1]
    assert "overflow-wrap: anywhere" in link.split(">", 1)[0]


def test_the_marks_of_one_mail_are_not_those_of_another() -> None:
    table = "| a | b |\n|---|---|\n| {} | d |\n"
    assert _page(table.format("short")).count("nowrap") == 4
    assert _page(table.format("by far too long for it")).count("nowrap") == 3
