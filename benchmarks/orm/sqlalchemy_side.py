"""SQLAlchemy's ORM, with its bulk insert for many rows."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.orm.work import COLUMNS, CREATES, FINDS, PRAGMAS, TABLE, rows


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    pass


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None]
    name: Mapped[str]
    notes: Mapped[str | None]
    done: Mapped[bool]
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class SqlalchemySide:
    name = "SQLAlchemy"

    def open(self, path: str) -> None:
        self.engine = create_engine(f"sqlite:///{path}")

        def set_pragmas(connection: object, _: object) -> None:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

        event.listen(self.engine, "connect", set_pragmas)
        with self.engine.begin() as connection:
            connection.execute(text(TABLE))

    def close(self) -> None:
        self.engine.dispose()

    def clear(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM tasks"))
            connection.execute(text("DELETE FROM sqlite_sequence"))

    def insert_multiple(self) -> int:
        with Session(self.engine) as session, session.begin():
            session.execute(insert(Task), [dict(zip(COLUMNS, row, strict=True)) for row in ROWS])
        return len(ROWS)

    def hydrate(self) -> int:
        total = 0
        with Session(self.engine) as session:
            for task in session.scalars(select(Task)).all():
                task.project_id, task.name
                total += task.position
        return total

    def find(self) -> int:
        total = 0
        with Session(self.engine) as session:
            for key in range(1, FINDS + 1):
                task = session.get(Task, key)
                total += task.position if task else 0
        return total

    def create(self) -> int:
        last = 0
        with Session(self.engine) as session, session.begin():
            for i in range(CREATES):
                task = Task(project_id=1, name=f"task {i}", notes="notes", done=False, position=i)
                session.add(task)
                session.flush()
                last = task.id
        return last

    def count(self) -> int:
        with self.engine.connect() as connection:
            return connection.execute(text("SELECT COUNT(*) FROM tasks")).scalar_one()


ROWS = rows()
