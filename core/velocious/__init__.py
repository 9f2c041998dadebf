"""Velocious: models, queries, migrations, controllers and commands written once, for a server and
for the browser.

Import by domain (``from velocious.record import Record``); these are the names most programs need.
"""

from __future__ import annotations

from velocious.configuration import Configuration as Configuration
from velocious.current import Current as Current
from velocious.errors import ConfigurationError as ConfigurationError
from velocious.errors import DatabaseError as DatabaseError
from velocious.errors import QueryError as QueryError
from velocious.errors import RecordNotFoundError as RecordNotFoundError
from velocious.errors import ValidationError as ValidationError
from velocious.errors import VelociousError as VelociousError
from velocious.query import Query as Query
from velocious.query import raw as raw
from velocious.record import Record as Record
from velocious.version import __version__ as __version__
