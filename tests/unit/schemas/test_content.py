from schemas.content import content_address, text_address
from schemas.names import Name


def test_content_and_its_stored_text_have_one_address() -> None:
    name = Name(zh="示例", en="sample")
    assert text_address(name.model_dump_json()) == content_address(name)


def test_the_order_of_fields_and_white_space_do_not_matter() -> None:
    assert text_address('{"zh": "示例", "en": ""}') == text_address('{"en":"","zh":"示例"}')


def test_text_of_a_release_that_knew_fewer_fields_keeps_its_address() -> None:
    """The address is that of what was stored, not of what this release reads into it."""
    assert text_address('{"zh":"示例"}') != content_address(Name.model_validate_json('{"zh":"示例"}'))
