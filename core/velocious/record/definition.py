"""What a model class declares, and what is known of its table.

Law: a subclass starts with copies of what its parents declare; adding to it never changes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import RecordError, SchemaNotLoadedError, TenantError, UnknownTableError
from velocious.naming import tableize
from velocious.record.attribute import AbsentAttribute, Attribute, attribute_for
from velocious.record.callbacks import Callbacks
from velocious.record.relationships.belongs_to import BelongsTo
from velocious.record.schema import ModelSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.configuration import Configuration
    from velocious.database.database import Database
    from velocious.database.schema import Column, Table
    from velocious.frontend_model.backend import Backend
    from velocious.query.conditions import Condition
    from velocious.record.attachments.relationship import AttachmentRelationship
    from velocious.record.declaration import Declaration
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship
    from velocious.record.relationships.nested import NestedAttributes
    from velocious.record.schema import AttributeSchema
    from velocious.record.state_machines import StateMachine
    from velocious.record.user.password import PasswordDeclaration
    from velocious.record.validations.validator import Validator
    from velocious.sql.types import ColumnType


class Definition:
    """One model's declarations."""

    __slots__ = (
        "abstract",
        "attachments",
        "callbacks",
        "companions",
        "database_identifier",
        "declarations",
        "default_conditions",
        "default_setters",
        "defaults",
        "descriptors",
        "kept",
        "key_name",
        "members",
        "model",
        "nested",
        "passwords",
        "relationships",
        "schema",
        "scopes",
        "secrets",
        "setters",
        "soft_delete",
        "state_machines",
        "table_name",
        "tenant_database",
        "types",
        "validators",
    )

    def __init__(self, model: type[Record], parents: Iterable[Definition]) -> None:
        self.model = model
        self.abstract = False
        self.table_name = tableize(model.__name__)
        self.key_name = "id"
        self.database_identifier = "default"
        #: The database's name inside a tenant's block, or what tells it by the tenant.
        self.tenant_database: str | Callable[[Any], str | None] | None = None
        self.relationships: dict[str, Relationship[Any]] = {}
        self.nested: dict[str, NestedAttributes] = {}
        self.scopes: dict[str, Callable[..., Any]] = {}
        self.validators: list[Validator] = []
        self.callbacks = Callbacks()
        #: Declared for single attributes: types (or what makes one for a column), defaults of new
        #: records, descriptors that take the place of the usual ones, and what may set defaults
        #: where assigning may not.
        self.types: dict[str, ColumnType | Callable[[Column], ColumnType]] = {}
        self.defaults: dict[str, Any] = {}
        self.descriptors: dict[str, Callable[[AttributeSchema], Attribute[Any]]] = {}
        self.default_setters: dict[str, Callable[[Any, Any], None]] = {}
        #: What every query of the model starts with.
        self.default_conditions: tuple[Condition, ...] = ()
        #: The column that marks a destroyed row, where rows stay.
        self.soft_delete: str | None = None
        self.state_machines: dict[str, StateMachine] = {}
        self.passwords: dict[str, PasswordDeclaration] = {}
        #: Columns that are left out wherever a record is shown as a whole.
        self.secrets: frozenset[str] = frozenset()
        #: What declared all this, with its name, and the members that each of them made, by theirs.
        self.declarations: dict[Declaration, str] = {}
        self.members: dict[str, str] = {}
        #: Models that were made for this one, whose tables are read with its own.
        self.companions: list[type[Record]] = []
        #: Relationships to the files of a record.
        self.attachments: tuple[AttachmentRelationship, ...] = ()
        #: Relationships to parents whose rows count or are touched.
        self.kept: tuple[BelongsTo[Any], ...] = ()
        self.schema: ModelSchema | None = None
        self.setters: dict[str, Callable[[Any, Any], None]] = {}
        for parent in parents:
            self._inherit(parent)

    def _inherit(self, parent: Definition) -> None:
        self.database_identifier = parent.database_identifier
        self.tenant_database = parent.tenant_database
        self.key_name = parent.key_name
        self.relationships |= parent.relationships
        self.nested |= parent.nested
        self.scopes |= parent.scopes
        self.validators += [one for one in parent.validators if one not in self.validators]
        self.callbacks.inherit(parent.callbacks)
        self.soft_delete = parent.soft_delete or self.soft_delete
        self.declarations |= parent.declarations
        self.members |= parent.members
        self.state_machines |= parent.state_machines
        self.passwords |= parent.passwords
        self.secrets |= parent.secrets
        self.companions += [one for one in parent.companions if one not in self.companions]
        self.types |= parent.types
        self.defaults |= parent.defaults
        self.descriptors |= parent.descriptors
        self.default_setters |= parent.default_setters
        self.default_conditions += tuple(
            one for one in parent.default_conditions if one not in self.default_conditions
        )

    @property
    def validates(self) -> bool:
        """Whether a save has anything to run before it writes."""
        return bool(self.validators or self.nested or self.callbacks.validates)

    # The table

    def database(self) -> Database:
        """The database this model lives in, of the current configuration."""
        configuration = current.configuration()
        if configuration.remote_models:
            backend: Any = configuration.remote_models.get(self.model.__name__)
            if backend is not None:
                return backend
        if self.tenant_database is None:
            return configuration.database(self.database_identifier)
        return configuration.model_database(
            self.model, self.database_identifier, self.tenant_database
        )

    def remote_home(self) -> Backend | None:
        """The backend behind which the model's rows are; None where a database of our own has them,
        or no configuration says yet.
        """
        configuration = current.opened()
        if configuration is None:
            return None
        backend = configuration.remote_models.get(self.model.__name__)
        return backend or configuration.backends.get(self.database_identifier)

    def schema_in_use(self) -> ModelSchema | None:
        """The table as it was read from the current database, or None where it has to be read
        (again).
        """
        schema = self.schema
        if schema is None:
            return None
        configuration = current.configuration()
        if schema.configuration is not configuration:
            return self._take_turn(schema, configuration)
        return schema if schema.version == schema.database.schema_version else None

    def _take_turn(self, other: ModelSchema, configuration: Configuration) -> ModelSchema | None:
        """The table as it was read for *configuration*, where *other* was used last; None where it
        was not, or its rows are laid out in another way.
        """
        known = configuration.schemas.get(self.model)
        if (
            known is None
            or known.layout is not other.layout
            or known.version != known.database.schema_version
        ):
            return None
        self.schema = known
        return known

    def schema_or_fail(self) -> ModelSchema:
        """As :meth:`schema_in_use`. Raises SchemaNotLoadedError."""
        schema = self.schema_in_use()
        if schema is None:
            raise SchemaNotLoadedError(self.model.__name__, self.table_name)
        return schema

    async def ready(self) -> ModelSchema:
        """The table, read now if need be.

        Raises:
            UnknownTableError: where the database does not have it.
            RecordError: for an abstract class, or a table without a usable primary key.
        """
        known = self.schema_in_use()
        if known is not None:
            return known
        if self.abstract:
            raise RecordError(
                f"{self.model.__name__} is abstract: it has no table. Query one of its subclasses."
            )
        configuration = current.configuration()
        database = self.database()
        version = database.schema_version
        home = database.remote_home
        table = await (database.table(self.table_name) if home is None else home.table_of(self))
        like = self._local_schema() if home is not None else None
        if like is not None:
            table = table.laid_out_like(like.table)
        schema = ModelSchema(
            self.model, configuration, database, table, self.relationships, self.types, like
        )
        schema.version = version
        for companion in self.companions if home is None else ():
            await companion._definition.ready()
        self._install(schema)
        configuration.schemas[self.model] = schema
        return schema

    def _local_schema(self) -> ModelSchema | None:
        """The table in a database of our own, which another open configuration has: a class that
        has rows in both places reads all of them by the same attributes.
        """
        known = self.schema
        if known is not None and known.remote is not None:
            known = known.like
        return known if known is not None and current.is_open(known.configuration) else None

    async def ready_if_table_exists(self) -> None:
        """Read the table; leave the model as it is where a migration has yet to make it."""
        if self.abstract:
            return
        try:
            await self.ready()
        except (UnknownTableError, TenantError):
            # The table, or whose it is, is known later.
            self.schema = None

    def _install(self, schema: ModelSchema) -> None:
        if self.key_name not in schema.attributes:
            self.key_name = self._only_key(schema.table)
        schema.primary_key = self.key_name
        self._find_kept()
        files: Any = [one for one in self.relationships.values() if one.holds_files]
        self.attachments = tuple(files)
        keys = self._foreign_keys()
        self._forget_attributes(schema)
        for name, attribute in schema.attributes.items():
            if not self._is_taken(name):
                make = self.descriptors.get(name)
                descriptor = (
                    make(attribute) if make else attribute_for(attribute, keys.get(name, ()))
                )
                setattr(self.model, name, descriptor)
                if make is None:
                    schema.casts[name] = (attribute.type.native, attribute.type.cast, name in keys)
        self.schema = schema
        self.setters = self._setters(schema)

    def _find_kept(self) -> None:
        self.kept = tuple(
            one
            for one in self.relationships.values()
            if isinstance(one, BelongsTo) and (one.counter_cache or one.touch)
        )
        self.callbacks.saves_simply = self.callbacks.saves_simply and not self.kept

    def _only_key(self, table: Table) -> str:
        """The one column of the primary key. Raises RecordError: a record that is updated or
        destroyed by a part of its key would take other rows along.
        """
        if len(table.primary_key) != 1:
            has = f"the key ({', '.join(table.primary_key)})" if table.primary_key else "no key"
            raise RecordError(
                f"{self.model.__name__} needs a primary key of one column, but the table "
                f"{table.name!r} has {has}. Add an id in a migration, or name a column whose "
                'values are unique: primary_key = "…".'
            )
        return table.primary_key[0]

    def _forget_attributes(self, schema: ModelSchema) -> None:
        """Drop descriptors made for another table: a parent's, or this one before it changed."""
        for name, value in list(vars(self.model).items()):
            if isinstance(value, Attribute | AbsentAttribute):
                delattr(self.model, name)
        for base in self.model.__mro__[1:]:
            for name, value in vars(base).items():
                if isinstance(value, Attribute) and name not in schema.attributes:
                    setattr(self.model, name, AbsentAttribute(name))

    def _foreign_keys(self) -> dict[str, tuple[str, ...]]:
        keys: dict[str, tuple[str, ...]] = {}
        for name, relationship in self.relationships.items():
            if relationship.holds_key:
                for column in relationship.key_columns():
                    keys[column] = (*keys.get(column, ()), name)
        return keys

    def _is_taken(self, name: str) -> bool:
        # A method of Record, or a property of the application's own, keeps its name; the column
        # stays reachable with record.read(name) and record.write(name, value).
        existing = _static_attribute(self.model, name)
        return existing is not None and not hasattr(existing, "native")

    def _setters(self, schema: ModelSchema) -> dict[str, Callable[[Any, Any], None]]:
        keys = self._foreign_keys()
        setters: dict[str, Callable[[Any, Any], None]] = {
            name: attribute_for(attribute, keys.get(name, ())).__set__
            for name, attribute in schema.attributes.items()
        }
        # Record's own properties are no attributes.
        bases = [base for base in self.model.__mro__ if base.__module__ != _RECORD_MODULE]
        for base in reversed(bases):
            for name, value in vars(base).items():
                if not name.startswith("_") and hasattr(value, "__set__"):
                    setters[name] = value.__set__
        absent = [
            name for name in setters if isinstance(vars(self.model).get(name), AbsentAttribute)
        ]
        for name in absent:
            del setters[name]
        return setters


_RECORD_MODULE = "velocious.record.record"


def _static_attribute(model: type, name: str) -> Any:
    for base in model.__mro__:
        if name in vars(base):
            return vars(base)[name]
    return None
