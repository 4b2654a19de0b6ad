"""How this system logs in at a Kafka elsewhere: `GRID36_KAFKA_*`, in the words of Kafka's own clients."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self

from aiokafka.abc import AbstractTokenProvider
from aiokafka.conn import create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from grid36.wrong_settings import wrong_settings
from schemas.errors import Stop, WrongInput
from schemas.mistake import mistake
from schemas.names import Name
from schemas.servers import Servers, login_of
from schemas.wrong_variables import with_detail
from streams.kafka.listening import accepts, addresses

CONNECT_S: Final = 2.0
LOGIN_MS: Final = 4000
REFUSALS: Final = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]


class KafkaLoginError(WrongInput):
    """The log-in at Kafka is not set right. Correct the `GRID36_KAFKA_` variable that is named."""


class LoginRefusedError(Stop):
    """Kafka refuses this log-in. Check user, password and mechanism: `GRID36_KAFKA_SASL_USERNAME`, `_SASL_PASSWORD`,
    `_SASL_MECHANISM`."""


class CertificateRefusedError(Stop):
    """The certificate of this Kafka is not trusted. Name the authority that signed it in `GRID36_KAFKA_SSL_CA`, and
    the host as the certificate does."""


class TokenFile(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka ships no types
    """A token in a file that another program keeps fresh, like the service account tokens of clusters."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def token(self) -> str:
        """The token now in the file; read for each connection."""
        return self._file.read_text(encoding="utf-8").strip()  # some hundred bytes on this machine


class KafkaLogin(BaseSettings):
    """What `GRID36_KAFKA_*` say of the log-in. Nothing set: Kafka lets everybody in, as the embedded one does."""

    model_config = SettingsConfigDict(env_prefix="GRID36_KAFKA_", frozen=True, env_ignore_empty=True)

    security_protocol: Protocol | None = None
    """None: SASL_SSL with a user or a token, SSL with a certificate, else PLAINTEXT. No password travels in the clear
    unless SASL_PLAINTEXT is said."""
    sasl_mechanism: Mechanism | None = None
    """None: OAUTHBEARER with a token file, else SCRAM-SHA-512."""
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    sasl_token_file: Path | None = None
    """File with the token of OAUTHBEARER; read anew for each connection."""
    ssl_ca: Path | None = None
    """PEM file of the authorities that are trusted; None: those of the machine."""
    ssl_cert: Path | None = None
    """PEM file of our own certificate, where Kafka asks for one."""
    ssl_key: Path | None = None
    """PEM file of its key; None: it is in the file of the certificate."""
    ssl_key_password: SecretStr | None = None

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """Raise an error that names the variable that is missing or superfluous."""
        if (self.sasl_username is None) != (self.sasl_password is None):
            raise mistake("mistakes.login_pair")
        if self.protocol.startswith("SASL"):
            if self.mechanism == "OAUTHBEARER" and self.sasl_token_file is None:
                raise mistake("mistakes.login_token")
            if self.mechanism != "OAUTHBEARER" and self.sasl_username is None:
                raise mistake("mistakes.login_user", mechanism=self.mechanism)
        elif self.sasl_username or self.sasl_token_file or self.sasl_mechanism:
            raise mistake("mistakes.login_protocol", protocol=self.protocol)
        if not self.protocol.endswith("SSL") and (self.ssl_ca or self.ssl_cert or self.ssl_key):
            raise mistake("mistakes.login_certificate", protocol=self.protocol)
        return self

    @property
    def protocol(self) -> Protocol:
        """The security protocol."""
        if self.security_protocol is not None:
            return self.security_protocol
        if self.sasl_username or self.sasl_token_file or self.sasl_mechanism:
            return "SASL_SSL"
        return "SSL" if self.ssl_ca or self.ssl_cert else "PLAINTEXT"

    @property
    def mechanism(self) -> Mechanism:
        """The SASL mechanism."""
        return self.sasl_mechanism or ("OAUTHBEARER" if self.sasl_token_file else "SCRAM-SHA-512")

    def at(self, servers: str) -> str:
        """The servers with this log-in; the files are read now. Raises `KafkaLoginError` naming the variable."""
        if self.protocol == "PLAINTEXT":
            return servers
        login: dict[str, Any] = {"security_protocol": self.protocol}
        if self.protocol.endswith("SSL"):
            login["ssl_context"] = self._context()
        if self.protocol.startswith("SASL"):
            login["sasl_mechanism"] = self.mechanism
            if self.mechanism == "OAUTHBEARER" and self.sasl_token_file is not None:
                _check_readable(self.sasl_token_file, "SASL_TOKEN_FILE")
                login["sasl_oauth_token_provider"] = TokenFile(self.sasl_token_file)
            elif self.sasl_password is not None:
                login["sasl_plain_username"] = self.sasl_username
                login["sasl_plain_password"] = self.sasl_password.get_secret_value()
        return Servers(servers, login)

    def _context(self) -> ssl.SSLContext:
        for file, name in ((self.ssl_ca, "SSL_CA"), (self.ssl_cert, "SSL_CERT"), (self.ssl_key, "SSL_KEY")):
            if file is not None:
                _check_readable(file, name)
        try:
            context = ssl.create_default_context(cafile=self.ssl_ca)
        except ssl.SSLError as error:
            raise KafkaLoginError(variable="GRID36_KAFKA_SSL_CA", file=str(self.ssl_ca), says=str(error)) from None
        if self.ssl_cert is not None:
            secret = self.ssl_key_password
            try:
                # without a password an encrypted key would ask at the terminal, and wait
                context.load_cert_chain(self.ssl_cert, self.ssl_key, secret.get_secret_value() if secret else "")
            except (ssl.SSLError, OSError) as error:
                raise KafkaLoginError(
                    Name.of("system.login.key_does_not_fit"),
                    variables="GRID36_KAFKA_SSL_CERT, _SSL_KEY, _SSL_KEY_PASSWORD",
                    says=str(error),
                ) from None
        return context


