// The board of the server: the same functions behind a JSON controller.

const BASE = new URL('../../../api/', import.meta.url);

export class ServerError extends Error {
  constructor(message, code, details) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export class ServerSource {
  name = 'server';

  view(query) { return request('GET', 'board', query); }
  tasks(query) { return request('GET', 'tasks', query); }
  projects() { return request('GET', 'projects'); }
  addTask(task) { return request('POST', 'tasks', task); }
  editTask(id, changes) { return request('PATCH', `tasks/${id}`, changes); }
  moveTask(id, place) { return request('POST', `tasks/${id}/move`, place); }
  deleteTask(id) { return request('DELETE', `tasks/${id}`); }
  restoreTask(task) { return request('POST', 'tasks/restore', { task }); }
  addProject(name) { return request('POST', 'projects', { name }); }
  renameProject(id, name) { return request('PATCH', `projects/${id}`, { name }); }
  deleteProject(id) { return request('DELETE', `projects/${id}`); }
}

async function request(method, path, data) {
  const url = new URL(path, BASE);
  const options = { method, headers: { Accept: 'application/json' } };
  if (method === 'GET') url.search = search(data);
  else if (data !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(data);
  }
  const response = await fetch(url, options).catch((cause) => {
    throw new ServerError(`Failed to fetch ${url.pathname}: is the server running?`, 'offline', cause);
  });
  return answer(response);
}

async function answer(response) {
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
  const data = isJson && text ? JSON.parse(text) : null;
  if (response.ok) return data;
  const error = data?.error;
  throw new ServerError(error?.message ?? `The server answered ${response.status}.`, error?.code ?? `http_${response.status}`, error?.details);
}

function search(query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return new URLSearchParams(known.map(([key, value]) => [key, String(value)])).toString();
}
