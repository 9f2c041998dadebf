// Opens an application with all archives at hand and prints, as JSON, the modules that it imported from them until its first
// rows were there.  usage: node first_rows.mjs JOB.json  (written by archives.py)
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadPyodide } from '../node_modules/pyodide/pyodide.mjs';

const { archives, application } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const here = import.meta.dirname;
const pyodide = await loadPyodide({ indexURL: resolve(here, '../node_modules/pyodide') + '/', stdLibURL: `${archives}/stdlib.zip` });
pyodide.FS.mkdirTree('/host');
pyodide.FS.mkdirTree('/app');
pyodide.mountNodeFS('/host', archives);
pyodide.mountNodeFS('/app', application);
pyodide.runPython(readFileSync(resolve(here, 'first_rows_in_pyodide.py'), 'utf8'));
const modules = await pyodide.globals.get('modules_of_first_rows')();
// timers of the closed application would keep Node alive
process.stdout.write(`${modules}\n`, () => process.exit(0));
