"""Frontend models: records whose home is a backend, asked with the same queries as any other.

Law: a remote model is a :class:`~velocious.record.Record`; what differs is where its rows are.
Nothing here is imported before a configuration names a backend, or a class derives from
:class:`FrontendModel`.
"""

from __future__ import annotations

from velocious.frontend_model.backend import Backend as Backend
from velocious.frontend_model.calling import call as call
from velocious.frontend_model.frontend_model import FrontendModel as FrontendModel
