// Who makes a request: this application, or another site that sends the person here.

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * @param {Request} request
 * @returns {"same-origin" | "cross-site"}
 */
export function sender(request) {
  // only pages of this origin have their requests handled here; a navigation may come from anywhere
  if (request.mode !== 'navigate') return 'same-origin';
  const origin = request.headers.get('origin') ?? originOf(request.referrer);
  // an address that was typed has no origin; a form always has one, or hides it
  if (!origin) return SAFE.has(request.method) ? 'same-origin' : 'cross-site';
  return origin === location.origin ? 'same-origin' : 'cross-site';
}

/**
 * The header that says which page asks; browsers keep it from service workers.
 * @param {Request} request
 * @returns {[string, string][]}
 */
export function referer({ referrer }) {
  return referrer && referrer !== 'about:client' ? [['referer', referrer]] : [];
}

/** @param {string} address */
function originOf(address) {
  return address && address !== 'about:client' ? new URL(address).origin : null;
}
