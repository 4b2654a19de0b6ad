"""Types of settings that doors share."""

import pytest
from pydantic import TypeAdapter, ValidationError

from connectors.chat.option_types import Address, Secret

ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


@pytest.mark.parametrize("good", ["https://open.feishu.cn", "http://127.0.0.1:8080/base", "https://[::1]/"])
def test_addresses(good: str) -> None:
    assert ADDRESS.validate_python(good) == good


@pytest.mark.parametrize("wrong", ["", "open.feishu.cn", "ftp://x", "https://", "https://x?token=1", "https://a b"])
def test_what_is_no_address(wrong: str) -> None:
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(wrong)


@pytest.mark.parametrize("wrong", ["a b", "ä", "a\n", "x" * 301])
def test_a_secret_with_a_slip_is_not_shown(wrong: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(Secret).validate_python(wrong)
    assert wrong not in str(raised.value.errors(include_input=False))
