// The board: one page, two places its records can be.

import { brief } from '../advice.mjs';
import { announce, byId, h } from '../dom.mjs';
import { Engine } from '../engine.mjs';
import { count } from '../numbers.mjs';
import { storageBadge } from '../storage_badge.mjs';
import { themeButton } from '../theme_button.mjs';
import { toast } from '../toast.mjs';
import { readAddress, writeAddress } from './address.mjs';
import { BrowserSource } from './browser_source.mjs';
import { Cover } from './cover.mjs';
import { Deeds } from './deeds.mjs';
import { listenToDragging } from './drag.mjs';
import { Importer } from './importer.mjs';
import { listenToKeys, showHelp } from './keyboard.mjs';
import { Live } from './live.mjs';
import { projectDialog } from './project_dialog.mjs';
import { ProjectList } from './project_list.mjs';
import { ServerSource } from './server_source.mjs';
import { Store } from './store.mjs';
import { TaskList } from './task_list.mjs';

const board = byId('board');
const engine = new Engine();
const store = new Store();
const list = new TaskList(store);
const deeds = new Deeds(store, list);
const sources = { browser: new BrowserSource(engine), server: new ServerSource() };
const importer = new Importer(engine, () => show('browser'));
const cover = new Cover({ showServer: () => chooseSource('server'), importer });
const projects = new ProjectList(store, (project) => { chooseProject(project); });
const live = new Live({ changed: someoneChanged, people: showPeople });
const address = readAddress();
let chosen = address.source;

Object.assign(store, { project: address.project, show: address.show, search: address.search });
themeButton();
storageBadge(engine);
wire();
engine.watch(followEngine);
engine.start();
if (chosen === 'server') show('server');

/** Shows what a source holds. */
async function show(name) {
  if (name === 'server') cover.loading('Asking the server');
  try {
    const current = await store.open(sources[name]);
    if (name === 'browser') follow();
    if (!current || chosen !== name) return;
    if (name === 'server') live.start();
    board.dataset.shown = name;
    settle();
    projects.reveal();
    performance.mark('first-rows');
  } catch (error) {
    if (chosen === name) cover.failed(error, () => (name === 'server' ? show(name) : location.reload()), name);
  }
}

/** Once: what other tabs do to the board of this browser is shown here too. */
function follow() {
  if (board.dataset.follows) return;
  board.dataset.follows = 'browser';
  sources.browser.follow(() => { if (chosen === 'browser') readAgain(); }).catch(failed);
}

let reading = 0;

/** Many changes at once are read once. */
function someoneChanged() {
  clearTimeout(reading);
  reading = setTimeout(() => { if (chosen === 'server') readAgain(); }, 100);
}

function showPeople(names) {
  const chip = byId('people');
  chip.hidden = names.length === 0;
  chip.textContent = names.length === 1 ? 'Only you are here' : `${names.length} are here`;
  chip.title = names.join(', ');
}

function followEngine() {
  const isOver = ['failed', 'closed', 'outdated'].includes(engine.state.name);
  if (chosen !== 'browser' || (!isOver && engine.running && board.dataset.shown === 'browser')) return;
  if (isOver) cover.failed(engine.state, () => location.reload(), 'browser');
  else if (engine.state.name === 'waiting') cover.waiting();
  else if (!engine.running) cover.starting(engine);
  else if (board.dataset.opening !== 'browser') {
    board.dataset.opening = 'browser';
    show('browser').finally(() => { delete board.dataset.opening; });
  }
}

function chooseSource(name) {
  chosen = name;
  live.stop();
  delete board.dataset.shown;
  Object.assign(store, { project: null, rows: [], total: 0, projects: [] });
  for (const radio of document.getElementsByName('source')) radio.checked = radio.value === name;
  settleAddress();
  announce(name === 'server' ? 'Showing the server’s database' : 'Showing the database of this browser');
  if (name === 'server') show(name);
  else followEngine();
}

async function chooseProject(project) {
  board.dataset.pane = 'tasks';
  await query({ project });
  if (matchMedia('(width < 45rem)').matches) byId('tasks').focus();
}

async function query(change) {
  try {
    await store.choose(change);
    settle();
  } catch (error) {
    failed(error);
  }
}

