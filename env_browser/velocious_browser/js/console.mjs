// velociousCLI: what a person types into the browser's own console. Everything is printed, and returned as a value.

import { ask, cellOf, valueOf } from './questions.mjs';

/** @typedef {import('./client.mjs').App} App */
/** @typedef {import('./questions.mjs').Command} Command */
/** @typedef {import('./questions.mjs').DatabaseSummary} DatabaseSummary */
/** @typedef {import('./questions.mjs').Outcome} Outcome */

const OWN = [
  ['velociousCLI.run("db:migrate")', 'run a command; several words: run("runner", "await Task.count()")'],
  ['velociousCLI.sql("SELECT …", [5])', 'run SQL, with a value for each ?'],
  ['velociousCLI.tables()', 'list the tables'],
  ['velociousCLI.storage()', 'show how safe the data is, and how much room it takes'],
  ['velociousCLI.role()', 'show what this tab does for the others'],
  ['velociousCLI.help("db:migrate")', 'explain a command'],
];

/**
 * @param {Promise<App>} ready  settled when the application runs
 */
export function createConsole(ready) {
  return {
    /**
     * Runs a command line, or its words; commands run one after another.
     * @param {...string} words
     */
    async run(...words) {
      const result = await (await ready).cli.run(...words);
      print(result.output, result.exitCode === 0);
      return result;
    },

    /**
     * Lists the commands, or explains one.
     * @param {string} [command]
     * @returns {Promise<Command[] | string>}
     */
    async help(command) {
      const app = await ready;
      if (command !== undefined) {
        const { output, exitCode } = await app.cli.run(command, '--help');
        print(output, exitCode === 0);
        return output;
      }
      /** @type {Command[]} */
      const commands = await ask(app, 'commands');
      print(overview(commands));
      return commands;
    },

    /**
     * Runs one SQL statement: its rows as objects, or how many it changed.
     * @param {string} statement
     * @param {unknown[]} [parameters]  a value for each ? of the statement
     * @param {{database?: string}} [options]
     * @returns {Promise<Record<string, unknown>[] | {changed: number | null}>}
     */
    async sql(statement, parameters = [], { database = 'default' } = {}) {
      /** @type {Outcome} */
      const outcome = await ask(await ready, 'sql', { sql: statement, parameters: parameters.map(cellOf), database, whole: true });
      if (!outcome.reads && outcome.columns.length === 0) {
        console.log(outcome.changed === null ? 'Done.' : `${count(outcome.changed, 'row')} changed.`);
        return { changed: outcome.changed };
      }
      const rows = outcome.rows.map((row) => Object.fromEntries(outcome.columns.map((name, place) => [name, valueOf(row[place])])));
      console.table(rows);
      console.log(`${count(rows.length, 'row')} in ${outcome.milliseconds.toFixed(1)} ms`);
      return rows;
    },

    /** The tables of every database, with how many rows they have. */
    async tables() {
      /** @type {DatabaseSummary[]} */
      const databases = await ask(await ready, 'databases');
      const tables = databases.flatMap(({ name, tables: them }) => them.map((table) => ({ database: name, ...table })));
      console.table(tables);
      return tables;
    },

    /** How safe the data of this browser is: what `storage:status` shows, as an object. */
    async storage() {
      const app = await ready;
      print((await app.cli.run('storage:status')).output);
      return app.storage.status();
    },

    /** What this tab does for the others; null where the application does not say. */
    async role() {
      const role = roleOf(await ready);
      console.log(role ? `${role.name}, ${count(role.tabs, 'tab')}` : 'This tab knows of no others.');
      return role;
    },
  };
}

/** @param {App} app @returns {{name: string, tabs: number} | null} */
function roleOf(app) {
  return /** @type {any} */ (app).role?.value ?? null;
}

/** @param {string} output @param {boolean} [well] */
function print(output, well = true) {
  const text = output.trimEnd();
  if (text) (well ? console.log : console.error)(text);
}

/** @param {Command[]} commands */
function overview(commands) {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  /** @type {string[]} */
  const lines = [];
  for (const [group, members] of Object.entries(Object.groupBy(commands, (command) => command.group))) {
    lines.push('', group, ...(members ?? []).map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`));
  }
  const longest = Math.max(...OWN.map(([call]) => call.length)) + 2;
  return [...OWN.map(([call, what]) => call.padEnd(longest) + what), ...lines].join('\n');
}

/** @param {number} number @param {string} noun */
function count(number, noun) {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
