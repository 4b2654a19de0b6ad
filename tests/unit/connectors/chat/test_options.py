"""Settings of a chat door: what is wrong is named by its variable, never by its value."""

import pytest
from pydantic import BaseModel, SecretStr

from connectors.chat.options import WrongDoorSettingsError, read_options
from schemas.names import Language


class Some(BaseModel):
    """Settings of some door."""

    token: SecretStr
    poll_s: int = 50


def test_an_empty_setting_counts_as_not_set() -> None:
    assert read_options(Some, "some", {"token": "t", "poll_s": ""}).poll_s == 50


def test_each_wrong_variable_is_named_in_both_languages_without_its_value() -> None:
    with pytest.raises(WrongDoorSettingsError) as caught:
        read_options(Some, "my-door", {"token": "", "poll_s": "s3cret"})
    for language in Language:
        told = caught.value.say(language)
        assert "GRID36_DOOR_MY_DOOR_TOKEN" in told
        assert "GRID36_DOOR_MY_DOOR_POLL_S" in told
        assert "s3cret" not in told
