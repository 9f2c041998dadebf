"""``tenants:migrate``: every tenant gets its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.test_tenants import CreateNotes, names_of, place
from velocious.cli.command import Invocation
from velocious.cli.commands.tenants_migrate import tenants_migrate
from velocious.cli.output import TextOutput
from velocious.errors import CommandError, ConfigurationError
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


async def run(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> str:
    provider = ListedMigrations([CreateNotes])
    monkeypatch.setattr(configuration, "migration_provider", lambda: provider)
    output = TextOutput()
    try:
        await tenants_migrate.body(Invocation(output, configuration))
    except CommandError as error:
        return f"{output.text}{error}"
    return output.text


async def test_every_tenant_is_migrated_once(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def all_tenants() -> list[str]:
        return ["acme", "blue"]

    async with place(environment) as found, found.configuration(tenants=all_tenants) as opened:
        text = await run(opened, monkeypatch)
        assert "acme: default\n" in text
        assert "2 tenants are up to date." in text
        assert await names_of(opened, "acme") == await names_of(opened, "blue") == []
        assert await opened.database().table_names() == []
        assert "Running" not in await run(opened, monkeypatch)


async def test_one_that_fails_does_not_stop_the_others(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(environment) as found:

        def resolve(*, identifier: str, settings: dict[str, Any], tenant: str) -> Any:
            if identifier != "default":
                return None
            return {"url": found.url(tenant), "read_only": tenant == "blue"}

        async with found.configuration(
            tenants=lambda: ("blue", "acme"), tenant_database_resolver=resolve
        ) as opened:
            text = await run(opened, monkeypatch)
            assert "Failed: blue" in text
            assert "1 of 2 tenants were not migrated: blue" in text
            assert await names_of(opened, "acme") == []


async def test_without_a_list_of_tenants_it_says_how_to_give_one(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(environment) as found, found.configuration() as opened:
        with pytest.raises(ConfigurationError, match=r"Configuration\(tenants=…\)"):
            await run(opened, monkeypatch)
