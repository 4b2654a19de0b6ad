"""What a subscriber's address may look like, and the fault that is named otherwise; nothing is connected to."""

import pytest

from connectors.subscriptions.urls import UrlFault, url_fault


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://water.example/hook?token=1", None),
        ("https://water.example:8443", None),
        ("http://water.example/", UrlFault.PLAIN_HTTP),
        ("http://127.0.0.1:8000/", UrlFault.PLAIN_HTTP),
        ("https://127.0.0.1/", UrlFault.NOT_PUBLIC),
        ("https://[::1]/", UrlFault.NOT_PUBLIC),
        ("https://LOCALHOST/", UrlFault.NOT_PUBLIC),
        ("ftp://water.example/", UrlFault.NO_URL),
        ("https://me:secret@water.example/", UrlFault.NO_URL),
        ("https:///x", UrlFault.NO_URL),
        ("https://water.example:x/", UrlFault.NO_URL),
        ("https://water.example/#x", UrlFault.NO_URL),
        ("https://water.example/\n", UrlFault.NO_URL),
        ("https://water.example/" + "x" * 1000, UrlFault.NO_URL),
        ("", UrlFault.NO_URL),
        ("https://0x36/", UrlFault.NUMBER_HOST),
        ("https://36/", UrlFault.NUMBER_HOST),
        ("https://1.2.3.4.5/", UrlFault.NUMBER_HOST),
        ("https://256.1.1.1/", UrlFault.NUMBER_HOST),
        ("https://water.example.7/", UrlFault.NUMBER_HOST),
        ("https://0.0.0.0/", UrlFault.NOT_PUBLIC),
        ("https://localhost:8443/", UrlFault.NOT_PUBLIC),
        ("https://gateway.localhost/", UrlFault.NOT_PUBLIC),
        ("https://printer.local/", UrlFault.NOT_PUBLIC),
        ("https://backend/", UrlFault.NOT_PUBLIC),
        ("https://[fe80::1%25eth0]/", UrlFault.BAD_HOST),
        ("https://localhost./", UrlFault.BAD_HOST),
        ("https://water.example./", UrlFault.BAD_HOST),
        ("https://water..example/", UrlFault.BAD_HOST),
        ("https://-water.example/", UrlFault.BAD_HOST),
        ("https://" + "a" * 64 + ".example/", UrlFault.BAD_HOST),
        ("https://" + "a" * 300 + ".example/", UrlFault.BAD_HOST),
        ("https://" + "a." * 130 + "example/", UrlFault.BAD_HOST),
        ("https://water.example:0/", UrlFault.BAD_PORT),
        ("https://water.example:65536/", UrlFault.BAD_PORT),
        ("https://water.example:65535/", None),
        ("https://water.example:/", None),
        ("https://93.184.216.34/", None),
        ("https://[2606:2800:220:1::1]:8443/", None),
        ("https://xn--bcher-kva.example/", None),
        ("https://bücher.example/", None),
        ("https://a_b.water-supply.example/", None),
    ],
)
def test_what_a_department_may_name(url: str, fault: UrlFault | None) -> None:
    assert url_fault(url, plain=False, inside=False) == fault


def test_what_the_operator_may_name() -> None:
    """Http on this machine, elsewhere only where they say so; and hosts that they allow departments."""
    assert url_fault("http://127.0.0.1:8000/", plain=False, inside=True) is None
    assert url_fault("https://10.0.0.1/", plain=False, inside=True) is None
    assert url_fault("http://10.0.0.1/", plain=False, inside=True) is UrlFault.PLAIN_HTTP
    assert url_fault("http://10.0.0.1/", plain=True, inside=True) is None
    assert url_fault("http://10.0.0.1/", plain=False, inside=False, hosts=("10.0.0.1",)) is None
    assert url_fault("http://backend/", plain=False, inside=False, hosts=("backend",)) is None
    for wrong, fault in (("https://3.6/", UrlFault.NUMBER_HOST), ("https://backend:0/", UrlFault.BAD_PORT)):
        assert url_fault(wrong, plain=True, inside=True, hosts=("3.6", "backend")) is fault
