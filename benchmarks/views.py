"""What a page of 20 rows in a layout costs, beside plain Jinja2 making the same page.

Run ``python -m benchmarks.views``. Both render in turns in one process; the records are loaded
before. "helpers" is the page as the scaffold writes it, with links and values shown by helpers;
"plain" is the same HTML out of bare Jinja2 with dictionaries.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, Environment
from starlette.requests import empty_receive

from velocious import Configuration
from velocious.controller import Controller, Params
from velocious.controller.request import Request
from velocious.record import Record
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 41
CALLS = 50
ROWS = 20

LAYOUT = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ content("title") or "Blog" }}</title></head>
<body><header><a href="/">Blog</a></header><main>{{ content() }}</main></body>
</html>
"""
PAGE = """{% content_for "title" %}Posts{% endcontent_for %}
<h1>Posts</h1>
<table><thead><tr><th>Title</th><th>Body</th><th>Votes</th></tr></thead><tbody>
{% for post in posts %}
<tr><td>{{ LINK }}</td><td>{{ post.body }}</td><td>{{ post.votes }}</td></tr>
{% endfor %}
</tbody></table>
"""
HELPERS = PAGE.replace("LINK", 'link_to(post.title, "/posts/" ~ post.id)')
BY_HAND = PAGE.replace("{{ LINK }}", '<a href="/posts/{{ post.id }}">{{ post.title }}</a>')
PLAIN_LAYOUT = LAYOUT.replace('{{ content("title") or "Blog" }}', "Posts").replace(
    "{{ content() }}", "{% block content %}{% endblock %}"
)
PLAIN = (
    '{% extends "layout.html" %}{% block content %}' + BY_HAND.partition("\n")[2] + "{% endblock %}"
)


class Post(Record):
    pass


class PostsController(Controller):
    async def index(self) -> None: ...


async def main() -> None:
    """Print microseconds for a page, and ratios to plain Jinja2."""
    with tempfile.TemporaryDirectory() as directory:
        _write(directory)
        configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
            environment="production",
            directory=directory,
            databases={"default": "sqlite:///:memory:"},
            models=[Post],
            routes=Routes(),
        )
        async with configuration:
            await configuration.database().execute_script(
                "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT, votes INTEGER)"
            )
            for at in range(ROWS):
                await Post.create(title=f"Post <{at}>", body=f"Text & more {at}" * 3, votes=at)
            posts = await Post.order("id").to_list()
            _compare(configuration, posts)


def _write(directory: str) -> None:
    views = os.path.join(directory, "app/views")
    for name, text in (
        ("layouts/application.html", LAYOUT),
        ("posts/index.html", HELPERS),
        ("posts/by_hand.html", BY_HAND),
    ):
        os.makedirs(os.path.dirname(os.path.join(views, name)), exist_ok=True)
        with open(os.path.join(views, name), "w", encoding="utf-8") as file:
            file.write(text)


def _compare(configuration: Configuration, posts: list[Post]) -> None:
    rows = [
        {"id": post.id, "title": post.title, "body": post.body, "votes": post.votes}
        for post in posts
    ]
    plain = Environment(
        loader=DictLoader({"layout.html": PLAIN_LAYOUT, "index.html": PLAIN}),
        autoescape=True,
        trim_blocks=True,
    )
    sides: dict[str, Callable[[], Any]] = {
        "plain Jinja2, dictionaries": lambda: plain.get_template("index.html").render(posts=rows),
        "plain Jinja2, records": lambda: plain.get_template("index.html").render(posts=posts),
        "self.render, by hand": lambda: _ours(configuration, "by_hand", posts),
        "self.render, helpers": lambda: _ours(configuration, "index", posts),
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, render in sides.items():
            began = time.perf_counter()
            for _ in range(CALLS):
                render()
            times[name].append((time.perf_counter() - began) / CALLS * 1e6)
    base = median(times["plain Jinja2, dictionaries"])
    for name, found in times.items():
        print(f"{name:28} {median(found):8.0f} µs  {median(found) / base:5.2f}")


def _ours(configuration: Configuration, template: str, posts: list[Post]) -> Any:
    request = Request(
        {"type": "http", "method": "GET", "path": "/posts", "headers": []}, empty_receive
    )
    controller = PostsController(request, Params(), configuration, "index")
    controller.render(template, posts=posts)
    return controller.response


if __name__ == "__main__":
    asyncio.run(main())
