"""``avatar = has_one_attachment()``: files of a record, declared in its class body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, overload

from velocious.errors import AttachmentInputError
from velocious.record.attachments.relationship import AttachmentRelationship
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from velocious.record.attachments.many_attachments import ManyAttachments
    from velocious.record.attachments.one_attachment import OneAttachment
    from velocious.record.record import Record


class HasOneAttachment(AttachmentRelationship):
    """One file; a new one takes its place."""

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> OneAttachment: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        from velocious.record.attachments.one_attachment import OneAttachment

        return OneAttachment(record, self)

    def __set__(self, record: Record, value: Any) -> None:
        from velocious.record.attachments.queue import Queue

        sources = [] if value is None else [self.accepted(value)]
        self.put_queue(record, Queue(sources, replaces=True))


class HasManyAttachments(AttachmentRelationship):
    """Files in an order."""

    many = True

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> ManyAttachments: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        from velocious.record.attachments.many_attachments import ManyAttachments

        return ManyAttachments(record, self)

    def __set__(self, record: Record, value: Any) -> None:
        from velocious.record.attachments.queue import Queue

        if not isinstance(value, list | tuple):
            raise AttachmentInputError(
                f"{type(record).__name__}.{self.name} is assigned a list of files, not {value!r}. "
                f"Add one with .{self.name}.queue(…)."
            )
        order = tuple(
            str(one.id) if self._is_own(record, one) else self.accepted(one)
            for one in cast("Sequence[Any]", value)
        )
        sources = [one for one in order if not isinstance(one, str)]
        kept = {one for one in order if isinstance(one, str)}
        self.put_queue(record, Queue(sources, replaces=True, kept=kept, order=order))

    def _is_own(self, record: Record, given: Any) -> bool:
        """Whether *given* is a row of this attachment of *record*, not of another one."""
        if record._state == NEW or not isinstance(given, self.model_of(record)):
            return False
        wanted = self.conditions(record)
        return all(given.read(name) == value for name, value in wanted.items())


def has_one_attachment(
    *,
    storage: str | None = None,
    maximum_size: int | None = None,
    allow_path_input: bool = False,
    allowed_path_prefixes: Sequence[str] = (),
    cohort: bool = True,
) -> HasOneAttachment:
    """One file of the record::

        avatar = has_one_attachment(maximum_size=5 * 1024 * 1024)

        user = await User.create(avatar={"content": png, "filename": "me.png"})
        await user.avatar.attach(upload)        # stored now
        user.avatar = None                      # removed with the next save

    *storage* is one of the configuration's, by name. ``{"path": …}`` is taken only with
    *allow_path_input*, from inside *allowed_path_prefixes* (none, if empty).
    """
    return HasOneAttachment(
        storage=storage,
        maximum_size=maximum_size,
        allow_path_input=allow_path_input,
        allowed_path_prefixes=allowed_path_prefixes,
        cohort=cohort,
    )


def has_many_attachments(
    *,
    storage: str | None = None,
    maximum_size: int | None = None,
    allow_path_input: bool = False,
    allowed_path_prefixes: Sequence[str] = (),
    cohort: bool = True,
) -> HasManyAttachments:
    """Files of the record, in an order; see :func:`has_one_attachment`::

    documents = has_many_attachments()

    await report.documents.attach(first, second)
    report.documents = [third]              # takes the place of all, with the next save
    """
    return HasManyAttachments(
        storage=storage,
        maximum_size=maximum_size,
        allow_path_input=allow_path_input,
        allowed_path_prefixes=allowed_path_prefixes,
        cohort=cohort,
    )
