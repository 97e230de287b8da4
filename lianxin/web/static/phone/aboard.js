// On a worker's pages: the phone's script is started, whose phone it is asked; what waits is sent whenever it can be.
"use strict";
(() => {
  const { jot } = self;
  const one = (query) => document.querySelector(query);
  const LONGEST_MS = 60_000; // between two tries while a page is open and the network is away

  // The page's own words, with {facts} filled in.
  const table = one("#jot-words") ? JSON.parse(one("#jot-words").textContent) : {};
  const aside = one("[data-aboard]");
  for (const name in aside ? aside.dataset : {}) if (name.startsWith("word")) table[name.slice(4).toLowerCase()] = aside.dataset[name];
  jot.say = (name, facts = {}) => table[name].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);

  // Clocks of Beijing, whatever the phone's own zone is.
  const BEIJING_MS = 8 * 3600_000, lang = document.documentElement.lang;
  const shown = (more) => new Intl.DateTimeFormat(lang, { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more });
  jot.wall = (ms) => new Date(ms + BEIJING_MS).toISOString().slice(0, 16);
  jot.unwall = (text) => Date.parse(`${text.slice(0, 16)}:00+08:00`);
  jot.clock = (ms) => (jot.wall(ms).slice(0, 10) === jot.wall(Date.now()).slice(0, 10) ? shown({}) : shown({ month: "short", day: "numeric" })).format(ms);

  // Sending: now, and again after a while that grows as long as nothing gets through.
  let timer = 0, pause = 0;
  jot.go = async (how) => {
    clearTimeout(timer);
    const end = await jot.send(how);
    pause = end.why === "offline" ? Math.min(Math.max(pause * 2, 4_000), LONGEST_MS) : 0;
    const wait = pause || (end.until ? end.until - Date.now() : 0);
    if (wait) timer = setTimeout(jot.go, Math.max(wait, 500));
  };

  const meet = async () => {
    try {
      await jot.greet();
    } catch (fault) {
      if (!(fault instanceof jot.Offline)) throw fault; // then it is as the phone knows it
    }
    jot.tell();
    document.dispatchEvent(new Event("jot:met"));
    await jot.go();
  };

  // Over the day's list: as of when it is, and what has not been sent.
  const asOf = document.documentElement.dataset.asOf;
  const stood = one("[data-stood]"), unsent = one("[data-unsent]");
  const head = async () => {
    if (stood && asOf) {
      stood.hidden = false;
      one("[data-stood] span").textContent = jot.say("as_of", { at: jot.clock(Date.parse(asOf)) });
      one("[data-stood] a").hidden = !navigator.onLine;
      const line = one("[data-offline]");
      if (line) line.hidden = navigator.onLine;
    }
    if (!unsent) return;
    const { waiting, refused } = await jot.count();
    unsent.hidden = !waiting && !refused;
    one("[data-unsent] span").textContent = [waiting && jot.say("waiting", { n: waiting }), refused && jot.say("attention", { n: refused })].filter(Boolean).join(" · ");
  };
  jot.hear(head);

  if (!("serviceWorker" in navigator) || !isSecureContext) return; // nothing can be kept safely: pages as ever
  navigator.serviceWorker.register("/sw.js");
  jot.setFact("tongue", lang.slice(0, 2));
  addEventListener("online", () => { head(); pause = 0; jot.go(); });
  addEventListener("offline", head);
  document.addEventListener("visibilitychange", () => document.hidden || jot.go());
  head();
  meet();
})();
