// Fetches what the application itself consists of, and puts it where Python finds it.

import { unzip } from './unzip.mjs';

/** @typedef {import('./messages.mjs').Archive} Archive */
/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./downloads.mjs').Downloads} Downloads */
/** @typedef {import('./archives.mjs').Archives} Archives */
/** @typedef {{archive: Archive, bytes: Uint8Array}} FetchedArchive */
/** @typedef {{archives: FetchedArchive[], files: {name: string, bytes: Uint8Array}[]}} Application */

const DIRECTORY = '/app';

/**
 * @param {Boot} boot
 * @param {Downloads} downloads
 * @returns {Promise<Application>}
 */
export async function fetchApplication({ archives, app }, downloads) {
  const [fetched, files] = await Promise.all([
    Promise.all(archives.filter(({ lazy }) => !lazy).map(async (archive) => ({ archive, bytes: await downloads.bytes(archive.url, archive.size) }))),
    app ? downloads.bytes(app.url, app.size).then((bytes) => unzip(bytes, app.url)) : [],
  ]);
  return { archives: fetched, files };
}

/**
 * @param {any} pyodide
 * @param {Boot} boot
 * @param {Archives} archives
 * @param {Application} application
 */
export function placeApplication(pyodide, boot, archives, application) {
  for (const { archive, bytes } of application.archives) archives.add(archive, bytes);
  const directory = boot.app?.directory ?? DIRECTORY;
  writeFiles(pyodide.FS, directory, application.files);
  pyodide.FS.chdir(directory);
  const sys = pyodide.pyimport('sys');
  sys.path.insert(0, directory);
  sys.destroy();
}

/**
 * @param {any} FS
 * @param {string} directory
 * @param {Application["files"]} files
 */
function writeFiles(FS, directory, files) {
  FS.mkdirTree(directory);
  for (const { name, bytes } of files) {
    const path = `${directory}/${name}`;
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    FS.writeFile(path, bytes);
  }
}
