// What the tabs of an application know each other by. All of it carries the application's id: two applications of one origin never meet.

/** Whoever holds it may open the files. @param {string} appId */
export const ownerLock = (appId) => `velocious:${appId}`;

/** Held by the one tab of rendered pages that runs Python only to take over. @param {string} appId */
export const standbyLock = (appId) => `velocious:${appId}:standby`;

/** Held by a tab as long as it is there, even while it sleeps. @param {string} appId @param {string} id */
export const tabLock = (appId, id) => `${tabLocks(appId)}${id}`;

/** @param {string} appId */
export const tabLocks = (appId) => `velocious:${appId}:tab:`;

/** Where every tab listens. @param {string} appId */
export const hub = (appId) => `velocious:${appId}:tabs`;

/** Where one tab listens. @param {string} appId @param {string} id */
export const inbox = (appId, id) => `velocious:${appId}:tab:${id}`;
