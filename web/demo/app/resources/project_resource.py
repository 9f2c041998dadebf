"""What clients of the server may see of projects, and who may do what with them."""

from __future__ import annotations

from app.models.project import Project

from velocious.resource import Resource


class ProjectResource(Resource):
    """All may be read and made; to rename and to delete them takes somebody who may do
    everything.
    """

    model = Project
    attributes = ("id", "name")
    writable = ("name",)
    filterable = ("id", "name")
    sortable = ("id", "name")
    relationships = ("tasks",)
    max_page_size = 1000

    def abilities(self) -> None:
        if self.user is None:
            return
        if self.user.may_everything:
            self.can("manage")
            return
        who = self.user.name
        self.can(["read", "create"])
        self.cannot("update", reason=f"{who} may not rename projects. Ada may.")
        self.cannot("destroy", reason=f"{who} may not delete projects. Ada may.")
