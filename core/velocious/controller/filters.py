"""Filters: methods of a controller that run before, after and around its actions, and those that
answer in place of an action that failed.

Law: parents come first, each class's in the order of its body. A filter is known by its method's
name: overriding the method replaces it, declaring it again changes for which actions it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from velocious.errors import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    #: The names of actions; one name alone is fine.
    type Actions = str | Iterable[str] | None

#: What decorators leave on the methods that they mark.
MARK = "_velocious_filters"
#: Where a class keeps declarations that belong to no method of its own.
DECLARED = "filters"


@dataclass(frozen=True, slots=True)
class Filter:
    """One declaration.

    Attributes:
        kind: ``"before"``, ``"after"``, ``"around"`` or ``"rescue"``.
        only: the actions that it is for; None for all.
        excluded: the actions that it is not for.
        errors: what a rescue is for.
        name: the method's, where the declaration stands apart from it.
        skips: whether it takes back what a parent declared.
    """

    kind: str
    only: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    errors: tuple[type[Exception], ...] = ()
    name: str = ""
    skips: bool = False

    def is_for(self, action: str) -> bool:
        """Whether it runs with *action*."""
        return (self.only is None or action in self.only) and action not in self.excluded

    @property
    def actions(self) -> frozenset[str]:
        """Every action that it names."""
        return self.excluded | (self.only or frozenset())


class Marker:
    """``@before_action`` and its like: with options or without, or by name in ``filters``."""

    def __init__(self, kind: str, text: str) -> None:
        self._kind = kind
        self.__name__ = f"{kind}_action"
        self.__doc__ = text

    @overload
    def __call__[F: Callable[..., Any]](self, method: F, /) -> F: ...

    @overload
    def __call__(
        self, name: str, /, *, only: Actions = None, except_: Actions = None
    ) -> Filter: ...

    @overload
    def __call__[F: Callable[..., Any]](
        self, *, only: Actions = None, except_: Actions = None
    ) -> Callable[[F], F]: ...

    def __call__(self, *given: Any, only: Actions = None, except_: Actions = None) -> Any:
        named = bool(given) and isinstance(given[0], str)
        excluded = _names(except_) or frozenset()
        made = Filter(self._kind, _names(only), excluded, name=given[0] if named else "")
        if named:
            return made
        return _mark(given[0], made) if given else _marking(made)


class Skip:
    """``skip_before_action("require_user", only="index")``, for the list ``filters``."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.__name__ = f"skip_{kind}_action"
        self.__doc__ = f"Do not run the parents' {kind} filter *name*, or not with these actions."

    def __call__(self, name: str, *, only: Actions = None, except_: Actions = None) -> Filter:
        excluded = _names(except_) or frozenset()
        return Filter(self._kind, _names(only), excluded, name=name, skips=True)


before_action = Marker("before", "Run the method before actions; if it answers, they do not run.")
after_action = Marker("after", "Run the method after actions, when there is an answer.")
around_action = Marker("around", "Run the method around actions: it awaits its argument.")
skip_before_action = Skip("before")
skip_after_action = Skip("after")
skip_around_action = Skip("around")


def rescue_from[F: Callable[..., Any]](*errors: type[Exception]) -> Callable[[F], F]:
    """Let the method answer when one of *errors* ends an action, a filter or the reading of
    parameters; it gets the error. Of several the one for the closest class is chosen.

    Raises:
        FilterError: without errors, or for what is no class of exceptions.
    """
    for error in errors:
        if not (isinstance(error, type) and issubclass(error, Exception)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise FilterError(f"rescue_from was given {error!r}. Give classes of exceptions.")
    if not errors:
        raise FilterError("rescue_from needs the errors to rescue: @rescue_from(LookupError).")
    return _marking(Filter("rescue", errors=errors))


def _marking(made: Filter) -> Callable[[Any], Any]:
    return lambda method: _mark(method, made)


def _mark(method: Any, made: Filter) -> Any:
    setattr(method, MARK, (*getattr(method, MARK, ()), made))
    return method


def _names(given: Actions) -> frozenset[str] | None:
    if given is None:
        return None
    return frozenset([given] if isinstance(given, str) else given)
