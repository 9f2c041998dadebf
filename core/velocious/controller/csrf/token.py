"""The token of a form: shows that the page with the form was made here, for this visitor.

Law: its secret lies in the session and never in a page: each page gets it under another mask, so
that compressing pages gives nothing away.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Any

from velocious.controller.cookies.sealing import from_text, to_text
from velocious.errors import ForgeryError

if TYPE_CHECKING:
    from markupsafe import Markup

    from velocious.controller.controller import Controller
    from velocious.controller.session import Session

FIELD = "authenticity_token"
HEADER = "x-csrf-token"
LENGTH = 32

_KEY = "csrf"


def masked_token(session: Session) -> str:
    """A token that belongs to *session*; each call gives another text."""
    key: str | None = session.aside.get(_KEY)
    if key is None:
        key = session.aside[_KEY] = to_text(secrets.token_bytes(LENGTH))
    mask = secrets.token_bytes(LENGTH)
    return to_text(mask + _xor(mask, from_text(key) or b""))


def field_of(token: str) -> Markup:
    """The hidden field that sends *token*."""
    # Imported here: an application without pages has no templates either.
    from markupsafe import Markup

    return Markup('<input type="hidden" name="{}" value="{}" autocomplete="off">').format(
        FIELD, token
    )


def check_token(controller: Controller) -> None:
    """Let the request pass that brings a token of its session.

    Raises:
        ForgeryError: it brings none, or another one.
    """
    given = controller.request.headers.get(HEADER) or controller.params.get(FIELD)
    if given is None:
        raise ForgeryError(
            "This form brings no token to show that it was made here. Write {{ csrf_field() }} "
            f"into the form, or send self.csrf_token() as the header {HEADER.title()}."
        )
    if not _belongs(given, controller.session):
        raise ForgeryError(
            "The token of this form is not, or no longer, good: somebody signed in or out since "
            "the page was made, or its cookie is gone. Load the page again, and send the form "
            "anew."
        )


def _belongs(given: Any, session: Session) -> bool:
    key: str | None = session.aside.get(_KEY)
    masked = from_text(given) if isinstance(given, str) and given.isascii() else None
    if key is None or masked is None or len(masked) != 2 * LENGTH:
        return False
    own = _xor(masked[:LENGTH], masked[LENGTH:])
    return hmac.compare_digest(own, from_text(key) or b"")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