def with_login(servers: str) -> str:
    """The servers, with the log-in that `GRID36_KAFKA_*` names. Raises `KafkaLoginError`."""
    try:
        return KafkaLogin().at(servers)
    except (ValidationError, SettingsError) as error:
        wrong = wrong_settings(error, "GRID36_KAFKA_")
        raise KafkaLoginError(with_detail(KafkaLoginError, wrong)) from None


async def knock(servers: str) -> str | None:
    """Why no server accepts our connection and login; None when one does.

    It tries a plain connection first: a Kafka client that finds nobody writes errors into our log. Raises
    `LoginRefusedError` and `CertificateRefusedError`, which no waiting mends.
    """
    why = "nobody listens there"
    for host, port in addresses(servers):
        if not await accepts(host, port, CONNECT_S):
            continue
        if not (login := login_of(servers)) or await _log_in(host, port, login):
            return None
        why = "it listens, but hangs up on our log-in: does this port speak TLS, does it ask for GRID36_KAFKA_SSL_CERT?"
    return why


async def _log_in(host: str, port: int, login: Mapping[str, Any]) -> bool:
    server = f"{host}:{port}"
    try:
        connection = await create_conn(host, port, request_timeout_ms=LOGIN_MS, **login)
    except REFUSALS as error:
        raise LoginRefusedError(
            servers=server, user=login.get("sasl_plain_username", "-"), mechanism=login["sasl_mechanism"]
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefusedError(servers=server, says=error.verify_message) from error
    except (KafkaError, OSError, TimeoutError):
        return False
    connection.close()
    return True


def silence(servers: str) -> str:
    """What may be wrong with a Kafka that accepts the connection but does not answer."""
    login = login_of(servers)
    if not login:
        return "does it ask for a log-in? None is set: GRID36_KAFKA_SASL_USERNAME and its like"
    if login.get("sasl_mechanism") == "OAUTHBEARER":  # a refused token shows only in that it hangs up afterwards
        return "is the token in GRID36_KAFKA_SASL_TOKEN_FILE still good?"
    return "it lets us in, but says nothing"


def _check_readable(file: Path, name: str) -> None:
    try:
        file.read_bytes()
    except OSError as error:
        raise KafkaLoginError(variable=f"GRID36_KAFKA_{name}", file=str(file), says=error.strerror or "") from None
