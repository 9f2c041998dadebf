"""``translations = translates("name")``: attributes with a value per locale, in a table of their
own.

Law: reading and assigning need the translations at hand (preload them); a blank value counts as
missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, overload

from velocious.errors import ConfigurationError
from velocious.naming import foreign_key, singularize, underscore
from velocious.record.declaration import Declaration, add_member
from velocious.record.relationships.belongs_to import belongs_to
from velocious.record.relationships.has_many import HasMany
from velocious.record.validations.validator import is_blank
from velocious.translation.locale import current_locale, locale_chain

if TYPE_CHECKING:
    from velocious.record.definition import Definition
    from velocious.record.record import Record


class TranslatedAttribute[T]:
    """The value in one locale, or in the current one with its fallbacks."""

    __slots__ = ("locale", "name", "relationship")

    def __init__(self, relationship: HasMany[Any], name: str, locale: str | None = None) -> None:
        self.relationship = relationship
        self.name = name
        self.locale = locale

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T | None: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        if self._is_shown(record):
            return record.read(self.name)
        locales = locale_chain(current_locale()) if self.locale is None else (self.locale,)
        for locale in locales:
            row = self._row(record, locale)
            value = None if row is None else row.read(self.name)
            if not is_blank(value):
                return value
        return None

    def __set__(self, record: Record, value: T | None) -> None:
        if self._is_shown(record):
            record.write(self.name, value)
            return
        locale = self.locale or current_locale()
        row = self._row(record, locale)
        if row is None:
            row = getattr(record, self.relationship.name).build(locale=locale)
        row.write(self.name, value)

    def _is_shown(self, record: Record) -> bool:
        """Whether a backend shows the value in the current locale, in place of rows of ours."""
        schema = type(record)._definition.schema
        if schema is None or schema.remote is None:
            return False
        return self.locale is None and self.name in schema.attributes

    def _row(self, record: Record, locale: str) -> Any:
        rows: list[Any] = self.relationship.value(record)
        return next((row for row in rows if row.read("locale") == locale), None)


class TranslatesDeclaration(Declaration):
    """See :func:`translates`."""

    def __init__(self, attributes: tuple[str, ...], locales: tuple[str, ...]) -> None:
        self.attributes = attributes
        self.locales = locales

    def declare(self, definition: Definition, name: str) -> None:
        model = definition.model
        if definition.abstract:
            raise ConfigurationError(
                f"{model.__name__} is abstract and has no table to translate. Declare translates "
                "in the models that have one."
            )
        relationship = _relationship(definition, name)
        setattr(model, name, relationship)
        definition.relationships[name] = relationship
        definition.companions.append(relationship.target())
        for attribute in self.attributes:
            self._add_members(definition, relationship, attribute)

    def _add_members(
        self, definition: Definition, relationship: HasMany[Any], attribute: str
    ) -> None:
        source = relationship.name
        add_member(definition, attribute, TranslatedAttribute[Any](relationship, attribute), source)
        add_member(definition, f"has_{attribute}", _presence(attribute), source)
        for locale in self.locales:
            member = TranslatedAttribute[Any](relationship, attribute, locale)
            add_member(definition, in_locale(attribute, locale), member, source)


def in_locale(attribute: str, locale: str) -> str:
    """The name of the member for the value in *locale* alone."""
    return f"{attribute}_{locale.replace('-', '_').lower()}"


def translates(*attributes: str, locales: tuple[str, ...] | list[str] = ()) -> Any:
    """Keep *attributes* in ``<singular table>_translations``, one row per locale::

        class Project(Record):
            translations = translates("name", "summary", locales=["en", "de"])

    The table has the owner's key, ``locale`` and the attributes. ``project.name`` reads the current
    locale's value, or that of the next locale of its chain; assigning sets the current locale's.
    ``project.name_de`` reads and sets that of one of *locales* alone, ``project.has_name()`` asks.
    Rows are saved and destroyed with their owner. Read records with ``.preload("translations")``.
    """
    if not attributes:
        raise ConfigurationError('translates needs attributes: translates("name").')
    return TranslatesDeclaration(attributes, tuple(locales))


def _relationship(definition: Definition, name: str) -> HasMany[Any]:
    model = definition.model
    owner = underscore(model.__name__)
    key = foreign_key(model.__name__)
    members: dict[str, Any] = {
        "__module__": model.__module__,
        "table_name": f"{singularize(definition.table_name)}_translations",
        "database_identifier": definition.database_identifier,
        owner: belongs_to(model, foreign_key=key),
    }
    base = next(one for one in model.__mro__ if one.__module__ == "velocious.record.record")
    kind: Any = type(model)
    target: Any = kind(f"{model.__name__}Translation", (base,), members)
    relationship: HasMany[Any] = HasMany(
        target, foreign_key=key, inverse_of=owner, dependent="destroy"
    )
    relationship.__set_name__(model, name)
    return relationship


def _presence(attribute: str) -> Any:
    def present(record: Any) -> bool:
        return not is_blank(getattr(record, attribute))

    return present
