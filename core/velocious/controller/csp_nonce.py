"""The nonce of a request: what a script must repeat to be run under the policy of its page."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

_KEY = "velocious.csp_nonce"


def csp_nonce(scope: Scope) -> str:
    """The nonce of the request: made when it is first asked for, then the same one."""
    nonce = scope.get(_KEY)
    if nonce is None:
        scope[_KEY] = nonce = secrets.token_urlsafe(16)
    return nonce
