"""Flask with sqlite3: a WSGI application, which uvicorn runs in its threads."""

import sqlite3
import threading
from typing import Any

from flask import Flask, jsonify, request

SELECT = "SELECT id, name, done, position FROM tasks ORDER BY id LIMIT 20"


def application(database: str) -> Any:
    app = Flask(__name__)
    opened = threading.local()

    @app.get("/ping")
    def ping() -> Any:
        return jsonify(pong=True)

    @app.post("/echo/<int:id>")
    def echo(id: int) -> Any:
        body = request.get_json()
        return jsonify(id=id, q=request.args["q"], n=body["n"], note=body["note"])

    @app.get("/rows")
    def rows() -> Any:
        connection = getattr(opened, "connection", None)
        if connection is None:
            connection = opened.connection = sqlite3.connect(database)
        return jsonify(
            [
                {"id": row[0], "name": row[1], "done": bool(row[2]), "position": row[3]}
                for row in connection.execute(SELECT).fetchall()
            ]
        )

    return app
