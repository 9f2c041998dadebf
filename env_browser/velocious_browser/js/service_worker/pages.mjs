// The few pages that the service worker makes itself.

import { copyOf } from './copies.mjs';
import { settings } from './settings.mjs';

/** A page that starts Python and then shows the one that was asked for. */
export async function shell() {
  const page = await copyOf(`${settings.root}/velocious/shell.html`);
  if (!page) throw new Error('the page that starts the application is not in its copy');
  const headers = new Headers({ 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Server-Timing': 'velocious;desc="shell"' });
  // the page has no script of its own, so nobody needs to know the nonce
  if (settings.policy) headers.set('Content-Security-Policy', settings.policy.replaceAll('{nonce}', crypto.randomUUID()));
  return new Response(page.body, { headers });
}

/**
 * @param {Request} request
 * @param {number} status
 * @param {unknown} reason
 */
export function explain(request, status, reason) {
  const message = reason instanceof Error ? reason.message : String(reason);
  const headers = { 'Cache-Control': 'no-store', 'Velocious-Answered-By': 'browser' };
  if (!(request.headers.get('accept') ?? '').includes('text/html')) {
    return Response.json({ error: { code: 'not_answered', message } }, { status, headers });
  }
  return new Response(page(message), { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
}

/** @param {string} message */
function page(message) {
  const text = message.replace(/[&<>"]/gu, (letter) => `&#${letter.codePointAt(0)};`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not answered</title>
<style>:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; } main { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }</style>
</head>
<body>
<main>
<h1>Not answered</h1>
<p>${text[0].toUpperCase()}${text.slice(1)}.</p>
<p><a href="">Try again</a></p>
</main>
</body>
</html>
`;
}
