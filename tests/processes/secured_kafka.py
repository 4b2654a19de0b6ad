"""A Kafka that lets nobody in without a log-in, as tests reach it: its users, their secrets and their rights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trustme
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from grid36.kafka.acls import department_rights
from grid36.kafka.login import KafkaLogin
from schemas.servers import reach

SECRETS: Final = {"admin": "admin-secret", "grid36": "grid36-secret", "water": "water-secret"}
TOPIC, GROUP, TRANSACTION = 2, 3, 5
LITERAL, PREFIXED = 3, 4
READ, WRITE, CREATE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS = 3, 4, 5, 7, 8, 10, 11
ALLOW = 3
KINDS: Final = {"topic": TOPIC, "group": GROUP}
OPERATIONS: Final = {"Read": READ, "Write": WRITE, "Describe": DESCRIBE}

NO_USER: Final[dict[str, object]] = {"sasl_username": None, "sasl_password": None}
"""Settings of a log-in by certificate."""


@dataclass(frozen=True)
class SecuredKafka:
    """Where it is, and what its users need."""

    servers: str
    by_certificate: str
    """The same brokers where they ask for a certificate instead of a password."""
    folder: Path
    """Holds `ca.pem`, and `<user>.pem` with certificate and key of each user."""

    def login(self, user: str, **other: object) -> KafkaLogin:
        """The log-in of a user by SCRAM over TLS; `other` settings go over it."""
        given: dict[str, object] = {"sasl_username": user, "sasl_password": SECRETS[user]}
        return KafkaLogin.model_validate({"ssl_ca": self.folder / "ca.pem", **given, **other})

    def at(self, user: str, **other: object) -> str:
        """The servers as this user reaches them."""
        return self.login(user, **other).at(self.servers)

    def environment(self, user: str) -> dict[str, str]:
        """The same, as variables of a process."""
        return {
            "GRID36_KAFKA": self.servers,
            "GRID36_KAFKA_SSL_CA": str(self.folder / "ca.pem"),
            "GRID36_KAFKA_SASL_USERNAME": user,
            "GRID36_KAFKA_SASL_PASSWORD": SECRETS[user],
        }

    async def allow(self, user: str, kind: int, name: str, *operations: int, pattern: int = PREFIXED) -> None:
        """Give a user rights to topics, groups or transactional ids whose names begin so (or are so: `LITERAL`)."""
        admin = AIOKafkaAdminClient(**reach(self.at("admin")))
        await admin.start()
        try:
            for operation in operations:
                request = CreateAclsRequest(kind, name, pattern, f"User:{user}", "*", operation, ALLOW)
                await admin._send_request_to_node(admin._client.get_random_node(), request)
        finally:
            await admin.close()

    async def allow_department(self, user: str, code: str, prefix: str) -> None:
        """What `grid36 department acl` says."""
        for right in department_rights(code, prefix):
            kind, operations = KINDS[right.kind], [OPERATIONS[each] for each in right.operations]
            await self.allow(user, kind, right.name, *operations, pattern=LITERAL)

    async def allow_system(self, user: str, prefix: str) -> None:
        """What the operator's page says a system needs for itself."""
        await self.allow(user, TOPIC, prefix, READ, WRITE, CREATE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS)
        await self.allow(user, GROUP, prefix, READ, DESCRIBE)
        await self.allow(user, TRANSACTION, prefix, WRITE, DESCRIBE)


def make_certificates(folder: Path) -> None:
    """Write `ca.pem`, and `<user>.pem` of each user and of the brokers."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    for name in ("broker", *SECRETS):
        made = authority.issue_cert("127.0.0.1", common_name=name)
        key = load_pem_private_key(made.private_key_pem.bytes(), None)
        as_kafka_reads = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain = b"".join(blob.bytes() for blob in made.cert_chain_pems)
        (folder / f"{name}.pem").write_bytes(as_kafka_reads + chain)
