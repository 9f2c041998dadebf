// Compiles zips of sources to zips of .pyc with Pyodide itself: only the interpreter that will read
// a .pyc knows its magic number.  usage: node compile.mjs JOBS.json  (written by archives.py)
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadPyodide } from '../node_modules/pyodide/pyodide.mjs';

const here = import.meta.dirname;
const pyodide = await loadPyodide({ indexURL: resolve(here, '../node_modules/pyodide') + '/' });
pyodide.mountNodeFS('/host', '/');
pyodide.runPython(readFileSync(resolve(here, 'compile_in_pyodide.py'), 'utf8'));
const compileJobs = pyodide.globals.get('compile_jobs');
console.log(compileJobs(readFileSync(process.argv[2], 'utf8')));
