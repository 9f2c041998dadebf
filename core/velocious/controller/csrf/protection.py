"""The declarations: which actions are protected, and which other sites may post to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ForgeryProtection:
    """Which actions of a controller are protected.

    Attributes:
        only: these alone; None: all.
        except_: all but these.
        origins: other sites whose pages may ask for changes here.
    """

    only: frozenset[str] | None = None
    except_: frozenset[str] = frozenset()
    origins: tuple[str, ...] = ()

    def guards(self, action: str) -> bool:
        """Whether *action* is protected."""
        return action not in self.except_ and (self.only is None or action in self.only)

    def check_names(self, owner: str, actions: Iterable[str]) -> None:
        """Raise RoutingError where an action is named that *owner* has not."""
        known = sorted(actions)
        for name in sorted((self.only or frozenset()) | self.except_):
            if name not in known:
                raise RoutingError(
                    f"forgery_protection of {owner} names the action {name!r}, which it has not. "
                    f"{suggestion(name, known)}"
                )


def protect_from_forgery(
    *,
    only: Iterable[str] | None = None,
    except_: Iterable[str] = (),
    origins: Iterable[str] = (),
) -> ForgeryProtection:
    """Protects the actions of a controller, which it is without, too; for what differs::

    class PaymentsController(ApplicationController):
        forgery_protection = protect_from_forgery(origins=["https://pay.example"])
    """
    chosen = None if only is None else frozenset(only)
    return ForgeryProtection(chosen, frozenset(except_), tuple(origins))


def skip_csrf(*, only: Iterable[str] | None = None) -> ForgeryProtection:
    """Takes the protection off a controller, or off some of its actions: for those that programs
    call and that check a signature themselves, never for those that trust a cookie::

        class HooksController(ApplicationController):
            forgery_protection = skip_csrf(only=["receive"])
    """
    if only is None:
        return ForgeryProtection(only=frozenset())
    return ForgeryProtection(except_=frozenset(only))
