"""What a session is made of, wherever it is kept."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import CookieError

if TYPE_CHECKING:
    from velocious.session_settings import SessionSettings

#: The part of the idle timeout after which a session is written again although nothing changed.
RENEWED_AFTER = 1 / 20
FIELDS = 5


@dataclass(slots=True)
class SessionState:
    """One session.

    Attributes:
        made: when it began, in seconds since 1970.
        seen: when it was last written.
        id: drawn at random; another one after every renewal.
        values: the application's.
        aside: ours: the flash, the secret behind the tokens of forms.
    """

    made: float
    seen: float
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    aside: dict[str, Any] = field(default_factory=dict[str, Any])

    def content(self) -> str:
        """What is in it, as text. Raises CookieError for what JSON has no form for."""
        try:
            return json.dumps([self.values, self.aside], separators=(",", ":"), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise CookieError(
                f"The session cannot keep this: {error}. Put texts, numbers, booleans, None, lists "
                "and dictionaries of them into it; of a record, its id."
            ) from error

    def is_over(self, settings: SessionSettings, now: float) -> bool:
        """Whether it has ended by its age, or because nobody asked for too long."""
        ends = self.ends(settings)
        return ends is not None and now >= ends

    def ends(self, settings: SessionSettings) -> float | None:
        """When it ends if nobody asks any more; None for never."""
        times = (self.made, settings.max_age), (self.seen, settings.idle_timeout)
        return min((since + limit for since, limit in times if limit is not None), default=None)

    @property
    def owner(self) -> str | None:
        """Whose it is, as the application says; kept aside, beside the application's values."""
        return self.aside.get("owner")

    def is_stale(self, settings: SessionSettings, now: float) -> bool:
        """Whether it has to be written again to go on living."""
        idle = settings.idle_timeout
        return idle is not None and now >= self.seen + idle * RENEWED_AFTER

    def to_data(self) -> list[Any]:
        return [self.id, self.made, self.seen, self.values, self.aside]

    @staticmethod
    def from_data(data: Any) -> SessionState | None:
        """The session that :meth:`to_data` described; None where *data* is something else, as a
        cookie of the same name that the application sealed itself.
        """
        if not isinstance(data, list) or len(cast("list[Any]", data)) != FIELDS:
            return None
        key, made, seen, values, aside = cast("list[Any]", data)
        return SessionState(made, seen, key, values, aside)
