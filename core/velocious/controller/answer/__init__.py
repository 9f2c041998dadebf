"""The answer of an action: its status, its headers, where it leads."""

from __future__ import annotations

from velocious.controller.answer.answer import JSON as JSON
from velocious.controller.answer.answer import Answer as Answer
