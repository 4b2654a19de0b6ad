"""Reading the XML of a callback: flat, and nothing that grows or reaches out."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.weixin.xml import XmlError, read_xml


def test_texts_by_name() -> None:
    body = "<xml><Content><![CDATA[井盖 <坏>]]></Content><MsgId>12</MsgId><EventKey/></xml>"
    assert read_xml(body.encode()) == {"Content": "井盖 <坏>", "MsgId": "12", "EventKey": ""}


def test_what_is_inside_has_the_names_of_both() -> None:
    body = b"<xml>\n <Outer>\n  <Inner>1</Inner>\n </Outer>\n</xml>"
    assert read_xml(body)["Outer/Inner"] == "1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    with pytest.raises(XmlError):
        read_xml("<!DOCTYPE xml><xml><A>1</A></xml>".encode(encoding))


@pytest.mark.parametrize("name", ["gbk", "utf-7", "no-such-encoding", "hex", "rot13", "punycode"])
def test_the_encoding_that_a_document_names_is_ignored(name: str) -> None:
    assert read_xml(f'<?xml version="1.0" encoding="{name}"?><xml><A>井</A></xml>'.encode()) == {"A": "井"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<xml>",
        b"<xml><A></xml>",
        b"<xml>\xff</xml>",
        b"<xml>&b;</xml>",
        b"<a>" * 9 + b"</a>" * 9,
        b"<xml>" + b"<a/>" * 400 + b"</xml>",
    ],
)
def test_what_is_no_callback_is_refused(body: bytes) -> None:
    with pytest.raises(XmlError):
        read_xml(body)


@given(st.binary(max_size=400) | st.text("<>/&;!x[]\"' =?-", max_size=100).map(str.encode))
def test_anything_is_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(XmlError):
        read_xml(body)
