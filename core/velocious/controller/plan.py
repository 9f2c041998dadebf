"""What runs for an action: found once per controller and action, when the routes are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.controller.actions import action_names
from velocious.controller.filters import DECLARED, MARK, Filter
from velocious.errors import FilterError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.controller.controller import Controller


class Plan:
    """The filters of one action.

    Attributes:
        before: names of methods, in the order in which they run.
        after: likewise.
        around: likewise, the outermost first.
        rescues: class of errors → name of the method that answers.
        is_empty: whether the action runs alone.

    Raises:
        FilterError: a declaration names an action or a method that is not there.
    """

    __slots__ = ("after", "around", "before", "is_empty", "rescues")

    def __init__(self, found: type[Controller], action: str) -> None:
        kinds: dict[str, dict[str, Filter]] = {"before": {}, "after": {}, "around": {}}
        skipped: dict[tuple[str, str], list[Filter]] = {}
        self.rescues: dict[type[Exception], str] = {}
        for owner, name, one in _declarations(found):
            _check(found, owner, name, one)
            if one.kind == "rescue":
                self.rescues.update(dict.fromkeys(one.errors, name))
            elif one.skips:
                _check_skipped(owner, name, one, kinds[one.kind])
                skipped.setdefault((one.kind, name), []).append(one)
            else:
                kinds[one.kind][name] = one
                skipped.pop((one.kind, name), None)
        self.before, self.after, self.around = (
            tuple(
                name
                for name, one in kinds[kind].items()
                if one.is_for(action)
                and not any(skip.is_for(action) for skip in skipped.get((kind, name), ()))
            )
            for kind in ("before", "after", "around")
        )
        self.is_empty = not (self.before or self.after or self.around)

    def rescuer(self, error: Exception) -> str | None:
        """The method that answers to *error*: the one for its closest class."""
        for kind in type(error).__mro__:
            found = self.rescues.get(kind)
            if found is not None:
                return found
        return None


def _declarations(found: type[Controller]) -> Iterator[tuple[type, str, Filter]]:
    """Class, method and filter, parents first, then in the order of the class's body."""
    for owner in reversed(found.__mro__):
        for name, value in vars(owner).items():
            if name == DECLARED:
                yield from ((owner, one.name, one) for one in _listed(owner, value))
            else:
                yield from ((owner, name, one) for one in getattr(value, MARK, ()))


def _listed(owner: type, value: Any) -> Iterator[Filter]:
    for one in value:
        if not isinstance(one, Filter) or not one.name:
            raise FilterError(
                f"{owner.__name__}.filters holds {one!r}. Write before_action('name', …) or "
                "skip_before_action('name', …) there, with the name of a method."
            )
        yield one


def _check(found: type[Controller], owner: type, name: str, one: Filter) -> None:
    if not hasattr(found, name):
        raise FilterError(
            f"{owner.__name__} declares the filter {name!r}, but {found.__name__} has no such "
            f"method. {suggestion(name, _methods(found))}"
        )
    known = action_names(found)
    if not _names_actions(owner):
        # An abstract parent speaks of actions that its children may have.
        return
    for action in one.actions.difference(known):
        raise FilterError(
            f"The filter {name!r} of {owner.__name__} names {action!r}, which is no action of "
            f"{found.__name__}. {suggestion(action, known)}"
        )


def _names_actions(owner: type) -> bool:
    from velocious.controller.controller import Controller

    return issubclass(owner, Controller) and bool(action_names(owner))


def _check_skipped(owner: type, name: str, one: Filter, known: dict[str, Filter]) -> None:
    if name not in known:
        raise FilterError(
            f"{owner.__name__} skips the {one.kind} filter {name!r}, which no parent declares. "
            f"{suggestion(name, known)}"
        )


def _methods(found: type[Controller]) -> list[str]:
    return [name for name in dir(found) if not name.startswith("__")]
