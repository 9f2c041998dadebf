import { use, Suspense } from 'react';
import { ready, useObservable } from './python.js';

/** How safe the data is, as the browser says. */
export function Safety() {
  return <Suspense><State /></Suspense>;
}

function State() {
  const { state, reason } = useObservable(use(ready).storage);
  return <footer title={reason}>Data in this browser: {state}</footer>;
}
