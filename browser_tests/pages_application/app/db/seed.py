"""What is there at the beginning, in whichever place it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.post import Post

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.progress import Progress


async def seed(configuration: Configuration, progress: Progress) -> None:
    place = configuration.environment_handler.name
    for number in range(1, 4):
        await Post.create(title=f"Post {number} of the {place}")
