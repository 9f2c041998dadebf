// ignis' own emitter and server helper on Redis: one step a line, one answer each.
'use strict';

const readline = require('node:readline');
const Redis = require('ioredis');
const helpers = require('@venizia/ignis-helpers');

let emitter;
let server;
let client;
const heard = [];

function connection(url) {
  const made = new Redis(url, { lazyConnect: false });
  return { getClient: () => made, client: made, connect: async () => undefined };
}

const steps = {
  async emitter({ url }) {
    emitter = new helpers.WebSocketEmitter({ redisConnection: connection(url) });
    await emitter.configure();
    return {};
  },
  async room({ room, event, data, exclude }) {
    await emitter.toRoom({ room, event, data, exclude });
    return {};
  },
  async user({ user, event, data }) {
    await emitter.toUser({ userId: user, event, data });
    return {};
  },
  async client({ client: id, event, data }) {
    await emitter.toClient({ clientId: id, event, data });
    return {};
  },
  async broadcast({ event, data }) {
    await emitter.broadcast({ event, data });
    return {};
  },
  async raw({ url, pattern }) {
    client = new Redis(url);
    client.on('pmessage', (_, channel, text) => heard.push([channel, JSON.parse(text)]));
    await client.psubscribe(pattern);
    return {};
  },
  async heard() {
    return { heard };
  },
};

async function answer(line) {
  const { step, ...given } = JSON.parse(line);
  try {
    return await steps[step](given);
  } catch (error) {
    return { error: String(error && error.stack) };
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', async (line) => console.log('answer', JSON.stringify(await answer(line))));
lines.on('close', () => process.exit(0));
