// The application in this browser's Python, for all components.

import { start } from '/velocious/client.mjs';
import { createHooks } from '/velocious/use_velocious.mjs';
import { useSyncExternalStore } from 'react';

export const ready = start({ migrate: true });

export const { useVelocious, useObservable } = createHooks({ useSyncExternalStore }, ready);
