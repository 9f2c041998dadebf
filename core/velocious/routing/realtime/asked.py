"""What the HTTP addresses beside a socket are asked with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.controller.csrf.guard import ForgeryGuard
from velocious.errors import BadRequestError
