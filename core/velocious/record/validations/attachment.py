"""``attachment={"content_types": ["image/*"], "maximum_size": 5_000_000}``: what files may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import ConfigurationError, UnknownRelationshipError
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from velocious.record.record import Record


class AttachmentValidator(Validator):
    """Files that are about to be stored have one of ``content_types`` (``"image/*"`` for all of a
    kind), between ``minimum_size`` and ``maximum_size`` bytes, and are at most ``maximum_count``.

    The type is what the client said or the name suggests. A stream that turns out to be too large
    is not kept.
    """

    options: ClassVar[tuple[str, ...]] = (
        "content_types",
        "minimum_size",
        "maximum_size",
        "maximum_count",
    )

    def configure(
        self,
        content_types: Sequence[str] | None = None,
        minimum_size: int | None = None,
        maximum_size: int | None = None,
        maximum_count: int | None = None,
    ) -> None:
        given = (content_types, minimum_size, maximum_size, maximum_count)
        if all(one is None for one in given) or isinstance(content_types, str):
            raise ConfigurationError(
                f"The attachment validation of {self.attributes} needs a list of content_types, "
                "minimum_size, maximum_size or maximum_count."
            )
        self.content_types = content_types and tuple(one.lower() for one in content_types)
        self.minimum_size = minimum_size
        self.maximum_size = maximum_size
        self.maximum_count = maximum_count

    def validate(self, record: Record) -> Awaitable[None] | None:
        for attribute in self.attributes:
            for source in self._queued(record, attribute):
                if self not in source.checked_by:
                    source.checked_by.append(self)
                self._check_type(record, attribute, source)
                self.check_size(record, attribute, source)
        return None if self.maximum_count is None else self._check_counts(record)

    def _check_type(self, record: Record, attribute: str, source: Any) -> None:
        # Imported here: models without files are declared faster without it.
        from fnmatch import fnmatchcase

        kind = source.content_type
        allowed = self.content_types
        if allowed is not None and not any(fnmatchcase(kind, one) for one in allowed):
            self.report(record, attribute, "content_type", content_type=kind)

    def check_size(self, record: Record, attribute: str, source: Any) -> None:
        """Report a size that is not allowed; that of a stream is known once it has been stored."""
        from velocious.record.attachments.saving import size_text

        size = source.size
        if size is None:
            return
        if self.maximum_size is not None and size > self.maximum_size:
            self.report(record, attribute, "file_too_large", limit=size_text(self.maximum_size))
        if self.minimum_size is not None and size < self.minimum_size:
            self.report(record, attribute, "file_too_small", limit=size_text(self.minimum_size))

    async def _check_counts(self, record: Record) -> None:
        for attribute in self.attributes:
            relationship: Any = self._relationship(record, attribute)
            queue = relationship.queue(record)
            if queue is not None and queue.sources:
                stays = await relationship.staying(record, queue)
                if len(queue.sources) + stays > (self.maximum_count or 0):
                    self.report(record, attribute, "too_many_files", count=self.maximum_count)

    def _queued(self, record: Record, attribute: str) -> Sequence[Any]:
        queue: Any = self._relationship(record, attribute).queue(record)
        return () if queue is None else queue.sources

    def _relationship(self, record: Record, attribute: str) -> Any:
        model = type(record)._definition
        found = model.relationships.get(attribute)
        if found is None or not found.holds_files:
            files = [name for name, one in model.relationships.items() if one.holds_files]
            raise UnknownRelationshipError(type(record).__name__, attribute, files)
        return found
