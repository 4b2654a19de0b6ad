"""Finds the files of photos by what the settings say: a folder, or the address of a bucket."""

from pathlib import Path

from connectors.photos.bucket_address import BUCKET, bucket_at
from connectors.photos.files import PhotoFiles
from connectors.photos.folder import FolderFiles


def photo_files(where: Path | str) -> PhotoFiles:
    """The files at a folder, or in the bucket of an address. Raises `PhotoAddressError`."""
    if isinstance(where, Path) or not where.startswith(BUCKET):
        return FolderFiles(Path(where))
    from connectors.photos.bucket import BucketFiles  # 16 MB that only a system with a bucket needs

    return BucketFiles(bucket_at(where))
