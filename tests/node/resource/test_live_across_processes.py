"""Live events of what another process saved, through Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.node import redis
from tests.node.resource.test_live_events import RESOURCES, Listeners, ability_of, by_query
from tests.suites.models import MODELS, SCHEMA, Task
from velocious.current import use
from velocious.routing import Routes

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment


async def test_what_a_job_saves_is_heard_by_who_listens_to_a_server(
    sqlite_environment: TestEnvironment,
) -> None:
    routes = Routes()
    routes.realtime("/realtime", upgrade=by_query)
    async with redis.prefix() as prefix:
        realtime = {"redis": {"url": redis.URL, "prefix": prefix, **redis.QUICK}}
        async with sqlite_environment.application(
            models=MODELS, schema=SCHEMA, resources=RESOURCES, realtime=realtime
        ) as job:
            url = job.databases["default"].settings.url
            async with sqlite_environment.client(
                databases={"default": url},
                models=MODELS,
                routes=routes,
                resources=RESOURCES,
                ability_resolver=ability_of,
                realtime=realtime,
            ) as server:
                board = Listeners(server)
                async with board.one("admin") as admin, board.one("apollo") as apollo:
                    await admin.hears("sub.ok")
                    await apollo.hears("sub.ok")
                    with use(job):
                        task = await Task.create(name="by a job")
                    told = await admin.hears("event")
                    assert told["data"]["record"]["name"] == "by a job"
                    with use(job):
                        await task.destroy()
                    assert (await admin.hears("event"))["data"] == {
                        "action": "destroy",
                        "id": task.id,
                        "model": "Task",
                    }
                    assert await board.told(apollo) == []
