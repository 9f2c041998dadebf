"""The pragmas a connection is opened with.

Law: a name that SQLite does not know raises, and a value is a number or one word, so that nothing
else enters the SQL.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.database.settings import DatabaseSettings

type Pragmas = Mapping[str, str | int]

#: WAL: readers and the writer do not wait for each other. NORMAL survives the death of the process;
#: a loss of power may take the last commits with it (never the database): ``pragmas={"synchronous":
#: "full"}`` keeps those, too.
DEFAULTS: Pragmas = {
    "journal_mode": "wal",
    "foreign_keys": "on",
    "synchronous": "normal",
    "temp_store": "memory",
    # Whoever waits for a lock waits on the event loop, not inside SQLite.
    "busy_timeout": 0,
}

#: The pragmas that set something on a connection, as of SQLite 3.39.
KNOWN = frozenset(
    "analysis_limit auto_vacuum automatic_index cache_size cache_spill case_sensitive_like "
    "cell_size_check checkpoint_fullfsync defer_foreign_keys encoding foreign_keys fullfsync "
    "hard_heap_limit ignore_check_constraints journal_mode journal_size_limit legacy_alter_table "
    "locking_mode max_page_count mmap_size page_size recursive_triggers reverse_unordered_selects "
    "secure_delete soft_heap_limit synchronous temp_store threads trusted_schema "
    "wal_autocheckpoint".split()
)

_VALUE = re.compile(r"-?\d+|[A-Za-z_][A-Za-z0-9_-]*")


def pragmas_for(settings: DatabaseSettings, environment: Pragmas) -> dict[str, str | int]:
    """The defaults, then those of the *environment*, then the user's.

    Raises:
        UnknownOptionError: for a name that is not a settable pragma.
        ConfigurationError: for a value that is neither a number nor a word.
    """
    for name, value in settings.pragmas.items():
        _check(settings.identifier, name, value)
    given = {name.lower(): value for name, value in settings.pragmas.items()}
    return {**DEFAULTS, **environment, **given}


def pragma_sql(name: str, value: str | int) -> str:
    """The statement that sets a pragma."""
    return f"PRAGMA {name} = {int(value) if isinstance(value, int) else value}"


def syncs_on_commit(pragmas: Pragmas) -> bool:
    """Whether a commit waits for the disk."""
    synchronous = str(pragmas["synchronous"]).lower()
    if str(pragmas["journal_mode"]).lower() == "wal":
        return synchronous in ("full", "2", "extra", "3")
    return synchronous not in ("off", "0")


def _check(identifier: str, name: str, value: object) -> None:
    if name.lower() not in KNOWN:
        raise UnknownOptionError(f"The mapping pragmas of the database {identifier!r}", name, KNOWN)
    if not isinstance(value, int) and not (isinstance(value, str) and _VALUE.fullmatch(value)):
        raise ConfigurationError(
            f"The pragma {name!r} of the database {identifier!r} has the value {value!r}. "
            'Give it a number or a word, for example pragmas={"synchronous": "full"}.'
        )
