"""Django under ASGI, with its own ORM and the two middlewares that no project is without."""

import json
import sys
from typing import Any


def application(database: str) -> Any:
    from django.conf import settings

    settings.configure(
        SECRET_KEY="benchmark",
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
        ],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": database,
                "CONN_MAX_AGE": None,
            }
        },
    )
    import django

    django.setup()
    from django.core.asgi import get_asgi_application

    _define()
    return get_asgi_application()


def _define() -> None:
    from django.db import models
    from django.http import JsonResponse
    from django.urls import path

    class Task(models.Model):
        name = models.CharField(max_length=255)
        done = models.BooleanField()
        position = models.IntegerField()

        class Meta:
            db_table = "tasks"
            app_label = "benchmark"

    async def ping(_: Any) -> Any:
        return JsonResponse({"pong": True})

    async def echo(request: Any, id: int) -> Any:
        body = json.loads(request.body)
        answer = {"id": id, "q": request.GET["q"], "n": body["n"], "note": body["note"]}
        return JsonResponse(answer)

    async def rows(_: Any) -> Any:
        found = [
            {"id": task.id, "name": task.name, "done": task.done, "position": task.position}
            async for task in Task.objects.order_by("id")[:20]
        ]
        return JsonResponse(found, safe=False)

    module: Any = sys.modules[__name__]
    module.urlpatterns = [path("ping", ping), path("echo/<int:id>", echo), path("rows", rows)]
