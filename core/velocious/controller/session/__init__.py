"""The session: what an application remembers of a visitor from request to request."""

from __future__ import annotations

from velocious.controller.session.ending import end_sessions as end_sessions
from velocious.controller.session.session import Session as Session
