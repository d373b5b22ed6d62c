/* Keeps the evaluator's pages for where there is no signal: the look of all, and the pages of whoever is signed in.
   Marks and photos are no business of this file: the pages keep and send them themselves. */
"use strict";

const FILES = `jiayuan-shell-${SHELL.version}`;
const PAGES = "jiayuan-pages-";
const ROOT = new URL(self.registration.scope).pathname;
const KEPT = /^(visits\/|communities\/[0-9a-f-]{36}\/(items\/\d+\/)?)$/;
const READER = "Jiayuan-Reader";
const PATIENCE_MS = 4000;

const isKept = (path) => path.startsWith(ROOT) && KEPT.test(path.slice(ROOT.length));

/* All items of a sheet are one page: its script shows the one that the address names. */
const keyOf = (path) => path.replace(/items\/\d+\/$/, "items/");

const forget = async (but = "") => {
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && name !== but) await caches.delete(name);
};

/* A page is kept for the reader whom the server names, and drives out everybody else's. */
const keep = async (path, response) => {
  const reader = response.headers.get(READER);
  if (response.status !== 200 || response.redirected || !reader) return;
  await forget(PAGES + reader);
  await (await caches.open(PAGES + reader)).put(keyOf(path), response);
};

const fetchAndKeep = async (path) => {
  const response = await fetch(path, { redirect: "manual", headers: { Accept: "text/html" } });
  await keep(path, response);
};

const found = async (path) => {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const response = await (await caches.open(name)).match(keyOf(path));
    if (response) return response;
  }
  return undefined;
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

const file = async (request) => {
  const kept = await (await caches.open(FILES)).match(request.url, { ignoreSearch: true });
  return kept ?? fetch(request);
};

self.addEventListener("install", (event) => {
  const fresh = SHELL.files.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

const cleanUp = async () => {
  for (const name of await caches.keys()) if (name.startsWith("jiayuan-shell-") && name !== FILES) await caches.delete(name);
  await self.clients.claim();
};
self.addEventListener("activate", (event) => event.waitUntil(cleanUp()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (SHELL.files.includes(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && isKept(url.pathname)) event.respondWith(page(event, url.pathname));
});

self.addEventListener("message", (event) => {
  const paths = (event.data?.keep ?? []).filter(isKept);
  const unique = [...new Map(paths.map((path) => [keyOf(path), path])).values()];
  event.waitUntil(Promise.allSettled(unique.map(fetchAndKeep)));
});
