"""What one can do with the board: the same functions for the pages of the server and for the
browser's worker, whose records live in its own database or behind the server.

Law: plain values in, plain data out, records in between; nothing here knows where it runs, nor
where the records live.
"""

from __future__ import annotations

from app.board.projects import add_project as add_project
from app.board.projects import delete_project as delete_project
from app.board.projects import projects as projects
from app.board.projects import rename_project as rename_project
from app.board.tasks import add_task as add_task
from app.board.tasks import delete_task as delete_task
from app.board.tasks import edit_task as edit_task
from app.board.tasks import move_task as move_task
from app.board.tasks import restore_task as restore_task
from app.board.tasks import tasks as tasks
from app.board.tasks import view as view
