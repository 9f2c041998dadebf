"""What a backend exposes of its models, and to whom.

Law: nothing listed, nothing exposed. Whatever a client says becomes a query of records, one gate
walks that query, and it sees only rows that the client's ability may read.
"""

from __future__ import annotations

from velocious.resource.command import command as command
from velocious.resource.resource import Resource as Resource
