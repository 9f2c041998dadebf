"""What an application does with its models; every type is what it says, without a cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

from app.models.project import Project
from app.models.task import Effort, Task
from app.models.user import User

from velocious.live import live

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from app.colors import Color
    from app.models.detail import Detail

    from velocious.live import LiveHandle
    from velocious.query import Query
    from velocious.record import Collection


async def attributes(task: Task) -> None:
    assert_type(task.id, int)
    assert_type(task.name, str)
    assert_type(task.done, bool)
    assert_type(task.position, int | None)
    assert_type(task.price, Decimal | None)
    assert_type(task.created_at, datetime)
    task.position = None
    task.name = task.name.upper()


async def relationships(task: Task, project: Project) -> None:
    assert_type(task.project, Project)
    assert_type(task.reviewer, Project | None)
    assert_type(task.project.name, str)
    assert_type(project.detail, Detail | None)
    assert_type(project.tasks, Collection[Task])
    assert_type([one.name for one in project.tasks], list[str])
    assert_type(await project.tasks, list[Task])
    assert_type(await project.tasks.create(name="one"), Task)
    assert_type(await project.tasks.where(done=True).first(), Task | None)
    assert_type(await project.tasks.count(), int)
    task.project = project
    task.reviewer = None


async def declared_attributes(task: Task) -> None:
    assert_type(task.status, str)
    assert_type(task.effort, Effort | None)
    assert_type(task.state, str)
    assert_type(task.notify, bool | None)
    assert_type(task.color, Color | None)
    assert_type(task.title, str | None)
    assert_type(task.title_pt_br, str | None)
    assert_type([one.locale for one in task.translations], list[str])
    task.title_en = "Write docs"
    task.notify = True
    task.effort = Effort.LARGE
    task.name_confirmation = task.name


async def declared_members(task: Task) -> None:
    assert_type(task.is_planned, bool)
    assert_type(await task.mark_running(), Task)
    assert_type(task.is_effort_small, bool)
    assert_type(Task.running(), Query[Task])
    assert_type(Task.not_effort_large(), Query[Task])
    assert_type(task.publish(), Task)
    assert_type(await task.publish_and_save(), Task)
    assert_type(task.can_publish(), bool)
    assert_type(await task.can_publish_now(), bool)
    assert_type(task.force_state("draft"), Task)
    assert_type(task.has_title(), bool)


async def users(user: User) -> None:
    assert_type(user.password, str | None)
    user.password = user.password_confirmation = "correct horse"
    user.pin = None
    assert_type(user.password_digest, str)
    assert_type(await user.authenticate("correct horse"), bool)
    assert_type(await user.authenticate_pin("123456"), bool)
    assert_type(await User.authenticate_by(email="ada", password="correct horse"), User | None)
    assert_type(user.invitation_token(expires_in=60), str)
    assert_type(await User.find_by_invitation_token("token"), User | None)
    assert_type(await User.find_by_password_reset_token("token"), User | None)


async def queries() -> None:
    assert_type(Task.where(Task.position > 3), Query[Task])
    assert_type(Task.open(), Query[Task])
    assert_type(Task.above(3), Query[Task])
    assert_type(await Task.open().order("-position").to_list(), list[Task])
    assert_type(await Task.find(1), Task)
    assert_type(await Task.find_by(name="one"), Task | None)
    assert_type(await Project.create(name="one"), Project)
    async for task in Task.where(project={"name": "Apollo"}):
        assert_type(task, Task)


async def live_results(project: Project) -> None:
    async for tasks in Task.open().live():
        assert_type(tasks, list[Task])
    async for tasks in project.tasks.live():
        assert_type(tasks, list[Task])
    async for count in live(Task.open().count):
        assert_type(count, int)
    handle = live(lambda: Task.find(1), lambda task: assert_type(task, Task))
    assert_type(handle, LiveHandle)
