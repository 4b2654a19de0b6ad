from connectors.platforms.comparison import Comparison, Ours, compared


def test_both_sides_of_a_day_differ_by_id() -> None:
    ours = [Ours("H1", "T-1", "closed"), Ours("H2", None, "ended")]
    assert compared(["H1", "H3", "H3"], ours) == Comparison(2, 2, ("H3",), ("H2",), ("H3",))
    assert compared(["H2", "H1"], ours).equal
