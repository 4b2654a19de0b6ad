"""The port of places for the files of photos."""

from typing import Protocol

from schemas.errors import ServiceAway, WrongInput


class PhotosAwayError(ServiceAway):
    """Photos cannot be stored or read at the moment. Look at the disk, or at the S3 server and the AWS_ variables; it
    is tried again.
    """


class PhotoAddressError(WrongInput):
    """This is no place for photos: name a folder, or s3://BUCKET/PREFIX?endpoint=URL&region=NAME with the credentials
    in the AWS_ variables.
    """


class PhotoFiles(Protocol):
    """Files by key, such as `ab/abcd.jpg`. All methods block, and raise `PhotosAwayError`."""

    def add(self, key: str, content: bytes) -> None:
        """Store a file; it is durable when this returns. One that exists does not change, but its time is renewed."""

    def replace(self, key: str, content: bytes) -> None:
        """Store a file in place of the one that may exist; readers get the one or the other, whole."""

    def read(self, key: str) -> bytes | None:
        """The content; None if there is no such file."""

    def stored_s(self, key: str) -> float | None:
        """When the file was last added or renewed (s since the epoch); None if there is none."""

    def renew(self, key: str) -> bool:
        """Renew the time of a file; False if there is none."""

    def erase(self, key: str) -> None:
        """Remove a file if it is there."""
