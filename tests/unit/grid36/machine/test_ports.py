import socket

import pytest

from grid36.machine.ports import PORTS, NoPortError, free_port, is_free


def test_a_free_port_can_be_listened_on() -> None:
    port = free_port()
    assert port in PORTS
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
    assert is_free(port)


def test_ports_that_are_named_are_left_out() -> None:
    left = free_port()
    assert free_port(*(set(PORTS) - {left})) == left
    with pytest.raises(NoPortError):
        free_port(*PORTS)
