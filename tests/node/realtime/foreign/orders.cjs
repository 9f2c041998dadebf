// What all the scripts here share: orders come in as lines of JSON, news go out as lines of JSON.
"use strict";

const os = require("node:os");
const readline = require("node:readline");

// Ignis keeps a log wherever it is started, where nobody says otherwise.
process.env.APP_ENV_LOGGER_FOLDER_PATH = os.tmpdir();

/** @param {string} kind @param {object} more */
function say(kind, more = {}) {
  process.stdout.write(JSON.stringify({ kind, ...more }) + "\n");
}

/** @param {Record<string, (order: any) => unknown>} handlers */
function obey(handlers) {
  const lines = readline.createInterface({ input: process.stdin });
  lines.on("line", async (line) => {
    const order = JSON.parse(line);
    try {
      await handlers[order.do](order);
    } catch (error) {
      say("failed", { order: order.do, message: String(error) });
    }
  });
  lines.on("close", () => process.exit(0));
}

module.exports = { say, obey };
