from bench.__main__ import HEAD, written
from bench.against.report import SECTION


def test_a_report_replaces_its_own_part_of_the_document() -> None:
    figures, ratios = f"{HEAD}old figures\n", f"{SECTION}\nold ratios\n"

    assert written(figures + "\n" + ratios, "new figures", "") == f"{HEAD}new figures\n\n{ratios}"
    assert written(figures + "\n" + ratios, "", f"{SECTION}\nnew ratios") == f"{figures}\n{SECTION}\nnew ratios\n"
    assert written(figures, "", f"{SECTION}\nnew ratios") == f"{figures}\n{SECTION}\nnew ratios\n"
