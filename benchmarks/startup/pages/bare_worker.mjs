import { loadPyodide } from '/bare/pyodide.mjs';

const pyodide = await loadPyodide({ indexURL: '/bare/' });
const rows = pyodide.runPython(`
import sqlite3
database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE tasks(id INTEGER PRIMARY KEY, name TEXT)")
database.executemany("INSERT INTO tasks(name) VALUES(?)", [(f"Task {n}",) for n in range(20)])
[name for (name,) in database.execute("SELECT name FROM tasks ORDER BY id LIMIT 20")]
`).toJs();
postMessage(rows);
