import { useState } from 'react';
import { NewTask } from './new_task.jsx';
import { ready, useVelocious } from './python.js';
import { Safety } from './safety.jsx';

const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export function Board() {
  const [shown, setShown] = useState('all');
  // Runs again when a task has changed: here, in another component or in another tab.
  const { value, error, loading } = useVelocious('tasks.list', { shown });

  return (
    <main>
      <h1>Tasks</h1>
      <NewTask />
      {loading && <p role="status">Starting Python…</p>}
      {error && <p role="alert">{error.message}</p>}
      {value && (
        <>
          <p className="bar">
            <span role="status">{value.open} to do</span>
            <label>
              <input type="checkbox" checked={shown === 'open'} onChange={({ target }) => setShown(target.checked ? 'open' : 'all')} />
              hide what is done
            </label>
          </p>
          <ul>{value.tasks.map((task) => <Task key={task.id} {...task} />)}</ul>
        </>
      )}
      <Safety />
    </main>
  );
}

function Task({ id, name, done_at: doneAt }) {
  const call = async (action, args) => (await ready).call(action, { id, ...args });
  return (
    <li>
      <label className={doneAt ? 'done' : undefined}>
        <input type="checkbox" checked={doneAt !== null} onChange={({ target }) => call('tasks.tick', { done: target.checked })} />
        <span>{name}</span>
      </label>
      {doneAt && <time dateTime={doneAt.toISOString()}>{WHEN.format(doneAt)}</time>}
      <button type="button" aria-label={`Remove ${name}`} onClick={() => call('tasks.remove')}>×</button>
    </li>
  );
}
