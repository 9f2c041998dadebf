"""``Resource``: what clients may see and do of one model, and what they may name.

Law: nothing listed, nothing exposed. The lists say what there is; the rules in ``abilities`` say
whose. A method that is overridden is trusted with what it returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from velocious.authorization import BaseResource
from velocious.errors import ResourceDeclarationError
from velocious.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from velocious.controller.controller import Controller
    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure


class Resource(BaseResource):
    """What is exposed of one model, in ``app/resources``::

        class TaskResource(Resource):
            model = Task
            attributes = ["id", "name", "done", "overdue"]
            writable = ["name", "done"]
            filterable = sortable = ["id", "name", "done"]
            relationships = ["project"]

            def abilities(self):
                self.can("manage", project={"owner_id": self.user.id})

            async def overdue_attribute(self, task):
                return task.due_at is not None and task.due_at < datetime.now(UTC)

    An attribute that is no column is a method ``<name>_attribute(record)``, and
    ``set_<name>_attribute(record, value)`` where it is written; both plain or ``async``.

    Attributes:
        attributes: what may be read.
        writable: what may be written.
        filterable: what conditions may name.
        sortable: what rows may be sorted by.
        pluckable: what may be plucked and grouped by.
        blind_keys: those of ``writable`` that may lead to records which their writer may not read,
            as that of a message to somebody.
        translated: attributes with a text per locale, which are read in the current one.
        relationships: what may be followed and preloaded. Its models have resources of their own.
        attachments: whose files may be fetched, and attached where they are in ``writable``, too.
        nested: relationships whose records are written with their owner: name → a mapping of
            ``attributes`` (a list), ``allow_destroy`` and ``limit``.
        page_size: rows of a page whose size nobody said.
        max_page_size: most rows of one answer.
    """

    attributes: ClassVar[Sequence[str]] = ()
    writable: ClassVar[Sequence[str]] = ()
    filterable: ClassVar[Sequence[str]] = ()
    sortable: ClassVar[Sequence[str]] = ()
    pluckable: ClassVar[Sequence[str]] = ()
    blind_keys: ClassVar[Sequence[str]] = ()
    translated: ClassVar[Sequence[str]] = ()
    relationships: ClassVar[Sequence[str]] = ()
    attachments: ClassVar[Sequence[str]] = ()
    nested: ClassVar[Mapping[str, Any]] = {}
    page_size: ClassVar[int] = 30
    max_page_size: ClassVar[int] = 200

    _asking: Asking
    _exposure: Exposure

    @classmethod
    def for_asking(cls, asking: Asking, exposure: Exposure) -> Self:
        """The resource that answers *asking*."""
        resource = cls(asking.ability)
        resource._asking = asking
        resource._exposure = exposure
        return resource

    @property
    def controller(self) -> Controller:
        """The controller of the request that is answered: its session, cookies and headers.

        Raises:
            ResourceDeclarationError: there is no request: a live event is told.
        """
        found = self._asking.controller
        if found is None:
            raise ResourceDeclarationError(
                f"{type(self).__name__} asks for its controller while a live event is told, which "
                "is no request. Use self.user and self.context there."
            )
        return found

    # To override

    async def before_action(self, action: str, payload: Mapping[str, Any]) -> Any:
        """Runs before every command, with what the client sent; False halts it."""

    def records(self) -> Query[Any]:
        """The records that clients may ever reach, before any rule: all of the model."""
        return Query(self._exposure.model)

    def permitted_params(self, action: str, params: Mapping[str, Any]) -> Sequence[str]:
        """The attributes that this command (``"create"`` or ``"update"``) may write, of *params*,
        which are called as in ``writable`` whatever the client called them.
        """
        return self._exposure.writable

    async def find(self, query: Query[Any], key: Any) -> Record | None:
        """The record of *query* with the primary key *key*."""
        from velocious.errors import RecordNotFoundError

        try:
            return await query.find(key)
        except RecordNotFoundError:
            return None

    async def create(self, attributes: Mapping[str, Any]) -> Record:
        """Store a new record with *attributes*, which may all be written."""
        from velocious.resource.assigning import assign

        record = self._exposure.model()
        await assign(self, record, attributes)
        return await record.save()

    async def update(self, record: Record, attributes: Mapping[str, Any]) -> Record:
        """Store *attributes*, which may all be written."""
        from velocious.resource.assigning import assign

        await assign(self, record, attributes)
        return await record.save()

    async def destroy(self, record: Record) -> None:
        """Remove *record*."""
        await record.destroy()

    async def serialize(self, record: Record, names: Sequence[str], action: str) -> dict[str, Any]:
        """What is sent of *record*: the attributes *names*, which may all be read."""
        from velocious.resource.serializing import attributes_of

        return await attributes_of(self, record, names)
