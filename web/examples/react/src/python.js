// The application in this browser's Python, for all components.

import { start } from '/velocious/client.mjs';
import { createHooks } from '/velocious/use_velocious.mjs';
import { useSyncExternalStore } from 'react';

export const ready = start().then(async (app) => {
  await app.call('tasks.prepare');
  return app;
});

export const { useVelocious, useObservable } = createHooks({ useSyncExternalStore }, ready);
