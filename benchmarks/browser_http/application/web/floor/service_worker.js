// Answers the page's text itself: what a browser's service workers cost before anybody has done anything.

const text = fetch('/posts').then((response) => response.arrayBuffer());

self.addEventListener('install', (event) => event.waitUntil(text.then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/floor/stream')) event.respondWith(text.then((bytes) => new Response(streamOf(bytes), { headers })));
  if (event.request.url.endsWith('/floor/buffer')) event.respondWith(text.then((bytes) => new Response(bytes, { headers })));
});

const headers = { 'Content-Type': 'text/html; charset=utf-8' };

function streamOf(bytes) {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(bytes.slice(0)));
      controller.close();
    },
  });
}
