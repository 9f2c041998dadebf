"""``tenants:migrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.steps import show_step
from velocious.errors import CommandError, VelociousError

if TYPE_CHECKING:
    from typing import Any

    from velocious.cli.command import Invocation


@command("tenants:migrate", needs=Needs.DATABASES)
async def tenants_migrate(invocation: Invocation) -> None:
    """Run the migrations that have not run yet on the databases of every tenant.

    A tenant whose migration fails does not keep the others from theirs.
    """
    tenants = await invocation.configuration.all_tenants()
    failed = [tenant for tenant in tenants if not await _migrate(invocation, tenant)]
    if failed:
        raise CommandError(
            f"{len(failed)} of {len(tenants)} tenants were not migrated: "
            f"{', '.join(map(str, failed))}. The others were; correct what failed, and run "
            "tenants:migrate again."
        )
    invocation.output.write(f"{len(tenants)} tenants are up to date.")


async def _migrate(invocation: Invocation, tenant: Any) -> bool:
    from velocious.migration import Migrator

    configuration, output = invocation.configuration, invocation.output
    try:
        async with configuration.run_with_tenant(tenant):
            databases = configuration.databases
            own = [
                name
                for name in configuration.own_databases()
                if databases[name].settings.migrations
            ]
            output.write(f"{tenant}: {', '.join(own) or 'no database of its own'}")
            if own:
                await Migrator(configuration, *own, on_step=show_step(output)).migrate()
    except VelociousError as error:
        output.error(f"{output.style('Failed:', 'red')} {tenant}: {error}")
        return False
    return True
