"""The address of a bucket, as the settings say it."""

import re
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from connectors.photos.files import PhotoAddressError

BUCKET: Final = "s3://"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")
PREFIX: Final = re.compile(r"(/[A-Za-z0-9._-]+)*/?")


class BucketAddress(NamedTuple):
    """A bucket of the S3 server at the URL `endpoint`, Amazon's if empty, and what keys begin with there.

    The credentials are in the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    """

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""


def bucket_at(where: str) -> BucketAddress:
    """What `s3://BUCKET/PREFIX?endpoint=URL&region=NAME` says. Raises `PhotoAddressError`."""
    try:
        parts = urlsplit(where)
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        endpoint = urlsplit(options.get("endpoint", "http://none"))
    except ValueError:
        raise PhotoAddressError from None
    with_more = bool(parts.fragment or options.keys() - {"endpoint", "region"})
    if with_more or not NAME.fullmatch(parts.netloc) or not PREFIX.fullmatch(parts.path):
        raise PhotoAddressError  # credentials in it would end in logs, too
    if endpoint.scheme not in {"http", "https"} or not endpoint.hostname or "@" in endpoint.netloc:
        raise PhotoAddressError
    return BucketAddress(parts.netloc, parts.path.strip("/"), options.get("endpoint", ""), options.get("region", ""))
