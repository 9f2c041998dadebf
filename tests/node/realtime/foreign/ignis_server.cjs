// Ignis' own server of websockets, to compare transcripts with: it gets frames, and says what it sends.
// With the address of a Redis it belongs to the servers that hear of each other there.
"use strict";

const { say, obey } = require("./orders.cjs");

// Its logger writes to where only answers may stand.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...more) => (text.startsWith("{") ? write(text, ...more) : true);

const { WebSocketServerHelper } = require("@venizia/ignis-helpers");

// What it needs of Bun: topics, and sockets that know them.
const topics = new Map();
const listeners = (topic) => topics.get(topic) ?? topics.set(topic, new Set()).get(topic);
const publish = (topic, text) => listeners(topic).forEach((socket) => socket.send(text));

class Socket {
  constructor(key) {
    this.key = key;
    this.data = { clientId: key };
  }
  send(text) {
    say("sent", { key: this.key, frame: JSON.parse(text) });
    return text.length;
  }
  subscribe = (topic) => listeners(topic).add(this);
  unsubscribe = (topic) => listeners(topic).delete(this);
  close = (code, reason) => say("ended", { key: this.key, code, reason });
}

const [url] = process.argv.slice(2);
const alone = { duplicate: () => ({ publish: async () => 0 }) };
const client = url ? new (require("ioredis"))(url) : alone;
const helper = new WebSocketServerHelper({
  identifier: "judge",
  server: { publish },
  redisConnection: { getClient: () => client },
  authenticateFn: async ({ token }) => {
    if (token === "broken") throw new Error("no database");
    return { right: { userId: "ann" }, anonymous: {} }[token] ?? null;
  },
  validateRoomFn: ({ rooms }) => rooms.filter((room) => room.startsWith("lobby-")),
  messageHandler: () => {},
});
const handler = helper.getBunWebSocketHandler();
const sockets = new Map();

obey({
  open({ key }) {
    sockets.set(key, new Socket(key));
    handler.open(sockets.get(key));
  },
  frame: ({ key, text }) => handler.message(sockets.get(key), text),
  room: ({ room, event, data }) => helper.sendToRoom({ room, event, data }),
  broadcast: ({ event, data }) => helper.broadcast({ event, data }),
  // All that was asked for has been handled when this is said.
  done: () => setTimeout(() => say("done"), 50),
  stop: () => process.exit(0),
});
(url ? helper.configure() : Promise.resolve()).then(() => say("there"));
