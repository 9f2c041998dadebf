// @rails/actioncable: node actioncable.cjs PORT USER
"use strict";

const WebSocket = require("ws");
const { say, obey } = require("./orders.cjs");

// What it expects of a page.
globalThis.addEventListener = globalThis.removeEventListener = () => {};
globalThis.document = { visibilityState: "visible" };
globalThis.WebSocket = WebSocket;
const { adapters, createConsumer, ConnectionMonitor } = require("@rails/actioncable");
// It looks whether its server is still there twice in this time: tests need not wait for six.
ConnectionMonitor.staleThreshold = 4;

const [port, user] = process.argv.slice(2);
adapters.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.on("message", (data) => {
      const { type, message, reason, reconnect } = JSON.parse(data);
      if (type === "ping") say("ping", { time: message });
      if (type === "disconnect") say("disconnect", { reason, reconnect });
    });
    this.on("close", (code) => say("closed", { code }));
  }
};
const consumer = createConsumer(`ws://127.0.0.1:${port}/cable?user=${user}`);
const subscriptions = new Map();

obey({
  subscribe({ key, identifier }) {
    subscriptions.set(key, consumer.subscriptions.create(identifier, {
      connected: ({ reconnected }) => say("connected", { key, reconnected }),
      disconnected: () => say("disconnected", { key }),
      rejected: () => say("rejected", { key }),
      received: (data) => say("received", { key, data }),
    }));
  },
  unsubscribe: ({ key }) => subscriptions.get(key).unsubscribe(),
  perform: ({ key, action, data }) => subscriptions.get(key).perform(action, data),
});
