"""Settings: `GRID36_*` variables; command-line flags go over them."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.accounts.oidc.provider import Provider, may_be_asked
from connectors.ledger.address import LedgerAddress, checked, is_postgres
from connectors.photos.bucket_address import BUCKET, bucket_at
from connectors.photos.files import PhotoAddressError
from schemas.mistake import mistake
from schemas.names import Name

CHECKOUT = Path(__file__).resolve().parent.parent

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
Port = Annotated[int, Field(ge=1, le=65535)]


def data_folder(name: str) -> Path:
    """A folder that ships with the program; the program runs from a checkout, also inside the image."""
    return CHECKOUT / name


def _names(listed: str) -> tuple[str, ...]:
    """Names with commas between."""
    return tuple(name.strip().lower() for name in listed.split(",") if name.strip())


class Settings(BaseSettings):
    """The settings of a process. All paths become absolute."""

    model_config = SettingsConfigDict(
        env_prefix="GRID36_", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Path(".grid36")
    """Folder of all data of this system on this machine: Kafka, ledger, outbox, photos, logs, ports, pids."""
    kafka: str | None = None
    """`host:port[,host:port]` of a Kafka that runs elsewhere; None means the embedded one under `home`."""
    topic_prefix: str = Field(default="", pattern=r"^[a-zA-Z0-9._-]*$")
    """Put before every topic name and transactional id, so that several systems share a cluster."""
    replication: int = Field(default=1, ge=1, le=7)
    """Copies of each topic; 3 in a cluster."""
    partitions: int = Field(default=8, ge=1, le=1024)
    """Fixed when the system is created; ignored afterwards."""
    region: Path | None = None
    """Folder of the region; None takes the first example region."""
    workers: int = Field(default=1, ge=1, le=64)
    """Worker processes of the one-machine mode."""
    bind: str = "127.0.0.1"
    """Address the pages and the API listen on; beyond this machine they want https, or `plain_http`."""
    hosts: str = ""
    """Further host names, with commas between, under which the pages may be reached, e.g. behind a proxy."""
    public_url: str = ""
    """Where a proxy shows the pages, such as https://city.example."""
    proxies: str = "127.0.0.1,::1"
    """Addresses or networks of proxies, with commas between, whose `X-Forwarded-For` says where a browser is."""
    tls_cert: Path | None = None
    """Certificate with its chain (PEM), to answer by https without a proxy; with `tls_key`."""
    tls_key: Path | None = None
    """The private key of that certificate (PEM)."""
    plain_http: bool = False
    """Whether the pages may leave this machine without https, such as inside a container behind a proxy."""
    demo: bool = False
    """Whether anybody on this machine may be anybody, without signing in. `grid36 demo` sets it."""
    session_hours: int = Field(default=12, ge=1, le=720)
    """After how long without use a browser has to sign in again; in any case it has to after a week."""
    oidc_issuer: str = ""
    """The organisation's own log-in (OpenID Connect): its issuer, exactly as it calls itself; empty: there is none."""
    oidc_client: str = ""
    """Our id there."""
    oidc_secret: SecretStr = SecretStr("")
    """Our secret there; empty for a public client."""
    oidc_claim: str = Field(default="preferred_username", min_length=1)
    """Which claim there is the id of a person of the region."""
    oidc_name: str = ""
    """What people call it, Chinese and English with | between; empty: the organisation's account."""
    doors: str = "http,browser"
    """Which doors are open, with commas between; `GRID36_DOOR_NAME_...` are a door's own settings."""
    http_port: Port | None = None
    """Port of the pages and the API; None: a free one, which stays the same."""
    kafka_port: Port | None = None
    """Port of the embedded broker; None: a free one, which stays the same."""
    ledger: Path | str | None = None
    """SQLite file of the read model, or postgresql://USER@HOST:PORT/DATABASE without a password (libpq's PGPASSWORD and
    PGPASSFILE have it); None is `home`/ledger.sqlite."""
    photos: str | None = None
    """Folder of photos, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME with the credentials in AWS_ variables; None is
    `home`/photos."""
    thumbnail_px: int = Field(default=320, ge=64, le=800)
    """Longer side of thumbnails (px); those that were made before stay as they are."""
    lang: Literal["zh-CN", "en"] = "zh-CN"
    """Language of pages and messages where the reader chose none."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The level of logs on stderr."""
    metrics_port: Port | None = None
    """Port of `/metrics` for Prometheus; None: there is none. `grid36 up` gives it to the gateway, the next one to the
    ledger, and one each after that to the workers."""
    metrics_bind: str = "127.0.0.1"
    """Address on which `/metrics` listens; beyond this machine it wants `metrics_key`."""
    metrics_key: Path | None = None
    """File with what whoever asks for `/metrics` has to show; None: whoever is on this machine may ask."""
    java: str = "java"
    """The Java that runs the embedded broker."""
    jars: Path | None = None
    """Folder of the Kafka jars; None is where `make setup` puts them."""
    invitation_days: int = Field(default=30, ge=1, le=3650)
    """How long a person has to use an invitation; that of a team does not end."""
    link_days: int = Field(default=180, ge=1, le=3650)
    """How long a personal link opens the pages; then the person needs a new one."""
    read_days: int = Field(default=180, ge=1, le=3650)
    """How long it stays known who looked at personal data."""
    subscription_hosts: str = ""
    """Host names, with commas between, in private networks that departments may let their subscriptions lead to."""
    subscription_days: int = Field(default=3, ge=1, le=365)
    """After so long a subscriber that takes nothing is stopped, and a document that it refuses is a dead letter."""
    subscription_most: int = Field(default=100_000, ge=1000, le=10_000_000)
    """How much may wait for one subscriber before it is stopped."""
    subscription_dead: int = Field(default=1_000, ge=1, le=1_000_000)
    """How many dead letters of one subscription are kept; of more the oldest go, and are counted."""
    contact_days: int = Field(default=365, ge=1, le=3650)
    """How long contact data of somebody without open cases is stored after they were last heard."""

    @field_validator("home", "region", "jars", "tls_cert", "tls_key", "metrics_key")
    @classmethod
    def absolute(cls, path: Path | None) -> Path | None:
        """Child processes may run in another folder."""
        return None if path is None else path.expanduser().absolute()

    @field_validator("ledger")
    @classmethod
    def file_or_database(cls, where: Path | str | None) -> Path | str | None:
        """An absolute path, or the address of a database."""
        if where is None:
            return None
        return checked(str(where)) if is_postgres(where) else Path(where).expanduser().absolute()

    @field_validator("photos")
    @classmethod
    def folder_or_bucket(cls, where: str | None) -> str | None:
        """An absolute folder, or the address of a bucket."""
        if where is None:
            return None
        if where.startswith(BUCKET):
            try:
                bucket_at(where)
            except PhotoAddressError as fault:
                raise ValueError(str(fault)) from None
            return where
        return str(Path(where).expanduser().absolute())

    @field_validator("public_url")
    @classmethod
    def an_origin(cls, url: str) -> str:
        """Scheme and host, perhaps a port, and nothing behind."""
        return url if not url else origin_of(url)

    @field_validator("proxies")
    @classmethod
    def networks(cls, listed: str) -> str:
        """Each is an address or a network."""
        for each in _names(listed):
            try:
                ip_network(each)
            except ValueError:
                raise mistake("mistakes.proxies", given=each) from None
        return listed

    @model_validator(mode="after")
    def kept_here_or_safe(self) -> Self:
        """Pages leave this machine by https, or by an explicit word; the demo never does."""
        leaves = self.bind not in LOOPBACK
        if (self.tls_cert is None) != (self.tls_key is None):
            raise mistake("mistakes.exposed.tls_pair")
        if self.demo and (leaves or self.public_url):
            raise mistake("mistakes.exposed.demo")
        if leaves and self.tls_cert is None and not self.plain_http:
            raise mistake("mistakes.exposed.bind", bind=self.bind)
        if self.public_url.startswith("http:") and self.public_host not in LOOPBACK and not self.plain_http:
            raise mistake("mistakes.exposed.public_url", url=self.public_url)
        if self.metrics_bind not in LOOPBACK and self.metrics_key is None:
            raise mistake("mistakes.exposed.metrics", bind=self.metrics_bind)
        return self

    @model_validator(mode="after")
    def a_known_client(self) -> Self:
        """A provider has an address that may be trusted, and knows us by an id."""
        if self.oidc_issuer and not may_be_asked(self.oidc_issuer):
            raise mistake("mistakes.oidc.issuer", issuer=self.oidc_issuer)
        if bool(self.oidc_issuer) != bool(self.oidc_client):
            raise mistake("mistakes.oidc.client")
        return self

    @property
    def oidc(self) -> Provider | None:
        """The organisation's own log-in, if there is one."""
        if not self.oidc_issuer:
            return None
        zh, _, en = (part.strip() for part in self.oidc_name.partition("|"))
        name = Name(zh=zh or en, en=en or zh) if zh or en else None
        secret = self.oidc_secret.get_secret_value()
        return Provider(self.oidc_issuer, self.oidc_client, secret, self.oidc_claim, name)

    @property
    def public_host(self) -> str:
        """The host name in `public_url`."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names in `hosts`."""
        return _names(self.hosts)

    @property
    def subscriber_hosts(self) -> tuple[str, ...]:
        """The names in `subscription_hosts`."""
        return _names(self.subscription_hosts)

    @property
    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks in `proxies`."""
        return tuple(ip_network(each) for each in _names(self.proxies))

    @property
    def door_names(self) -> tuple[str, ...]:
        """The names in `doors`."""
        return _names(self.doors)

    def address(self, port: int) -> str:
        """The host name by which a browser on this machine reaches `bind`."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(self.bind, self.bind)  # noqa: S104  # a key
        return f"{'https' if self.tls_cert else 'http'}://{host}:{port}"

    @property
    def ledger_address(self) -> LedgerAddress:
        """Where the read model is: a file, or a database."""
        return self.ledger or self.home / "ledger.sqlite"

    @property
    def ledger_file(self) -> Path:
        """Its file, if it is in one."""
        return Path(self.ledger_address)

    @property
    def photo_address(self) -> str:
        """Where photos are: a folder or a bucket."""
        return self.photos or str(self.home / "photos")

    @property
    def jar_folder(self) -> Path:
        """Where the Kafka jars are."""
        return self.jars or CHECKOUT / ".kafka" / "libs"


def origin_of(url: str) -> str:
    """`https://city.example` of the same with a slash behind it. Raises `ValueError` that says what to write."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise mistake("mistakes.public_url.host") from None
    if not host or any(character.isspace() for character in parts.netloc):
        raise mistake("mistakes.public_url.host")
    shown = f"[{host}]" if ":" in host else host
    example = f"https://{shown}{f':{port}' if port else ''}"
    if "://" not in url or parts.scheme not in ("https", "http"):
        raise mistake("mistakes.public_url.scheme", example=example)
    if "@" in parts.netloc:
        raise mistake("mistakes.public_url.login", example=example)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise mistake("mistakes.public_url.behind", example=f"{parts.scheme}{example.removeprefix('https')}")
    return f"{parts.scheme}://{parts.netloc}"
