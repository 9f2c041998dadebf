"""Who a connection belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious.realtime.emitter import user_id

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Identity:
    """What authentication finds out.

    Attributes:
        user: whatever the application calls its user; None for an anonymous client that may stay.
        id: the user's id; that of *user* by default.
        info: what others see of the user in presence channels: JSON.
        expires: when the permission ends, in seconds since 1970; None for never.
        state: the beginning of the connection's ``state``.
    """

    user: Any = None
    id: str | None = None
    info: Any = None
    expires: float | None = None
    state: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.id is None and self.user is not None:
            object.__setattr__(self, "id", user_id(self.user))

    @staticmethod
    def of(found: Any) -> Identity | None:
        """From what a function of the application returned: an identity, a user, or nothing."""
        if found is None or found is False:
            return None
        return found if isinstance(found, Identity) else Identity(found)
