"""Signed lists as text for addresses: ``<payload>.<signature>``, both base64url.

Law: nothing of a text is looked at before its signature was compared, in constant time.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

LONGEST = 4096

_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")


def signed(payload: list[Any], key: bytes) -> str:
    """*payload*, signed with *key*."""
    text = _to_text(json.dumps(payload, separators=(",", ":")).encode())
    return f"{text}.{_signature(text, key)}"


def read(text: Any, keys: list[bytes]) -> tuple[list[Any], bytes] | None:
    """The payload of *text* and which of *keys* signed it; None where none of them did."""
    if not isinstance(text, str) or len(text) > LONGEST or _FORM.fullmatch(text) is None:
        return None
    payload, _, signature = text.partition(".")
    for key in keys:
        if equal(_signature(payload, key), signature):
            return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4))), key
    return None


def fingerprint(state: str, key: bytes) -> str:
    """What stands for *state* in a payload; nobody without *key* learns it from there."""
    return _to_text(hmac.digest(key, b"state\0" + state.encode(), "sha256")[:16])


def equal(one: str, other: Any) -> bool:
    """Whether both are the same text; how alike they are does not show in the time."""
    return isinstance(other, str) and hmac.compare_digest(one.encode(), other.encode())


def _signature(text: str, key: bytes) -> str:
    return _to_text(hmac.digest(key, b"payload\0" + text.encode(), "sha256"))


def _to_text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
