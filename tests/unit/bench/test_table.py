from bench.table import Row, markdown


def test_a_figure_is_met_or_missed_on_the_right_side_of_its_target() -> None:
    rows = [
        Row.at_most("time", 2.0, 2.0, "s"),
        Row.at_most("time", 2.1, 2.0, "s"),
        Row.at_least("rate", 10, 10, "/s"),
        Row.at_least("rate", 9, 10, "/s"),
        Row.plain("size", 1234.5, "bytes", 0),
    ]

    assert [row.verdict for row in rows] == ["met", "MISSED", "met", "MISSED", ""]


def test_the_table_shows_figure_and_target() -> None:
    assert (
        markdown([Row.at_least("rate", 2500, 2000, "/s")]).splitlines()[-1]
        == "| rate     | 2,500 /s | ≥ 2,000 /s | met |"
    )
