"""Tenants and their databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence


class TenantError(DatabaseError):
    """The database of a tenant cannot be told or used."""

    code = "tenant_error"


class TenantLimitError(TenantError):
    """More tenants' databases were wanted at once than may be open."""

    code = "tenant_limit"

    def __init__(self, limit: int, timeout: float) -> None:
        self.limit = limit
        self.timeout = timeout
        super().__init__(
            f"All {limit} places for databases of tenants stayed in use for {timeout:g} s. Leave "
            "the blocks of run_with_tenant sooner, or allow more: Configuration(tenant_limit=…)."
        )


class TenantSchemaError(TenantError):
    """The database of a tenant has not the tables that the models know from the others.

    Attributes:
        database: the identifier of the database.
        differences: what differs, one text for each.
    """

    code = "tenant_schema"

    def __init__(self, database: str, url: str, differences: Sequence[str]) -> None:
        self.database = database
        self.differences = list(differences)
        super().__init__(
            f"The database {database!r} of this tenant ({url}) differs from the one its models "
            f"were read from: {'; '.join(self.differences)}. Run the pending migrations on it: "
            "`async with configuration.run_with_tenant(…): await "
            "Migrator(configuration).migrate()`."
        )
