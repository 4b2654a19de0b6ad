"""Files of photos in a bucket of an S3 server, by obstore."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from connectors.photos.bucket_address import BucketAddress
from connectors.photos.files import PhotoAddressError, PhotosAwayError

if TYPE_CHECKING:
    from obstore.store import S3Config  # obstore has it for checkers only

JPEG: Final = {"Content-Type": "image/jpeg"}
CONNECT_S: Final = 3
ANSWER_S: Final = 15
"""How long one request may take."""
TRIES: Final = 2
"""How often a request is tried again before the sender is asked to come back later."""
RENEWED: Final = ".renewed"
"""Behind the key of a file: an empty file whose time counts, because a file of a bucket has a new time only with a new
content, and a content that is read and written back might undo a replacement."""


class BucketFiles:
    """The files in a bucket. Raises `PhotoAddressError`."""

    def __init__(self, at: BucketAddress) -> None:
        config: S3Config = {}
        if at.endpoint:
            config["endpoint"] = at.endpoint
        if at.region:
            config["region"] = at.region
        try:
            self._store = S3Store(
                at.bucket,
                prefix=at.prefix or None,
                client_options={
                    "connect_timeout": f"{CONNECT_S}s",
                    "timeout": f"{ANSWER_S}s",
                    "allow_http": at.endpoint.startswith("http://"),
                },
                retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=ANSWER_S)},
                config=config,
            )
        except (BaseError, ValueError):
            raise PhotoAddressError from None

    def add(self, key: str, content: bytes) -> None:
        """See `PhotoFiles`."""
        if self.renew(key):  # some servers take no notice of "only if it is new"
            return
        with _or_away(), suppress(AlreadyExistsError):  # by somebody else, a moment ago
            self._store.put(key, content, mode="create", attributes=JPEG)

    def replace(self, key: str, content: bytes) -> None:
        """See `PhotoFiles`."""
        with _or_away():
            self._store.put(key, content, attributes=JPEG)

    def read(self, key: str) -> bytes | None:
        """See `PhotoFiles`."""
        with _or_away():
            try:
                return bytes(self._store.get(key).bytes())
            except FileNotFoundError:
                return None

    def stored_s(self, key: str) -> float | None:
        """See `PhotoFiles`."""
        with _or_away():
            added_s = self._written_s(key)
            return None if added_s is None else max(added_s, self._written_s(key + RENEWED) or 0)

    def renew(self, key: str) -> bool:
        """See `PhotoFiles`."""
        with _or_away():
            if self._written_s(key) is None:
                return False
            self._store.put(key + RENEWED, b"")
            return True

    def erase(self, key: str) -> None:
        """See `PhotoFiles`."""
        with _or_away():
            self._store.delete([key, key + RENEWED])

    def _written_s(self, key: str) -> float | None:
        try:
            return self._store.head(key)["last_modified"].timestamp()
        except FileNotFoundError:
            return None


@contextmanager
def _or_away() -> Iterator[None]:
    """No message of obstore is passed on: it may hold what a server says of our credentials."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError):
        raise PhotosAwayError(reason="the server refuses our credentials") from None
    except FileNotFoundError:
        raise PhotosAwayError(reason="there is no such bucket") from None
    except (BaseError, OSError) as fault:
        raise PhotosAwayError(reason=type(fault).__name__) from None
