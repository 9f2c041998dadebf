"""Whose a request is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.unit.controller.answers import client_of
from velocious import Current
from velocious.configuration import Configuration
from velocious.controller import Controller

if TYPE_CHECKING:
    from pathlib import Path


class RowsController(Controller):
    async def add(self) -> None:
        database = Configuration.current().database()
        await database.execute("CREATE TABLE IF NOT EXISTS rows (tenant TEXT)")
        await database.execute("INSERT INTO rows VALUES (?)", (Current.tenant(),))
        await asyncio.sleep(0)
        rows = await database.fetch("SELECT tenant FROM rows")
        self.render(json={"tenant": Current.tenant(), "rows": [tenant for (tenant,) in rows]})


async def test_a_request_runs_for_the_tenant_that_the_resolver_names(tmp_path: Path) -> None:
    def tenant_of(*, request: Any, params: Any) -> str:
        return params.get("tenant") or request.headers["x-tenant"]

    def database_of(*, identifier: str, settings: dict[str, Any], tenant: str) -> str:
        return f"sqlite:///{tmp_path}/{tenant}.sqlite3"

    async with client_of(
        RowsController, tenant_resolver=tenant_of, tenant_database_resolver=database_of
    ) as client:
        first = await client.get("/add?tenant=acme")
        assert first.json() == {"tenant": "acme", "rows": ["acme"]}
        answers = await asyncio.gather(
            *(client.get("/add", headers={"x-tenant": name}) for name in ("acme", "blue") * 5)
        )
        for name, answer in zip(("acme", "blue") * 5, answers, strict=True):
            assert answer.json()["tenant"] == name
            assert set(answer.json()["rows"]) == {name}
        assert Current.tenant() is None


async def test_the_resolver_may_be_async_and_find_nobody() -> None:
    async def tenant_of(*, request: Any, params: Any) -> None:
        await asyncio.sleep(0)

    async with client_of(RowsController, tenant_resolver=tenant_of) as client:
        assert (await client.get("/add")).json() == {"tenant": None, "rows": [None]}
