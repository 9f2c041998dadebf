"""Queries: immutable descriptions of rows, compiled once per shape."""

from __future__ import annotations

from velocious.query.expressions import all_of as all_of
from velocious.query.expressions import any_of as any_of
from velocious.query.expressions import raw as raw
from velocious.query.query import Query as Query
