"""``Backend``: what stands where a database would, for models whose rows are elsewhere.

Law: it answers what a query or a record asks, by commands, and raises for everything that needs a
database of one's own, before anything is sent.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from velocious.database.changes import Change
from velocious.errors import NotRemoteError, RemoteError, RequestError
from velocious.frontend_model import related
from velocious.frontend_model.command import Command, member
from velocious.frontend_model.describing import Descriptions, describes_itself
from velocious.frontend_model.planning import FindStatement, plan
from velocious.frontend_model.reading import read
from velocious.frontend_model.received import received
from velocious.frontend_model.refusals import raise_refusal
from velocious.frontend_model.rows import OTHERS, first_of
from velocious.sql.dialects.base import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from velocious.configuration import Configuration
    from velocious.database.driver import Capabilities
    from velocious.database.schema import Table
    from velocious.frontend_model.hearing import Hearings
    from velocious.frontend_model.planning import Statement
    from velocious.frontend_model.settings import BackendSettings
    from velocious.frontend_model.transport.transport import Transport
    from velocious.query.plan import Plan
    from velocious.record.attachments.inputs import Source
    from velocious.record.attachments.relationship import AttachmentRelationship
    from velocious.record.definition import Definition
    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship
    from velocious.record.schema import ModelSchema

_log = logging.getLogger("velocious.frontend_model")

#: Seconds that a start waits for what a backend shows.
LOADING = 5.0
#: It writes no SQL, but names and types are resolved as everywhere.
DIALECT = Dialect()


class Backend:
    """The rows of models that a backend keeps.

    Attributes:
        identifier: the name in the configuration.
        settings: how it is reached.
        transport: what sends commands to it.
        schema_version: grows when what was known of its models may have become wrong.
        place: where it is, for those who follow changes.
    """

    dialect: ClassVar[Dialect] = DIALECT

    def __init__(self, configuration: Configuration, settings: BackendSettings) -> None:
        # Imported here: who only describes queries sends nothing.
        from velocious.frontend_model.transport.transport import Transport

        self.identifier = settings.identifier
        self.settings = settings
        self.schema_version = 0
        self.place = f"backend:{settings.identifier}"
        self.transport: Transport = Transport(configuration, settings)
        self.configuration = configuration
        self._hearings: Hearings | None = None
        self._unknown: frozenset[str] = OTHERS
        self._descriptions = Descriptions(self)

    def __repr__(self) -> str:
        return f"<Backend {self.identifier!r} {self.settings.shown}>"

    @property
    def remote_home(self) -> Self:
        """It: models whose schema names one are remote."""
        return self

    @property
    def capabilities(self) -> Capabilities:
        """None of a database's."""
        from velocious.database.driver import Capabilities

        return Capabilities()

    async def close(self) -> None:
        """Let go of its connections; safe to call twice."""
        if self._hearings is not None:
            self._hearings.close()
            self._hearings = None
        await self.transport.close()

    # Commands

    async def run(self, command: Command) -> dict[str, Any]:
        """What the backend says to *command*.

        Raises:
            BackendUnreachableError: it says nothing.
            BackendAnswerError: what it says makes no sense.
            RecordNotFoundError, ValidationError, AccessDeniedError, CommandRefusedError: it
                refuses.
        """
        response = await self.transport.ask(command)
        if response.get("status") == "error":
            raise_refusal(command, response)
        return response

    # What a schema needs

    async def table_of(self, definition: Definition) -> Table:
        """What the backend shows of a model, as a table; asked once and remembered."""
        return await self._descriptions.table_of(definition)

    async def load(self, models: Sequence[type[Record]]) -> None:
        """Ask what the backend shows of *models*, all at once; what it does not say soon is asked
        for when it is needed.
        """
        try:
            async with asyncio.timeout(LOADING):
                asked = (one._definition.ready() for one in models)
                answers = await asyncio.gather(*asked, return_exceptions=True)
        except TimeoutError:
            _log.warning("%r has not said in time what it shows", self)
            return
        for model, answer in zip(models, answers, strict=True):
            if isinstance(answer, BaseException):
                if not isinstance(answer, RemoteError | RequestError):
                    raise answer
                _log.info("What %r shows of %s is not known yet: %s", self, model, answer)

    async def learn(self, statement: Statement, response: Mapping[str, Any]) -> None:
        """Notice attributes that were not shown before: somebody has signed in, or the backend is a
        newer one.
        """
        said, model = first_of(response), statement.schema.model
        if said is None or said.keys() <= statement.schema.attributes.keys() | self._unknown:
            return
        if not describes_itself(model):
            self.forget_schema()
            statement.schema = await model._definition.ready()
        # What it sends and does not describe stays unknown; it is not asked about again.
        self._unknown |= said.keys() - statement.schema.attributes.keys()

    def forget_schema(self) -> None:
        """Ask anew what the backend shows of its models, when they are used next."""
        self._descriptions.forget()
        self.schema_version += 1

    # What queries need

    def plan(self, query: Any, schema: ModelSchema, key: Any) -> Plan:
        """The command that gives what *query* asks for. Raises NotRemoteError."""
        return plan(query, schema, key[0])

    def plan_find(self, schema: ModelSchema) -> tuple[FindStatement, Any]:
        """The command that finds a row by its key."""
        return FindStatement(schema), schema.attributes[schema.primary_key].type.encode

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that *statement*, of a plan, gives."""
        await self._note(statement.models)
        return await read(self, statement, values)

    def changed(self, *definitions: Definition) -> None:
        """Tell those who follow what they have read that rows of these models are others now."""
        changes = self.configuration.changes
        if changes.listening:
            tables = frozenset(one.table_name for one in definitions)
            changes.publish(Change(self.identifier, tables, self.place))

    async def _note(self, models: Sequence[type[Record]]) -> None:
        """Let a live result know what it reads, and hear of that."""
        from velocious.database.transaction import innermost

        link = innermost.get()
        if link is None or link.reading is None:
            return
        tables = ", ".join(one._definition.table_name for one in models)
        link.reading.note(self.place, f"SELECT * FROM {tables}")
        mine = [one for one in models if one._definition.remote_home() is self]
        await self.hearings.follow(tuple(mine))

    # What happens

    @property
    def hearings(self) -> Hearings:
        """What is heard of its records."""
        if self._hearings is None:
            # Imported here: most programs ask, and do not listen.
            from velocious.frontend_model.hearing import Hearings

            self._hearings = Hearings(self)
        return self._hearings

    def realtime(self, model: type[Record]) -> Any:
        """The realtime client. Raises NotRemoteError where there is none."""
        from velocious.frontend_model.hearing import realtime_of

        return realtime_of(self, model)

    async def listen(
        self,
        model: type[Record],
        action: str,
        callback: Callable[[Any], object],
        record: Record | None,
    ) -> Any:
        """Call *callback* with what happens, until ``.stop()`` of what is returned."""
        return await self.hearings.listen(model, action, callback, record)

    async def unpack(self, model: type[Record], records: Sequence[Record]) -> None:
        """Put what came with *records* into their relationships."""
        await related.unpack(model, records)

    async def fetch_related(
        self, relationship: Relationship[Any], owners: Sequence[Record]
    ) -> list[list[Record]]:
        """For each of *owners*, the records of *relationship*, which the backend goes along."""
        return await related.fetch(self, relationship, owners)

    def reaches(self, relationship: Relationship[Any]) -> bool:
        """Whether the target's rows are behind this backend, too."""
        if relationship.polymorphic or relationship.holds_files:
            return False
        return relationship.target()._definition.remote_home() is self

    # What records need

    async def save(self, record: Record, *, validate: bool, context: str | None) -> None:
        """Create or update *record*: validations and callbacks of the class first, then the
        backend's.
        """
        # Imported here: many only read.
        from velocious.frontend_model.saving import save

        await save(self, record, validate=validate, context=context)

    async def destroy(self, record: Record) -> None:
        """Destroy *record*."""
        from velocious.frontend_model.saving import destroy

        await destroy(self, record)

    async def attach(
        self, record: Record, relationship: AttachmentRelationship, sources: Sequence[Source]
    ) -> list[Any]:
        """Store *sources* as files of *record* now."""
        from velocious.frontend_model.files import attach

        return await attach(record, relationship, sources)

    def file_of(self, record: Record, relationship: AttachmentRelationship) -> Any:
        """The one file of *record*, whether there is one or not."""
        from velocious.frontend_model.files import RemoteFile

        return RemoteFile(record, relationship.name)

    # What only a database has

    def current_transaction(self) -> None:
        """There is none."""
        return None

    def transaction(self) -> NoReturn:
        raise NotRemoteError(
            self._name,
            "a transaction",
            "Each command is one of its own there: save related records together as nested "
            "attributes, or add a command to the resource.",
        )

    def advisory_lock(self, name: str, *_: Any, **__: Any) -> NoReturn:
        raise NotRemoteError(self._name, f"the lock {name!r}", "Take it in a command over there.")

    async def execute(self, *_: Any, **__: Any) -> NoReturn:
        raise NotRemoteError(
            self._name, "a statement of SQL", "Save records one by one, or add a command."
        )

    execute_many = execute
    execute_script = execute

    @property
    def _name(self) -> str:
        return f"What the backend {self.identifier!r} keeps"

    # Commands of the application's own

    async def call(
        self, model: type[Record], name: str, key: Any, arguments: Mapping[str, Any]
    ) -> Any:
        """What the resource's command *name* returns, about the record *key* where there is one:
        records in it are records.
        """
        response = await self.run(Command(model.__name__, name, arguments, own=True, key=key))
        return await received(response.get("result"), model)

    # What is known of the models

    async def described(self, model: str) -> dict[str, Any]:
        """What the backend says that it exposes of *model*."""
        response = await self.run(Command(model, "describe"))
        return member(response, "resource", dict, self.settings.shown)

    def shown_of(self, model: type[Record]) -> Mapping[str, Any]:
        """The description of *model*, whose table has been read."""
        return self._descriptions.known(model)
