/* Keeps the evaluator's pages for where there is no signal: the look of all, and the pages of whoever is signed in.
   Marks and photos are no business of this file: the pages keep and send them themselves. */
"use strict";

const SHELLS = "jiayuan-shell-";
const FILES = SHELLS + SHELL.edition;
const PAGES = "jiayuan-pages-";
const ROOT = new URL(self.registration.scope).pathname;
const KEPT = /^(visits\/|communities\/[0-9a-f-]{36}\/(items\/\d+\/)?)$/;
const READER = "Jiayuan-Reader";
const EDITION = "Jiayuan-Edition";
const PATIENCE_MS = 4000;

const isKept = (path) => path.startsWith(ROOT) && KEPT.test(path.slice(ROOT.length));

/* All items of a sheet are one page: its script shows the one that the address names. */
const keyOf = (path) => path.replace(/items\/\d+\/$/, "items/");

const namesOf = async (stem) => (await caches.keys()).filter((name) => name.startsWith(stem));

const forget = async (but = "") => {
  for (const name of await namesOf(PAGES)) if (name !== but) await caches.delete(name);
};

/* A page is kept for the reader whom the server names, and drives out everybody else's; and only beside the files that
   it was drawn with: one of a newer edition waits for the worker of that edition. A full device keeps none. */
const keep = async (path, response) => {
  if (response.status === 404) return drop(path);
  const reader = response.headers.get(READER);
  if (response.status !== 200 || response.redirected || !reader) return;
  await forget(PAGES + reader);
  if (response.headers.get(EDITION) !== SHELL.edition) return;
  const cache = await caches.open(PAGES + reader);
  await cache.put(keyOf(path), response).catch(() => cache.delete(keyOf(path)));
};

const drop = async (path) => {
  for (const name of await namesOf(PAGES)) await (await caches.open(name)).delete(keyOf(path));
};

const fetchAndKeep = async (path) => {
  const response = await fetch(path, { redirect: "manual", headers: { Accept: "text/html" } });
  await keep(path, response);
};

const found = async (path) => {
  for (const name of await namesOf(PAGES)) {
    const response = await (await caches.open(name)).match(keyOf(path));
    if (response) return response;
  }
  return undefined;
};

const keptPages = async () => {
  const caught = (await namesOf(PAGES)).map(async (name) => {
    const cache = await caches.open(name);
    return Promise.all((await cache.keys()).map(async (request) => [request, await cache.match(request)]));
  });
  return (await Promise.all(caught)).flat();
};

/* The files of an earlier edition go with the last page that was drawn with them. */
const tidy = async () => {
  const needed = new Set((await keptPages()).map(([_request, response]) => SHELLS + response.headers.get(EDITION)));
  for (const name of await namesOf(SHELLS)) if (name !== FILES && !needed.has(name)) await caches.delete(name);
};

const patience = () => new Promise((_resolve, reject) => { setTimeout(() => reject(new Error("slow")), PATIENCE_MS); });

/* The server first; what is kept where it does not answer, is at fault, or takes too long. */
const page = async (event, path) => {
  const kept = await found(path);
  const asked = fetch(event.request).then((response) => {
    event.waitUntil(keep(path, response.clone()));
    return response;
  });
  if (!kept) return asked;
  event.waitUntil(asked.catch(() => {}));
  try {
    const response = await Promise.race([asked, patience()]);
    return response.status >= 500 ? kept : response;
  } catch {
    return kept;
  }
};

/* `match` opens no cache, so that none comes back that is being taken away at this moment. */
const file = async (request) => {
  const among = { ignoreSearch: true };
  const own = await caches.match(request.url, { ...among, cacheName: FILES });
  return own ?? (await caches.match(request.url, among)) ?? fetch(request);
};

self.addEventListener("install", (event) => {
  const fresh = SHELL.files.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

/* A new edition draws anew what was kept; what cannot be fetched now keeps its old files. */
const takeOver = async () => {
  await self.clients.claim();
  const paths = (await keptPages()).map(([request]) => new URL(request.url).pathname.replace(/items\/$/, "items/1/"));
  await Promise.allSettled(paths.map(fetchAndKeep));
  await tidy();
};
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(SHELL.root)) event.respondWith(file(request));
  else if (request.mode === "navigate" && isKept(url.pathname)) event.respondWith(page(event, url.pathname));
});

const keepAll = async (paths, client) => {
  const unique = [...new Map(paths.map((path) => [keyOf(path), path])).values()];
  const asked = await Promise.allSettled(unique.map(fetchAndKeep));
  await tidy();
  if (asked.length) client?.postMessage({ reached: asked.some((one) => one.status === "fulfilled") });
};
self.addEventListener("message", (event) => event.waitUntil(keepAll((event.data?.keep ?? []).filter(isKept), event.source)));
