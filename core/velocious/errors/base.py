"""The root of the tree, and how a message names what comes close."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def close_matches(wrong: str, known: Iterable[str], *, limit: int = 3) -> list[str]:
    """The names in *known* that look most like *wrong*, best first."""
    # Imported late: only what goes wrong needs it.
    from difflib import get_close_matches

    return get_close_matches(wrong, list(known), n=limit, cutoff=0.55)


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """The sentence that names close matches, or all known names where there are only a few."""
    names = sorted(set(known))
    matches = close_matches(wrong, names)
    if matches:
        return f"Did you mean {_either(matches)}?"
    if names and len(names) <= 12:
        return f"Known here: {', '.join(names)}."
    return f"None of the {len(names)} known names is close." if names else "There are none here."


def _either(names: Sequence[str]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


class VelociousError(Exception):
    """The root of every error Velocious raises on purpose.

    Attributes:
        code: a stable string for clients and programs.
        safe_to_expose: whether the message may be shown to an untrusted client.
    """

    code: ClassVar[str] = "velocious_error"
    safe_to_expose: ClassVar[bool] = False
