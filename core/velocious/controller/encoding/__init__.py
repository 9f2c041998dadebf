"""JSON of values, records and queries."""

from __future__ import annotations

from velocious.controller.encoding.encoding import query_json as query_json
from velocious.controller.encoding.encoding import to_json as to_json