/** The page around the list: title, counts, address, and the cover if there is nothing to list. */
function settle() {
  const project = store.projects.find(({ id }) => id === store.project);
  byId('title').textContent = project?.name ?? 'All tasks';
  byId('title').title = project?.name ?? '';
  document.title = `${project?.name ?? 'Board'} · Velocious for Python`;
  byId('edit-project').hidden = !project;
  byId('import').hidden = chosen !== 'browser' || store.projects.length === 0;
  const chip = byId('task-count');
  chip.hidden = store.total === 0;
  chip.textContent = count(store.total);
  const target = byId('add-task').elements.project;
  target.hidden = store.project !== null;
  byId('search').value = store.search;
  for (const radio of document.getElementsByName('show')) radio.checked = radio.value === store.show;
  settleAddress();
  settleCover();
}

function settleAddress() {
  document.body.dataset.source = chosen;
  writeAddress(chosen, store);
}

function settleCover() {
  if (store.projects.length === 0) cover.emptyBoard(chosen);
  else if (store.total === 0) cover.emptyList(store.filtered, () => query({ show: 'all', search: '' }));
  else cover.none();
}

function failed(error) {
  if (error.code === 'offline' || error.code === 'not_running') cover.failed(error, () => show(chosen), chosen);
  else toast(brief(error), { bad: true });
}

function wire() {
  for (const radio of document.getElementsByName('source')) {
    radio.checked = radio.value === chosen;
    radio.addEventListener('change', () => chooseSource(radio.value));
  }
  for (const radio of document.getElementsByName('show')) radio.addEventListener('change', () => query({ show: radio.value }));
  let typing = 0;
  byId('search').addEventListener('input', (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => query({ search: event.target.value }), 150);
  });
  byId('to-projects').addEventListener('click', () => { board.dataset.pane = 'projects'; byId('projects').querySelector('[aria-current]')?.focus(); });
  byId('help').addEventListener('click', showHelp);
  byId('import').addEventListener('click', () => importer.choose());
  byId('edit-project').addEventListener('click', editProject);
  byId('add-task').addEventListener('submit', addTask);
  byId('add-project').addEventListener('submit', addProject);
  store.on('rows', () => { if (board.dataset.shown) settle(); });
  store.on('projects', fillProjectChoice);
  store.on('failed', failed);
  listenToKeys(list, deeds);
  listenToDragging(list, deeds);
  list.box.addEventListener('change', (event) => { if (event.target.matches('.check')) deeds.tick(list.indexOf(event.target)); });
  list.box.addEventListener('dblclick', (event) => { if (event.target.matches('.name')) deeds.rename(list.indexOf(event.target)); });
  list.box.addEventListener('click', (event) => {
    const tool = event.target.closest('[data-tool]')?.dataset.tool;
    const act = { edit: 'rename', more: 'open', bin: 'remove' }[tool];
    if (act) deeds[act](list.indexOf(event.target));
  });
  // somebody may have changed the database with a command, in the console of this page
  addEventListener('focus', readAgain);
}

/** Not while somebody writes: the row would be another one. */
function readAgain() {
  if (board.dataset.shown && !document.querySelector('.row .field, dialog[open]')) store.refresh(list.first).catch(failed);
}

function fillProjectChoice() {
  const choice = byId('add-task').elements.project;
  const before = choice.value;
  const options = store.projects.map(({ id, name }) => h('option', { value: String(id) }, name));
  choice.replaceChildren(...(options.length ? options : [h('option', { value: '' }, 'Project')]));
  if (store.projects.some(({ id }) => String(id) === before)) choice.value = before;
}

async function addTask(event) {
  event.preventDefault();
  const { name, project } = event.target.elements;
  if (name.value.trim() === '') return;
  const task = await deeds.add(store.project ?? Number(project.value), name.value);
  if (!task) return;
  name.value = '';
  if (store.project !== null && !store.filtered) list.box.scrollTop = list.box.scrollHeight;
}

async function addProject(event) {
  event.preventDefault();
  const { name } = event.target.elements;
  try {
    const project = await store.addProject(name.value);
    name.value = '';
    announce(`Added the project ${project.name}`);
    await chooseProject(project.id);
    projects.reveal();
    byId('add-task').elements.name.focus();
  } catch (error) {
    toast(brief(error), { bad: true });
  }
}

function editProject() {
  const project = store.projects.find(({ id }) => id === store.project);
  if (!project) return;
  projectDialog(project, {
    rename: async (name) => { await store.renameProject(project.id, name); settle(); },
    remove: async () => {
      try {
        await store.deleteProject(project.id);
        toast(`Deleted “${project.name}”`);
        await query({ project: null });
      } catch (error) {
        toast(brief(error), { bad: true });
      }
    },
  });
}
