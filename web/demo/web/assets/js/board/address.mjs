// What is shown, in the address of the page: reload and bookmarks keep it.

export function readAddress() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const project = Number(parameters.get('project'));
  const show = parameters.get('show') ?? 'all';
  const source = parameters.get('source') ?? 'browser';
  return {
    source: ['browser', 'server', 'live'].includes(source) ? source : 'browser',
    project: Number.isInteger(project) && project > 0 ? project : null,
    show: ['all', 'open', 'done'].includes(show) ? show : 'all',
    search: parameters.get('search') ?? '',
  };
}

export function writeAddress(source, { project, show, search }) {
  const parameters = new URLSearchParams();
  if (source !== 'browser') parameters.set('source', source);
  if (project !== null) parameters.set('project', String(project));
  if (show !== 'all') parameters.set('show', show);
  if (search) parameters.set('search', search);
  const hash = parameters.toString();
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
}
