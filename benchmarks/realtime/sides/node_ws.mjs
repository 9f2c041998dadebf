// The package `ws` of Node, with a set of sockets and a loop over it.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../runtime/package.json", import.meta.url));
const { WebSocketServer } = require("ws");

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
const listeners = new Set();

server.on("connection", (socket, request) => {
    if (request.url === "/listen") listeners.add(socket);
    socket.on("close", () => listeners.delete(socket));
    socket.on("message", (data) => {
        if (request.url === "/speak") {
            for (const one of listeners) one.send(data, { binary: false });
        } else if (request.url === "/ask") {
            const question = JSON.parse(data);
            socket.send(JSON.stringify({ id: question.id, length: question.text.length }));
        }
    });
});
http.listen(0, "127.0.0.1", 4096, () => console.log(http.address().port));
process.on("SIGTERM", () => process.exit(0));
