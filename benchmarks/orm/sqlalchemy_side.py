"""SQLAlchemy's ORM, with its bulk insert for many rows."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, create_engine, event, func, insert, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
)

from benchmarks.orm.data import COLUMNS, PRAGMAS, project_name, rows
from benchmarks.orm.jobs import Jobs
from benchmarks.orm.workloads import COUNTS, CREATES, FINDS, PRELOADED, SEARCHES, THREADS, UPDATES


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    pass


class Project(Base):
    __tablename__ = "projects"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    tasks: Mapped[list[Task]] = relationship(back_populates="project")


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    name: Mapped[str]
    notes: Mapped[str | None]
    done: Mapped[bool]
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    project: Mapped[Project] = relationship(back_populates="tasks")


class SqlalchemySide:
    name = "SQLAlchemy"

    def open(self, path: str) -> None:
        self.engine = create_engine(f"sqlite:///{path}", pool_size=THREADS)

        def set_pragmas(connection: object, _: object) -> None:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

        event.listen(self.engine, "connect", set_pragmas)
        self.jobs = Jobs()

    def close(self) -> None:
        self.jobs.close()
        self.engine.dispose()

    def hydrate(self) -> int:
        total = 0
        with Session(self.engine) as session:
            for task in session.scalars(select(Task)).all():
                task.id, task.name
                total += task.position
        return total

    def lazy(self) -> int:
        with Session(self.engine) as session:
            return len(session.scalars(select(Task)).all())

    def stream(self) -> int:
        with Session(self.engine) as session:
            found = session.scalars(select(Task).execution_options(yield_per=1000))
            return sum(task.position for task in found)

    def preload(self) -> int:
        total = 0
        with Session(self.engine) as session:
            chosen = select(Project).where(Project.id <= PRELOADED)
            for project in session.scalars(chosen.options(selectinload(Project.tasks))):
                for task in project.tasks:
                    total += task.position
        return total

    def search(self) -> int:
        total = 0
        with Session(self.engine) as session:
            for key in range(1, SEARCHES + 1):
                chosen = select(Task).join(Task.project).where(Project.name == project_name(key))
                for task in session.scalars(chosen):
                    total += task.position
        return total

    def find(self) -> int:
        with Session(self.engine) as session:
            return _finds(session, range(1, FINDS + 1))

    def count(self) -> int:
        total = 0
        with Session(self.engine) as session:
            for i in range(COUNTS):
                chosen = select(func.count()).select_from(Task)
                total += session.scalar(chosen.where(Task.project_id == i + 1)) or 0
        return total

    def pluck(self) -> int:
        with Session(self.engine) as session:
            found = session.execute(select(Task.id, Task.name, Task.position)).all()
            return sum([row[2] for row in found])

    def create(self) -> int:
        last = 0
        with Session(self.engine) as session, session.begin():
            for i in range(CREATES):
                task = Task(project_id=1, name=f"task {i}", notes="notes", done=False, position=i)
                session.add(task)
                session.flush()
                last = task.id
        return last

    def update(self) -> int:
        changed = 0
        with Session(self.engine) as session, session.begin():
            for task in session.scalars(select(Task).where(Task.id <= UPDATES)).all():
                task.name = f"{task.name} renamed"
                session.flush()
                changed += 1
        return changed

    def insert_multiple(self) -> int:
        with Session(self.engine) as session, session.begin():
            session.execute(insert(Task), [dict(zip(COLUMNS, row, strict=True)) for row in ROWS])
        return len(ROWS)

    def at_once(self) -> int:
        return self.jobs.run(self._finds)

    def _finds(self, keys: range) -> int:
        with Session(self.engine) as session:
            return _finds(session, keys)


def _finds(session: Session, keys: range) -> int:
    total = 0
    for key in keys:
        task = session.get(Task, key)
        total += task.position if task else 0
    return total


ROWS = rows()
