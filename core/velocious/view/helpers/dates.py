"""Days and moments as people read them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from velocious import current
from velocious.errors import RenderError, VelociousError
from velocious.translation.catalogue import find_message
from velocious.view.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable

#: Kind → name → pattern; messages called ``formats.date.default`` and so on go before them.
PATTERNS = {
    "date": {"default": "{day} {month_name} {year}", "short": "{day} {month_short}"},
    "datetime": {
        "default": "{day} {month_name} {year}, {hour}:{minute}",
        "short": "{day} {month_short} {hour}:{minute}",
    },
    "time": {"default": "{hour}:{minute}", "short": "{hour}:{minute}"},
}
_SPANS = (
    ("year", timedelta(days=365)),
    ("month", timedelta(days=30)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


def l(value: date | time | None, format: str = "default") -> str:  # noqa: E743
    """A day, a moment (in UTC) or a time of day in the visitor's language; None is nothing.

    *format* names a pattern (``"default"``, ``"short"``, or one of the messages'
    ``formats.date.<name>``).

    Raises:
        RenderError: there is no such pattern.
    """
    if value is None:
        return ""
    kind = _kind(value)
    pattern = find_message([("formats", kind, format)]) or PATTERNS[kind].get(format)
    if pattern is None:
        raise RenderError(
            f"There is no format {format!r} for a {kind}. Known: {', '.join(PATTERNS[kind])}; add "
            f"others as formats.{kind}.{format} to the messages."
        )
    for name, part in _PARTS.items():
        if f"{{{name}}}" in pattern:
            pattern = pattern.replace(f"{{{name}}}", part(value))
    return pattern


def time_ago(moment: datetime | None, now: datetime | None = None) -> Markup:
    """``<time>`` with "3 hours ago" or "in 2 days"; the exact moment is its title."""
    if moment is None:
        return Markup()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    passed = (now or _now()) - moment
    exact = moment.astimezone(UTC)
    shown = f"{l(exact)} UTC"
    return element("time", _span(passed), {"datetime": exact.isoformat(), "title": shown})


def _span(passed: timedelta) -> str:
    ahead, length = passed < timedelta(0), abs(passed)
    for name, unit in _SPANS:
        count = int(length / unit)
        if count:
            return _said("in" if ahead else "ago", name, count)
    return find_message([("time_ago", "now")]) or "just now"


def _said(direction: str, name: str, count: int) -> str:
    text = find_message([("time_ago", direction, name)], count)
    if text is not None:
        return text.replace("{count}", str(count))
    words = f"{count} {name}{'' if count == 1 else 's'}"
    return f"in {words}" if direction == "in" else f"{words} ago"


def _now() -> datetime:
    try:
        return current.configuration().clock.now()
    except VelociousError:
        return datetime.now(UTC)


def _kind(value: Any) -> str:
    for kind, one in (("datetime", datetime), ("date", date), ("time", time)):
        if isinstance(value, one):
            return kind
    raise RenderError(f"l takes a day, a moment or a time, not {value!r}.")


def _named(table: str, names: Any) -> Callable[[Any], str]:
    def find(value: Any) -> str:
        at = value.month if table.startswith("month") else value.isoweekday()
        return find_message([("formats", table, str(at))]) or names[at]

    return find


_PARTS: dict[str, Callable[[Any], str]] = {
    "day": lambda value: str(value.day),
    "month": lambda value: f"{value.month:02}",
    "month_name": _named("months", calendar.month_name),
    "month_short": _named("months_short", calendar.month_abbr),
    "weekday": _named("weekdays", ("", *calendar.day_name)),
    "year": lambda value: str(value.year),
    "hour": lambda value: f"{value.hour:02}",
    "minute": lambda value: f"{value.minute:02}",
    "second": lambda value: f"{value.second:02}",
}
