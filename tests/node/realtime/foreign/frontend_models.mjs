// velocious' own frontend models: node frontend_models.mjs URL http|websocket
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { say, obey } = require("./orders.cjs");
const WebSocket = require("ws");

const [url, way] = process.argv.slice(2);
globalThis.WebSocket = WebSocket;
const { default: Base } = await import("velocious/build/src/frontend-models/base.js");
const { default: WebsocketClient } = await import(
  "velocious/build/src/http-client/websocket-client.js"
);

// As `g:frontend-models` writes them.
class Project extends Base {
  static resourceConfig = () => ({ attributes: ["id", "name", "accountId", "shouted"] });
  static relationshipDefinitions = () => ({ tasks: { type: "hasMany" } });
  static relationshipModelClasses = () => ({ tasks: Task });
}
class Task extends Base {
  static resourceConfig = () => ({
    attributes: ["id", "name", "done", "projectId", "createdAt", "length"],
    memberCommands: { finish: "finish" },
    collectionCommands: { summary: "summary" },
  });
  static relationshipDefinitions = () => ({
    project: { type: "belongsTo" },
    comments: { type: "hasMany" },
  });
  static relationshipModelClasses = () => ({ project: Project, comments: Comment });
}
class Comment extends Base {
  static resourceConfig = () => ({ attributes: ["id", "body", "taskId"] });
  static relationshipDefinitions = () => ({ task: { type: "belongsTo" } });
  static relationshipModelClasses = () => ({ task: Task });
}
class Book extends Base {
  static resourceConfig = () => ({
    attributes: ["id", "code", "owner", "price", "cost", "title", "discount"],
    attachments: { cover: { type: "hasOne" } },
    nestedAttributes: { chapters: { allowDestroy: true } },
  });
  static relationshipDefinitions = () => ({ chapters: { type: "hasMany" } });
  static relationshipModelClasses = () => ({ chapters: Chapter });
}
class Chapter extends Base {
  static resourceConfig = () => ({ attributes: ["id", "name", "bookId"] });
}
const models = { Project, Task, Comment, Book, Chapter };
for (const model of Object.values(models)) Base.registerModel(model);

const transport = { url };
if (way === "websocket") {
  const address = url.replace("http", "ws") + "/websocket";
  const client = new WebsocketClient({ url: address, reconnectDelays: [100] });
  await client.connect();
  transport.websocketClient = client;
}
Base.configureTransport(transport);

/** What of a model a test can read. */
const shown = (value) => {
  if (Array.isArray(value)) return value.map(shown);
  if (value instanceof Date) return { date: value.toISOString() };
  if (typeof value === "bigint") return { bigint: String(value) };
  if (!(value instanceof Base)) return value ?? null;
  const loaded = Object.entries(value._relationships).filter(([, one]) => one.getPreloaded());
  return {
    model: value.constructor.name,
    attributes: Object.fromEntries(
      Object.entries(value.attributes()).map(([name, one]) => [name, shown(one)]),
    ),
    related: Object.fromEntries(loaded.map(([name, one]) => [name, shown(one.loaded())])),
  };
};

const AsyncFunction = (async () => {}).constructor;
obey({
  async run({ key, code }) {
    try {
      const result = await new AsyncFunction("models", "Base", `const {Task, Project, Comment, Book, Chapter} = models; ${code}`)(
        models,
        Base,
      );
      say("done", { key, result: shown(result) });
    } catch (error) {
      say("done", { key, error: error.message, name: error.name });
    }
  },
});
say("there");
