"""The newest twenty posts, as a page."""

from __future__ import annotations

from app.models.post import Post

from velocious.controller import Controller


class PostsController(Controller):
    async def index(self) -> None:
        posts = await Post.order("-id").limit(20).to_list()
        place = self.configuration.environment_handler.name
        self.render(posts=posts, place=place)
