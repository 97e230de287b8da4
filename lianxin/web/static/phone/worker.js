// Between the pages and the network: the shell from the phone, the day's list from the network or as it was last seen.
"use strict";
(() => {
  const { jot, HOUSE } = self;
  const SHELL = `shell-${HOUSE.version}`, KEPT = "kept";
  const PAGES = { "/today": 6_000, "/jot": 2_500 }; // kept pages, and how long the network may take
  const DAY_MS = 24 * 3600_000; // what is older tells nobody anything any more, and is thrown away
  const OFFLINE = "/offline";

  self.addEventListener("install", (event) => event.waitUntil((async () => {
    const shell = await caches.open(SHELL);
    await shell.addAll([...HOUSE.shell, OFFLINE]);
    await self.skipWaiting();
  })()));

  self.addEventListener("activate", (event) => event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
    await stock();
  })()));

  // Both pages must lie ready before they are needed: with them whose phone it is, and the key.
  const stock = async () => {
    const kept = await caches.open(KEPT);
    const lacking = [];
    for (const name of Object.keys(PAGES)) if (!(await kept.match(name, { ignoreVary: true }))) lacking.push(name);
    if (!lacking.length) return;
    try {
      const me = await jot.greet();
      for (const name of me.id ? lacking : []) await keep(name, await fetch(name, { redirect: "manual" }));
    } catch (fault) {
      if (!(fault instanceof jot.Offline || fault instanceof TypeError)) throw fault; // the next page tries again
    }
  };

  // A page as it came, with the moment; one that is not given any more is not kept either.
  const keep = async (address, answer) => {
    const kept = await caches.open(KEPT);
    if (answer.status !== 200) return kept.delete(address);
    const headers = new Headers(answer.headers);
    ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
    headers.set("X-Kept", new Date().toISOString());
    return kept.put(address, new Response(await answer.blob(), { headers }));
  };

  // As it was last seen, saying when; nothing after a day. The form to write on has no age.
  const asKept = async (address) => {
    const found = await (await caches.open(KEPT)).match(address, { ignoreVary: true });
    if (!found) return null;
    const at = found.headers.get("X-Kept");
    if (address === "/jot") return found;
    if (Date.now() - Date.parse(at) < DAY_MS) return marked(found, "as-of", at);
    await (await caches.open(KEPT)).delete(address);
    return null;
  };

  const marked = async (answer, name, value, status = 200) => {
    const text = (await answer.text()).replace("<html ", `<html data-${name}="${value}" `);
    return new Response(text, { status, headers: answer.headers });
  };

  const sorry = async (wanted) => {
    const page = await caches.match(OFFLINE, { ignoreVary: true });
    return page ? marked(page, "wanted", wanted, 503) : Response.error();
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event, url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.method === "GET" && HOUSE.shell.includes(url.pathname)) event.respondWith(fromShell(request));
    else if (request.mode !== "navigate") return;
    else if (request.method === "POST") event.respondWith(pressed(event, url.pathname));
    else event.respondWith(visited(event, url));
  });

  const fromShell = async (request) => (await caches.match(request.url, { ignoreVary: true })) || fetch(request);

  // The list of one post or another; its further pages and narrowed ones are not kept.
  const address = ({ pathname, search }) => (pathname in PAGES && /^(\?as=\d+)?$/.test(search) ? pathname + search : "");

  const visited = async (event, url) => {
    const name = address(url);
    const asked = fetch(event.request);
    if (!name) return asked.catch(() => (url.pathname === "/" ? homeward() : sorry("page")));
    const fresh = asked.then((answer) => took(event, name, answer));
    event.waitUntil(fresh.catch(() => null)); // a late answer is kept all the same; none is seen below
    const late = new Promise((done) => { setTimeout(done, PAGES[url.pathname], null); });
    const first = await Promise.race([fresh.catch(() => null), late]);
    if (first && first.status < 500) return first;
    const old = await asKept(name);
    return old || first || fresh.catch(() => sorry("page"));
  };

  // What the network gave: kept if it is the page; the login in its place means that nobody is signed in.
  const took = async (event, name, answer) => {
    if (answer.type === "opaqueredirect") await jot.forget();
    else if (answer.status < 500) {
      await keep(name, answer.clone());
      event.waitUntil(stock());
    }
    return answer;
  };

  const homeward = async () => ((await caches.match("/today", { cacheName: KEPT, ignoreVary: true })) ? Response.redirect("/today") : sorry("page"));

  // Signing out takes what is private along, with or without a network. Other words are spoken, or
  // another type is read: what is kept is fetched anew.
  const pressed = async (event, path) => {
    const out = path === "/logout";
    const held = out ? await jot.count() : null;
    const asked = fetch(event.request).catch(() => null);
    const answer = await asked;
    if (out) await jot.forget();
    if (!answer) return sorry(out ? "out" : "press");
    if (path === "/switch") event.waitUntil(anew());
    const unsent = held ? held.waiting + held.refused + held.writing : 0;
    return out && unsent && answer.type === "opaqueredirect" ? Response.redirect(`/jot/left?n=${unsent}`, 303) : answer;
  };

  const anew = async () => {
    await (await caches.open(KEPT)).delete("/jot");
    const page = await fetch(OFFLINE).catch(() => null); // no network: the old words stay
    if (page && page.ok) await (await caches.open(SHELL)).put(OFFLINE, page);
    await stock();
  };

  // The network is back and no page need be open.
  self.addEventListener("sync", (event) => {
    if (event.tag !== "jot") return;
    event.waitUntil(jot.send().then((end) => { if (end.why === "offline") throw new Error("no network yet"); }));
  });
})();
