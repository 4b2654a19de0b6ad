"""Three real Kafka brokers that share everything and let nobody in without a log-in; each may be killed at will.

Each is broker and controller at once, so that who kills one takes a vote, a copy and perhaps a coordinator with it.
"""

import asyncio
import base64
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from grid36.machine.broker import Broker
from grid36.machine.ports import free_port
from schemas.servers import reach
from tests.processes.brokers import run_apart
from tests.processes.secured_kafka import SECRETS, SecuredKafka, make_certificates
from tests.processes.waiting import wait_until

CLUSTER_ID: Final = "grid36-of-three-tests-"
COPIES: Final = 3

SETTINGS: Final = """\
node.id={number}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},MUTUAL://127.0.0.1:{mutual},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},MUTUAL://127.0.0.1:{mutual}
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
# machines of tests are slow at times: a broker that is only busy is not to count as dead
broker.session.timeout.ms={session_ms}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL,MUTUAL:SSL
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
# controllers speak to each other without a log-in, on loopback
super.users=User:ANONYMOUS;User:admin;User:broker
inter.broker.listener.name=PLAINTEXT
sasl.mechanism.inter.broker.protocol=PLAIN
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.mutual.ssl.client.auth=required
ssl.principal.mapping.rules=RULE:^.*CN=([a-z0-9]+).*$/$1/,DEFAULT
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN,OAUTHBEARER
listener.name.plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required {plain};
listener.name.plaintext.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.plaintext.oauthbearer.sasl.jaas.config=\
org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
"""


class ClusterBroker(Broker):
    """One of the three."""

    def __init__(self, cluster: "KafkaCluster", number: int) -> None:
        super().__init__(cluster.folder / f"broker-{number}")
        self.number = number
        self.mutual_port = free_port(*self._ports().values())
        self._cluster = cluster

    @property
    def servers(self) -> str:
        """This one alone, as the administrator reaches it."""
        return self._cluster.login_of_admin(super().servers)

    @property
    def vote(self) -> str:
        """How the others find its controller."""
        return f"{self.number}@127.0.0.1:{self._ports()['controller']}"

    def properties(self) -> str:
        """With its two fellows, log-in and rights."""
        plain = f'username="admin" password="{SECRETS["admin"]}" '  # by which brokers talk to each other
        plain += " ".join(f'user_{name}="{secret}"' for name, secret in SECRETS.items())
        return super().properties() + SETTINGS.format(
            number=self.number,
            voters=",".join(broker.vote for broker in self._cluster.brokers),
            mutual=self.mutual_port,
            folder=self._cluster.folder,
            session_ms=self._cluster.session_ms,
            plain=plain,
            **self._ports(),
        )

    def cluster_id(self) -> str:
        """That of all three."""
        return CLUSTER_ID

    def format_options(self) -> list[str]:
        """With its users."""
        users = [f"SCRAM-SHA-512=[name={name},password={secret}]" for name, secret in SECRETS.items()]
        return [word for user in users for word in ("--add-scram", user)]


class KafkaCluster:
    """Three brokers under `folder`, not started yet; a killed one is missed after `session_ms`."""

    def __init__(self, folder: Path, *, session_ms: int = 5_000) -> None:
        make_certificates(folder)
        self.folder, self.session_ms = folder, session_ms
        self.brokers = [ClusterBroker(self, number) for number in range(1, COPIES + 1)]

    @property
    def kafka(self) -> SecuredKafka:
        """The cluster, as tests reach it."""
        addresses = ",".join(str(broker.servers) for broker in self.brokers)
        mutual = ",".join(f"127.0.0.1:{broker.mutual_port}" for broker in self.brokers)
        return SecuredKafka(addresses, mutual, self.folder)

    def login_of_admin(self, servers: str) -> str:
        """These servers, as the administrator reaches them."""
        return SecuredKafka("", "", self.folder).login("admin").at(servers)

    async def start(self, brokers: Sequence[ClusterBroker] = ()) -> None:
        """Start these, or all; they elect their controller together."""
        await asyncio.to_thread(self._format)
        await asyncio.gather(*(broker.start(180) for broker in brokers or self.brokers))

    async def kill(self, brokers: Sequence[ClusterBroker] = ()) -> None:
        """End these, or all, by force and at once."""
        await asyncio.gather(*(broker.kill() for broker in brokers or self.brokers))

    async def whole(self, limit_s: float = 120) -> None:
        """Return when every partition has all its copies in step and a leader."""
        await wait_until(self._is_whole, "all copies in step", limit_s, 0.3)

    def _format(self) -> None:
        """Make the storage of one, and give the others the same under their own ids: each by the tool costs 3 s."""
        first, *others = self.brokers
        if (first.folder / "data").exists():
            return
        first.prepare()
        for broker in others:
            data = broker.folder / "data"
            shutil.copytree(first.folder / "data", data)
            known = (data / "meta.properties").read_text().replace("node.id=1", f"node.id={broker.number}")
            known = re.sub(r"directory\.id=.*", f"directory.id={_an_id()}", known)
            (data / "meta.properties").write_text(known)

    async def _is_whole(self) -> bool:
        admin = AIOKafkaAdminClient(**reach(self.login_of_admin(self.kafka.servers)), request_timeout_ms=5000)
        try:
            await admin.start()
            topics = await admin.describe_topics()
        except (KafkaError, OSError):
            return False
        finally:
            await admin.close()
        parts = [part for topic in topics for part in topic["partitions"]]
        return bool(parts) and all(len(part["isr"]) == COPIES and part["leader"] > 0 for part in parts)

    def __enter__(self) -> Self:
        try:
            run_apart(self.start())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        run_apart(self.kill())


@contextmanager
def running_cluster(folder: Path) -> Iterator[KafkaCluster]:
    """Start three brokers, and end them by force afterwards."""
    with KafkaCluster(folder) as cluster:
        yield cluster


def _an_id() -> str:
    return base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
