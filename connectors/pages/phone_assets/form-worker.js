// Opens the form without a network: what was loaded last is stored, and used where nothing comes. It sends nothing
// itself, and stores no page with a name on it. ES2017, as the rest.
"use strict";
const LANG = new URL(self.location.href).searchParams.get("lang") === "en" ? "en" : "zh-CN";
const CACHE = "form", SHELL = "/form?shell=1&lang=" + LANG, MAP = "/form/map?lang=" + LANG;

self.addEventListener("install", (event) => {
  event.waitUntil(renew().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === "/form") event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  } else if (address.pathname.startsWith("/assets/") || address.pathname === "/form/map") {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreVary: true })));
  }
});

// The page for everybody, asked for without cookies, and all that it names.
async function renew() {
  const cache = await caches.open(CACHE);
  const shell = await fetch(SHELL, { credentials: "omit" });
  const page = await shell.clone().text();
  const named = (page.match(/\/assets\/[\w.-]+/g) || []).filter((name, n, all) => all.indexOf(name) === n);
  await cache.put(SHELL, shell);
  await Promise.all(
    named.concat(MAP).map((address) => fetch(address, { credentials: "omit" }).then((answer) => answer.ok && cache.put(address, answer))),
  );
}
