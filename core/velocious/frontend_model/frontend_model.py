"""``FrontendModel``: a model that has no table anywhere but behind a backend."""

from __future__ import annotations

from typing import ClassVar

from velocious.record.record import Record


class FrontendModel(Record):
    """The base of models whose rows a backend keeps.

    ::

        class Task(FrontendModel):
            project = belongs_to("Project")

        Configuration(databases={"backend": {"backend": "https://example.com"}}, …)

    ``velocious g:frontend-models`` writes one for each resource of an application. A model that is
    local elsewhere derives from :class:`~velocious.record.Record` instead, and its configuration
    says where its rows are.
    """

    abstract = True
    database_identifier = "backend"
    is_frontend: ClassVar[bool] = True
