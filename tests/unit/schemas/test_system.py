"""What a system is, chosen when it is created."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import UnreadableError, decode, encode
from schemas.system import Content, Mode, System


@given(st.integers(1, 96), st.sampled_from(Mode), st.booleans())
def test_a_system_survives_the_log(partitions: int, mode: Mode, decide: bool) -> None:
    system = System(partitions=partitions, mode=mode, region="ab", rulebook="cd", decide=decide)
    assert decode(System, encode(system)) == system


@given(st.text(max_size=100), st.sampled_from(["region", "rulebook"]))
def test_content_survives_the_log(text: str, kind: str) -> None:
    clean = text.encode("utf-8", "ignore").decode()
    content = Content.model_validate({"kind": kind, "part": 0, "parts": 1, "json_text": clean})
    assert decode(Content, encode(content)) == content


@pytest.mark.parametrize("raw", [b'{"partitions": 8}', b'{"v": 2, "partitions": 8, "region": "a", "rulebook": "b"}'])
def test_another_kind_of_record_is_none(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(System, raw)
