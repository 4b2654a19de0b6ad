import pytest

from connectors.doors.matrix.keycaps import KEYCAPS, MOST, place_of


@pytest.mark.parametrize("place", range(MOST))
def test_each_stands_for_a_button_with_and_without_its_selector(place: int) -> None:
    assert place_of(KEYCAPS[place]) == place_of(KEYCAPS[place].replace("\ufe0f", "")) == place


@pytest.mark.parametrize("key", ["", "👍", "1", "0️⃣", "11"])
def test_other_reactions_stand_for_nothing(key: str) -> None:
    assert place_of(key) is None
