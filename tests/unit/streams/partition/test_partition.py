"""How a partition says for how long it was idle."""

import pytest

from streams.partition.partition import in_words


@pytest.mark.parametrize(
    ("seconds", "words"), [(8, "8 seconds"), (150, "2 minutes"), (9000, "2 hours"), (180 * 86400, "180 days")]
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
