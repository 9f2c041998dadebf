"""``Cache-Control``: who may keep an answer, and for how long."""

from __future__ import annotations

from datetime import timedelta

from velocious.errors import RenderError


def cache_control(
    seconds: float | timedelta,
    *,
    public: bool,
    immutable: bool,
    must_revalidate: bool,
    stale_while_revalidate: float | timedelta | None,
) -> str:
    """The header's value. Raises RenderError for a time before now."""
    parts = ["public" if public else "private", f"max-age={_seconds(seconds)}"]
    if stale_while_revalidate is not None:
        parts.append(f"stale-while-revalidate={_seconds(stale_while_revalidate)}")
    if must_revalidate:
        parts.append("must-revalidate")
    if immutable:
        parts.append("immutable")
    return ", ".join(parts)


def _seconds(given: float | timedelta) -> int:
    seconds = given.total_seconds() if isinstance(given, timedelta) else given
    if seconds < 0:
        raise RenderError(f"An answer cannot expire in {seconds} seconds. Use self.no_store().")
    return int(seconds)
