"""HTTP on a server: static files, the listening socket, uvicorn."""
