"""Rows a second on the browser's own file system: raw sqlite3, Velocious, and sqlite-wasm."""
