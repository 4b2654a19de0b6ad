"""Keys, homes and partitions."""

import pytest
from aiokafka.partitioner import murmur2 as theirs
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import (
    ALL,
    DEPARTMENT_PREFIX,
    case_number,
    department_topic,
    home,
    home_of,
    murmur2,
    partition_of,
)


@given(st.binary(max_size=70))
def test_the_hash_is_kafkas(data: bytes) -> None:
    """Against another implementation of Java's default partitioner."""
    assert murmur2(data) == theirs(data) & 0xFFFFFFFF


@given(st.text(max_size=40), st.integers(1, 200))
def test_a_key_has_one_partition_that_exists(key: str, partitions: int) -> None:
    key = key.encode("utf-8", "ignore").decode()
    found = partition_of(key, partitions)
    assert 0 <= found < partitions
    assert found == (theirs(key.encode()) & 0x7FFFFFFF) % partitions


@given(
    st.from_regex(r"[0-9A-Z]{1,12}", fullmatch=True),
    st.from_regex(r"[^\s/?#%]{1,40}", fullmatch=True),
    st.integers(1, 9_999_999),
)
def test_the_number_of_a_case_says_its_home(region: str, grid: str, count: int) -> None:
    """Also for grids that have hyphens in their ids."""
    number = case_number(home(region, grid), "2611", count)
    assert home_of(number) == f"{region}-{grid}"


def test_what_people_see() -> None:
    assert case_number(home("350203006", "G017"), "2611", 42) == "350203006-G017-2611-00042"
    assert home("350203006", None) == "350203006-U"


@pytest.mark.parametrize("name", [*ALL, department_topic("water-supply")])
def test_names_are_names_that_kafka_takes(name: str) -> None:
    assert len(name) < 249
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")


def test_departments_have_topics_of_their_own() -> None:
    assert department_topic("water") == f"{DEPARTMENT_PREFIX}water"
    assert department_topic("water") not in ALL
