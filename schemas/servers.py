"""Kafka's address, and how its clients log in."""

from collections.abc import Mapping
from typing import Any


class Servers(str):
    """Kafka's bootstrap string `host:port[,host:port]` that also carries what a client needs to log in.

    It is shown and compared as that string; secrets are only in `login`. A plain string is a Kafka without a log-in.
    """

    __slots__ = ("login",)

    login: Mapping[str, Any]
    """Arguments of every aiokafka client: `security_protocol`, `ssl_context`, `sasl_mechanism` and its secrets."""

    def __new__(cls, servers: str, login: Mapping[str, Any]) -> "Servers":
        """The string, and the log-in beside it."""
        made = super().__new__(cls, servers)
        made.login = login
        return made


def reach(servers: str) -> dict[str, Any]:
    """The arguments by which an aiokafka client finds these servers and logs in there."""
    return {"bootstrap_servers": str(servers), **login_of(servers)}


def login_of(servers: str) -> Mapping[str, Any]:
    """What a client needs to log in at these servers, as arguments of aiokafka's clients; empty without a log-in."""
    return servers.login if isinstance(servers, Servers) else {}
