"""The type of model classes: reads what a class body declares."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import RecordError, SchemaNotLoadedError, UnknownAttributeError
from velocious.record.declaration import Declaration, declare
from velocious.record.declared import add_virtual
from velocious.record.definition import Definition
from velocious.record.registry import register
from velocious.record.relationships.base import Relationship
from velocious.record.relationships.nested import NestedAttributes
from velocious.record.scope import Scope
from velocious.record.validations import method
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.record.record import Record

#: Settings in a class body that describe the model and are not attributes of its records.
SETTINGS = ("table_name", "primary_key", "database_identifier", "abstract", "validations")


class ModelType(type):
    """Makes model classes: each gets a definition, and records without room for misspelt
    attributes.
    """

    _definition: Definition

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any
    ) -> ModelType:
        settings = {key: namespace.pop(key) for key in SETTINGS if key in namespace}
        # Declared attributes get their descriptors with the table.
        declarations = {
            key: namespace.pop(key)
            for key, value in list(namespace.items())
            if isinstance(value, Declaration)
        }
        # Without a __dict__, `task.nmae = "x"` is an error instead of a value that nobody saves.
        namespace.setdefault("__slots__", ())
        model = super().__new__(cls, name, bases, namespace, **kwargs)
        parents = [base._definition for base in bases if isinstance(base, ModelType)]
        definition = model._definition = Definition(cast("type[Record]", model), parents)
        _apply_settings(definition, settings)
        inherited = {one for base in bases if isinstance(base, ModelType) for one in base.__mro__}
        for base in reversed(model.__mro__[1:]):
            # Plain classes mixed in carry declarations, callbacks and scopes, too.
            if base not in inherited:
                _collect(definition, vars(base))
        _collect(definition, {**namespace, **declarations})
        if not definition.abstract:
            _own_relationships(definition)
            register(cast("type[Record]", model))
        return model

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        definition = cls._definition
        if definition.schema is None and not definition.abstract:
            raise SchemaNotLoadedError(cls.__name__, definition.table_name)
        known = [
            *(definition.schema.attributes if definition.schema else ()),
            *definition.relationships,
        ]
        raise UnknownAttributeError(cls.__name__, name, [*known, *definition.scopes])


def _apply_settings(definition: Definition, settings: dict[str, Any]) -> None:
    definition.abstract = settings.get("abstract", False)
    definition.table_name = settings.get("table_name", definition.table_name)
    definition.key_name = settings.get("primary_key", definition.key_name)
    definition.database_identifier = settings.get(
        "database_identifier", definition.database_identifier
    )
    for validators in settings.get("validations", ()):
        definition.validators += _validators(definition, validators)


def _validators(definition: Definition, given: Any) -> list[Validator]:
    validators: list[Any] = [*given] if isinstance(given, list | tuple) else [given]
    for validator in validators:
        if not isinstance(validator, Validator):
            raise RecordError(
                f"{definition.model.__name__}.validations holds {validator!r}, which is not a "
                "validation. "
                'Write validates("name", presence=True).'
            )
        for name in validator.virtual_attributes():
            add_virtual(definition, name)
    return validators


def _collect(definition: Definition, namespace: Mapping[str, Any]) -> None:
    takers: list[tuple[type, Callable[[str, Any], None]]] = [
        (Relationship, definition.relationships.__setitem__),
        (Declaration, lambda name, one: declare(definition, name, one)),
        (NestedAttributes, definition.nested.__setitem__),
        (Scope, lambda name, scope: definition.scopes.__setitem__(name, scope.function)),
    ]
    for name, value in namespace.items():
        for kind, take in takers:
            if isinstance(value, kind):
                take(name, value)
        definition.callbacks.collect(name, value)
        for conditions in getattr(value, method.MARK, ()):
            _add_method(definition, method.MethodValidator(name, conditions))


def _own_relationships(definition: Definition) -> None:
    """Give the model relationships of its own for those that it shares with others: a plain class
    or an abstract model has neither rows nor a name that a key could be called by.
    """
    for name, relationship in list(definition.relationships.items()):
        owner = getattr(relationship.owner, "_definition", None)
        if owner is None or owner.abstract:
            own = copy(relationship)
            own.__set_name__(definition.model, name)
            definition.relationships[name] = own
            if _member(definition.model, name) is relationship:
                setattr(definition.model, name, own)


def _member(model: type, name: str) -> Any:
    """What *model* has under *name*, as it stands in a class body."""
    return next((vars(base)[name] for base in model.__mro__ if name in vars(base)), None)


def _add_method(definition: Definition, validator: method.MethodValidator) -> None:
    # An override with conditions of its own takes the place of its parent.
    if validator in definition.validators:
        definition.validators[definition.validators.index(validator)] = validator
    else:
        definition.validators.append(validator)
