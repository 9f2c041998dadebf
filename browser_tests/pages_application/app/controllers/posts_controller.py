"""Pages about posts: a list, a form, a page for each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from app.models.post import Post
from starlette.responses import HTMLResponse

from velocious.controller import Controller
from velocious.errors import ValidationError

if TYPE_CHECKING:
    from starlette.responses import Response

LAYOUT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="/app.css">
<link rel="manifest" href="/velocious/manifest.webmanifest">
<script type="module" src="/velocious/page.mjs"></script>
</head>
<body>
<nav><a href="/posts">Posts</a> <a href="/posts/new">New post</a> <a href="/admin">Admin</a></nav>
<h1>{title}</h1>
{body}
<p id="place">{place}</p>
</body>
</html>
"""
FORM = """<form method="post" action="{action}">
<p class="problem">{problem}</p>
<label>Title <input name="title" value="{title}" autofocus></label>
<button>Save</button>
</form>"""


class PostsController(Controller):
    async def index(self) -> Response:
        posts = await Post.order("id").to_list()
        rows = "".join(
            f'<li id="post{post.id}"><a href="/posts/{post.id}">{escape(post.title)}</a>'
            f'<form method="post" action="/posts/{post.id}/delete"><button>Delete</button></form>'
            for post in posts
        )
        return self.page("Posts", f"<ul>{rows}</ul><div style='height:2000px'></div>")

    async def show(self) -> Response:
        post = await Post.find(self.params["id"])
        return self.page(post.title, f'<a href="/posts/{post.id}/edit">Edit</a>')

    async def new(self) -> Response:
        return self.form("New post", "/posts")

    async def create(self) -> Response | None:
        try:
            post = await Post.create(title=self.params["title"])
        except ValidationError as error:
            return self.form("New post", "/posts", problem=str(error), status=422)
        self.redirect_to(f"/posts/{post.id}")
        return None

    async def edit(self) -> Response:
        post = await Post.find(self.params["id"])
        return self.form("Edit", f"/posts/{post.id}", title=post.title)

    async def remove(self) -> None:
        post = await Post.find(self.params["id"])
        await post.destroy()
        self.redirect_to("/posts")

    def form(
        self, heading: str, action: str, *, title: str = "", problem: str = "", status: int = 200
    ) -> Response:
        body = FORM.format(action=action, title=escape(title), problem=escape(problem))
        return self.page(heading, body, status)

    def page(self, title: str, body: str, status: int = 200) -> Response:
        place = self.configuration.environment_handler.name
        return HTMLResponse(LAYOUT.format(title=escape(title), body=body, place=place), status)
