// The board: one page, three homes that its records can have.

import { brief } from '../advice.mjs';
import { announce, byId, h } from '../dom.mjs';
import { Engine } from '../engine.mjs';
import { count } from '../numbers.mjs';
import { storageBadge } from '../storage_badge.mjs';
import { themeButton } from '../theme_button.mjs';
import { toast } from '../toast.mjs';
import { readAddress, writeAddress } from './address.mjs';
import { Cover } from './cover.mjs';
import { Deeds } from './deeds.mjs';
import { listenToDragging } from './drag.mjs';
import { Home, listen } from './home.mjs';
import { Importer } from './importer.mjs';
import { listenToKeys, showHelp } from './keyboard.mjs';
import { projectDialog } from './project_dialog.mjs';
import { ProjectList } from './project_list.mjs';
import { Store } from './store.mjs';
import { TaskList } from './task_list.mjs';

const board = byId('board');
const engine = new Engine();
const store = new Store();
const list = new TaskList(store);
const deeds = new Deeds(store, list);
const homes = { browser: new Home(engine, 'browser'), server: new Home(engine, 'server'), live: new Home(engine, 'live') };
const importer = new Importer(engine, () => show('browser'));
const cover = new Cover({ importer });
const projects = new ProjectList(store, (project) => { chooseProject(project); });
const address = readAddress();
let chosen = address.source;
/** @type {import('./who.mjs').Who | null} fetched with the first home that has people */
let who = null;
/** Names of those who look at the live home. */
let there = [];

Object.assign(store, { project: address.project, show: address.show, search: address.search });
themeButton();
storageBadge(engine);
wire();
engine.watch(followEngine);
engine.start();

/** Shows what a home holds. */
async function show(name) {
  if (name !== 'browser') cover.loading('Asking the server');
  try {
    await followOthers();
    await showPerson(await homes[name].enter(), name);
    if (chosen !== name) return void homes[name].leave();
    const current = await store.open(homes[name]);
    if (!current || chosen !== name) return;
    board.dataset.shown = name;
    settle();
    projects.reveal();
    performance.mark('first-rows');
  } catch (error) {
    if (chosen === name) cover.failed(error, () => (name === 'browser' ? location.reload() : show(name)));
  }
}

/** What others do, in other tabs or elsewhere, is shown here too. Python that has slept is told again. */
async function followOthers() {
  if (!board.dataset.follows) {
    board.dataset.follows = 'true';
    listen(engine, {
      changed: (home) => { if (chosen === home) readAgain(); },
      people: (_, names) => {
        there = names;
        who?.others(names);
      },
    });
  }
  await engine.app.call('board.follow');
}

async function showPerson(said, name) {
  if (said && !who) {
    const { Who } = await import('./who.mjs');
    who ??= new Who(signIn);
  }
  if (chosen !== name) return;
  who?.show(said);
  who?.others(name === 'live' ? there : []);
}

/** Another person may do other things with the same records. */
async function signIn(person) {
  const name = chosen;
  try {
    await showPerson(await homes[name].signIn(person), name);
    await store.refresh(list.first);
    settle();
  } catch (error) {
    failed(error);
  }
}

function followEngine() {
  const isOver = ['failed', 'closed', 'outdated'].includes(engine.state.name);
  if (!isOver && engine.running && board.dataset.shown === chosen) return;
  if (isOver) cover.failed(engine.state, () => location.reload());
  else if (engine.state.name === 'waiting') cover.waiting();
  else if (!engine.running) {
    // It may have slept: what is shown is read again.
    delete board.dataset.shown;
    cover.starting(engine);
  } else if (board.dataset.opening !== chosen) {
    const name = board.dataset.opening = chosen;
    show(name).finally(() => { if (board.dataset.opening === name) delete board.dataset.opening; });
  }
}

const SHOWING = { browser: 'Showing the database of this browser', server: 'Showing the server’s database', live: 'Showing the server’s database, live' };

function chooseSource(name) {
  if (engine.running) homes[chosen].leave().catch(failed);
  chosen = name;
  who?.show(null);
  there = [];
  delete board.dataset.shown;
  Object.assign(store, { project: null, rows: [], total: 0, projects: [] });
  for (const radio of document.getElementsByName('source')) radio.checked = radio.value === name;
  settleAddress();
  announce(SHOWING[name]);
  followEngine();
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
  byId('edit-project').classList.toggle('forbidden', project?.may.length === 0);
  byId('import').hidden = chosen !== 'browser' || store.projects.length === 0;
  const chip = byId('task-count');
  chip.hidden = store.total === 0;
  chip.textContent = count(store.total);
  const target = byId('add-task').elements.project;
  target.hidden = store.project !== null;
  const search = byId('search');
  // An answer that comes while somebody types takes no words away.
  if (document.activeElement !== search) search.value = store.search;
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
  if (error.code === 'backend_unreachable' || error.code === 'not_running') cover.failed(error, () => show(chosen));
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
  const said = name.value;
  if (said.trim() === '') return;
  // At once: what is typed while the answer is awaited is the next task.
  name.value = '';
  const task = await deeds.add(store.project ?? Number(project.value), said);
  if (!task) {
    name.value ||= said;
    return;
  }
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
