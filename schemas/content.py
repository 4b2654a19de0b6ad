"""Addresses of regions and rulebooks: the hashes of their content."""

import json
from hashlib import sha256
from typing import Any

from pydantic import BaseModel


def content_address(content: BaseModel) -> str:
    """Address of a region's or a rulebook's content: the first 32 hex digits of SHA-256 over its canonical JSON."""
    return _address(content.model_dump(mode="json"))


def text_address(text: str) -> str:
    """Address of stored content (JSON text), even if the release that stored it knew fewer fields.

    Raises `ValueError` when it is no JSON.
    """
    return _address(json.loads(text))


def _address(plain: Any) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:32]
