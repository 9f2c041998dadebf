"""The projects that a file names."""

from __future__ import annotations

from app.models.project import Project


async def import_projects(names: list[str]) -> tuple[dict[str, int | str], int]:
    """Each name → its project's id, or why there can be no such project; and how many are new."""
    present = set(await Project.pluck("name"))
    new = [name for name in names if name not in present]
    result = await Project.insert_multiple(
        ["name"], [(name,) for name in new], validate=True, return_results=True
    )
    found: dict[str, int | str] = {name: key for key, name in await Project.pluck("id", "name")}
    for failed in result.failed:
        found[failed.row[0]] = f"It has no possible project: {failed.reason}"
    return found, result.inserted
