// ignis' own emitter on Redis, and what is heard there.

"use strict";

const { say, obey } = require("./orders.cjs");

// Its logger writes to the console: only answers may stand there.
console.log = console.info = console.debug = () => {};
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...rest) => (`${text}`.startsWith("{") ? write(text, ...rest) : true);
const Redis = require("ioredis");
const { WebSocketEmitter } = require("@venizia/ignis-helpers");

let emitter;

obey({
  async emitter({ url }) {
    const client = new Redis(url);
    emitter = new WebSocketEmitter({ redisConnection: { getClient: () => client } });
    await emitter.configure();
    say("done");
  },
  async listen({ url, pattern }) {
    const client = new Redis(url);
    client.on("pmessage", (_, place, text) => say("heard", { place, words: JSON.parse(text) }));
    await client.psubscribe(pattern);
    say("done");
  },
  async room(given) {
    await emitter.toRoom(given);
    say("done");
  },
  async user(given) {
    await emitter.toUser(given);
    say("done");
  },
  async client(given) {
    await emitter.toClient(given);
    say("done");
  },
  async broadcast(given) {
    await emitter.broadcast(given);
    say("done");
  },
});
