"""``validates("name", presence=True)``: the validators of one or more attributes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.record.validations.validator import COMMON_OPTIONS

if TYPE_CHECKING:
    from velocious.record.validations.validator import Validator

#: Validation → its module and class, imported with the first model that asks for it: a page waits
#: for every module.
VALIDATORS = {
    "presence": ("presence", "PresenceValidator"),
    "length": ("length", "LengthValidator"),
    "format": ("format", "FormatValidator"),
    "uniqueness": ("uniqueness", "UniquenessValidator"),
    "inclusion": ("inclusion", "InclusionValidator"),
    "exclusion": ("inclusion", "ExclusionValidator"),
    "numericality": ("numericality", "NumericalityValidator"),
    "comparison": ("comparison", "ComparisonValidator"),
    "confirmation": ("confirmation", "ConfirmationValidator"),
    "acceptance": ("acceptance", "AcceptanceValidator"),
    "attachment": ("attachment", "AttachmentValidator"),
}


def validates(*attributes: str, **validations: Any) -> list[Validator]:
    """Validators for *attributes*, by name: True, a mapping of options, or False for none::

        validates("name", presence=True, length={"maximum": 200})
        validates("slug", format={"with": r"\\A[a-z-]+\\Z"}, uniqueness={"scope": "project_id"})
        validates("summary", presence=True, on="publish", unless="is_draft")

    What every validation takes (``message``, ``if_``, ``on`` …) may stand beside them, for all.

    Raises:
        UnknownOptionError: for a validation or an option that does not exist, with close matches.
    """
    if not attributes or not validations:
        raise ConfigurationError(
            'validates needs attributes and validations: validates("name", presence=True).'
        )
    shared = {name: validations.pop(name) for name in COMMON_OPTIONS if name in validations}
    if not validations:
        raise ConfigurationError(
            f"validates({attributes!r}, …) has conditions but no validations: add presence=True."
        )
    made = [_validator(attributes, name, options, shared) for name, options in validations.items()]
    return [validator for validator in made if validator is not None]


def _validator(
    attributes: tuple[str, ...], name: str, options: Any, shared: Mapping[str, Any]
) -> Validator | None:
    if name not in VALIDATORS:
        raise UnknownOptionError("validates", name, [*VALIDATORS, *COMMON_OPTIONS])
    if options is False or options is None:
        return None
    kind = _imported(name)
    if options is True:
        return kind(attributes, **shared)
    if not isinstance(options, Mapping):
        raise ConfigurationError(
            f"validates(…, {name}={options!r}): give True or a mapping of options."
        )
    given = cast("Mapping[object, Any]", options)
    own: dict[str, Any] = {str(key): value for key, value in given.items()}
    return kind(attributes, **{**shared, **own})


def _imported(name: str) -> type[Validator]:
    module, kind = VALIDATORS[name]
    return getattr(import_module(f"velocious.record.validations.{module}"), kind)
