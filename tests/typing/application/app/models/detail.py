"""A detail."""

from __future__ import annotations

from app.model_bases.detail import DetailBase

from velocious.record import belongs_to


class Detail(DetailBase):
    """What is known of a project besides."""

    project = belongs_to("Project")
