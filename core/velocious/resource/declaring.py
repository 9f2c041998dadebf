"""What a resource's body declares, compared with its model.

Law: a list that names what is not there stops the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ResourceDeclarationError, suggestion
from velocious.resource.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship
    from velocious.resource.resource import Resource

NESTED_OPTIONS = ("attributes", "allow_destroy", "limit")


def model_of(resource: type[Resource]) -> type[Record]:
    """Whose resource it is."""
    model: Any = getattr(resource, "model", None)
    if not isinstance(model, type) or not hasattr(model, "_definition"):
        raise ResourceDeclarationError(
            f"{resource.__name__} names no model"
            + (f", but {model!r}" if model is not None else "")
            + ". Write `model = Task` in its body."
        )
    return model


def names_of(resource: type[Resource], listed: str) -> tuple[str, ...]:
    """The names in the list *listed*."""
    given: Any = getattr(resource, listed)
    wrong = isinstance(given, str) or not all(isinstance(one, str) for one in given)
    if wrong:
        raise ResourceDeclarationError(
            f"{resource.__name__}.{listed} is {given!r}; it is a list of names."
        )
    return tuple(given)


def relationships_of(resource: type[Resource], model: type[Record]) -> dict[str, Relationship[Any]]:
    """Those that may be followed, by name."""
    return _chosen(resource, model, "relationships", "relationship", files=False)


def attachments_of(resource: type[Resource], model: type[Record]) -> dict[str, Relationship[Any]]:
    """Those whose files may be fetched, by name."""
    return _chosen(resource, model, "attachments", "attachment", files=True)


def _chosen(
    resource: type[Resource], model: type[Record], listed: str, what: str, *, files: bool
) -> dict[str, Relationship[Any]]:
    known = {
        name: one
        for name, one in model._definition.relationships.items()
        if one.holds_files is files
    }
    names = names_of(resource, listed)
    for name in names:
        if name not in known:
            raise ResourceDeclarationError(
                f"{resource.__name__}.{listed} names {name!r}, which is no {what} of "
                f"{model.__name__}. {suggestion(name, known)}"
            )
    return {name: known[name] for name in names}


def partners_of(resource: type[Resource], model: type[Record]) -> list[Any]:
    """The relationships that a row holds the key of."""
    holding: list[Any] = [one for one in model._definition.relationships.values() if one.holds_key]
    writable = names_of(resource, "writable")
    keys = [one.owner_column() for one in holding if one.owner_column() in writable]
    for name in names_of(resource, "blind_keys"):
        if name not in keys:
            raise ResourceDeclarationError(
                f"{resource.__name__}.blind_keys names {name!r}, which is no key of a belongs_to "
                f"in its `writable`. {suggestion(name, keys)}"
            )
    return holding


def commands_of(resource: type[Resource]) -> dict[str, Command]:
    """The application's own commands, by name."""
    found: dict[str, Command] = {}
    for kind in reversed(resource.__mro__):
        for name, value in vars(kind).items():
            if isinstance(value, Command):
                found[name] = value
            else:
                found.pop(name, None)
    return found


def nested_of(
    resource: type[Resource], model: type[Record], relationships: Mapping[str, Any]
) -> dict[str, Any]:
    """The relationships whose records are written with their owner, each with its options."""
    accepted = {one.relationship: one for one in model._definition.nested.values()}
    for name, options in resource.nested.items():
        problem = _problem(name, options, model, relationships.get(name), accepted)
        if problem:
            raise ResourceDeclarationError(f"{resource.__name__}.nested names {name!r}, {problem}.")
    return {
        name: {**options, "limit": _smaller(options.get("limit"), accepted[name].limit)}
        for name, options in resource.nested.items()
    }


def _problem(
    name: str,
    options: Mapping[str, Any],
    model: type[Record],
    relationship: Any,
    accepted: Mapping[str, Any],
) -> str | None:
    if relationship is None or not relationship.many or relationship.through:
        return "which is no has_many in its `relationships`"
    if name not in accepted:
        return (
            f"whose records {model.__name__} does not take: write `{name}_attributes = "
            f'accepts_nested_attributes_for("{name}")` in the model'
        )
    if options.get("allow_destroy", False) and not accepted[name].allow_destroy:
        return (
            f"whose records may be destroyed, but {model.__name__} does not say so: "
            f'accepts_nested_attributes_for("{name}", allow_destroy=True)'
        )
    unknown = [one for one in options if one not in NESTED_OPTIONS]
    return f"with {unknown[0]!r}; it takes {', '.join(NESTED_OPTIONS)}" if unknown else None


def sizes_of(resource: type[Resource]) -> tuple[int, int]:
    """The rows of a page, and the most of one answer."""
    sizes = resource.page_size, resource.max_page_size
    if not all(isinstance(one, int) and one >= 1 for one in sizes) or sizes[0] > sizes[1]:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ResourceDeclarationError(
            f"{resource.__name__} has page_size={sizes[0]!r} and max_page_size={sizes[1]!r}; give "
            "whole numbers above 0, the second no smaller than the first."
        )
    return sizes


def _smaller(one: int | None, other: int | None) -> int | None:
    """The smaller of two limits, either of which may be none."""
    return other if one is None else one if other is None else min(one, other)
