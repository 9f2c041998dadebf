"""A thousand posts, in either place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.post import Post

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.progress import Progress


async def seed(configuration: Configuration, progress: Progress) -> None:
    rows = [(f"Post {number}", f"Author {number % 7}", number % 2 == 0) for number in range(1000)]
    await Post.insert_multiple(["title", "author", "published"], rows)
