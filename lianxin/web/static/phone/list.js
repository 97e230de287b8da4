// Under the form: what is kept on this phone, what has become of it, and what can be done about it.
"use strict";
(() => {
  const { jot } = self;
  if (!isSecureContext || !navigator.serviceWorker) return;
  const box = document.querySelector("[data-kept-list]"), one = (query) => box.querySelector(query);
  const ORDER = ["refused", "writing", "waiting", "sent"], LOOK = { refused: "late", writing: "stopped", waiting: "waiting", tried: "doing", sent: "done" };
  const MOST = 50; // rows drawn; the heading counts all
  const DAY_MS = 86_400_000;
  const PHOTO = ["not_a_photo", "photo_too_large", "disk_full"];
  let dropped = null, line = "";

  // ── one row ──────────────────────────────────────────────────────────────────────────────────────
  const read = async (row, me) => {
    try {
      return { ...(await jot.unsealed(me.key, row.sealed)), why: row.why ? await jot.unsealed(me.key, row.why) : "" };
    } catch (fault) {
      if (fault.name !== "OperationError") throw fault;
      return { text: "", why: jot.say("sealed"), shut: true };
    }
  };
  const drawn = (row, said) => {
    const card = document.getElementById("jot-row").content.cloneNode(true).firstElementChild;
    const stage = row.stage === "waiting" && row.parcel ? "tried" : row.stage;
    const [at, about, why] = [card.querySelector("time"), card.querySelector(".about"), card.querySelector(".why")];
    card.dataset.stage = stage;
    card.querySelector(".chip").classList.add(LOOK[stage]);
    card.querySelector("[data-word]").textContent = jot.say(`is_${stage}`);
    [at.textContent, at.dateTime] = [jot.clock(row.at), new Date(row.at).toISOString()];
    Object.assign(card.querySelector(".said"), { textContent: said.text, lang: /[\u3400-\u9fff]/.test(said.text) ? "zh-CN" : "" });
    const door = said.door && document.querySelector(`[name=door][value=${said.door}]`);
    about.textContent = [door && door.nextElementSibling.textContent, row.photos.length && jot.say("photos", { n: row.photos.length })].filter(Boolean).join(" · ");
    why.textContent = stage === "tried" ? jot.say("tried_is") : said.why;
    why.hidden = !why.textContent;
    if (stage === "sent") why.replaceWith(link(row));
    card.querySelector("footer").append(...acts(row, said, stage));
    return card;
  };
  const link = ({ number }) => {
    const p = document.createElement("p");
    p.append(Object.assign(document.createElement("a"), { href: `/orders/${number}`, textContent: jot.say("was_sent", { number }) }));
    return p;
  };

  // ── what may be done ─────────────────────────────────────────────────────────────────────────────
  const acts = (row, said, stage) => {
    const button = (name, press) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: jot.say(name) });
      made.dataset.act = name;
      made.addEventListener("click", async () => { await press(); jot.tell(); draw(); });
      return made;
    };
    if (stage === "sent" || stage === "tried") return [];
    const drop = button("drop", () => away(row));
    if (said.shut) return [drop];
    const mend = row.code === "too_long_ago" ? [button("to_now", () => again(row, asOfNow(said)))]
      : PHOTO.includes(row.code) ? [button("no_photos", () => again(row, said, []))] : [];
    return [...mend, button("edit", async () => { await jot.take(row); scrollTo(0, 0); }), drop];
  };
  const asOfNow = (said) => ({ ...said, text: `${said.text}\n${jot.say("was_heard", { at: jot.clock(said.at) })}`, at: Date.now(), typed: false });
  const again = async (row, said, photos = row.photos) => {
    const { why, ...words } = said;
    const sealed = await jot.sealed((await jot.me()).key, words);
    await jot.change(row.key, (was) => was && was.stage === "refused" && { ...was, stage: "waiting", sealed, photos, at: words.at, code: "", why: null, next: 0 });
    jot.go();
  };
  const away = async (row) => {
    const stands = await jot.change(row.key, (was) => was && !was.parcel && was.stage !== "sent" && { ...was, stage: "dropped", was: was.stage });
    line = stands && stands.stage === "dropped" ? "dropped" : "gone";
    dropped = line === "dropped" ? row : null;
  };
  const back = async () => {
    await jot.change(dropped.key, (was) => was && was.stage === "dropped" && { ...was, stage: was.was });
    [dropped, line] = [null, ""];
    jot.tell(); draw(); jot.go();
  };

  // ── the line over the list ───────────────────────────────────────────────────────────────────────
  const told = (waiting) => {
    const { why, until, what } = jot.state();
    if (why === "signed_out") return jot.say("signed_out");
    if (!waiting) return line ? jot.say(line) : "";
    const kept = line === "stored" ? jot.say("stored") : "";
    if (why === "offline" || !navigator.onLine) return kept + jot.say("offline");
    if (why === "slow") return jot.say("slow", { s: Math.max(1, Math.ceil((until - Date.now()) / 1000)) });
    return why === "answer" ? jot.say("no_answer", { what }) : kept + jot.say("sending");
  };
  const state = (waiting) => {
    const place = one("[data-state]"), words = told(waiting);
    const more = [];
    if (dropped) more.push(Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: jot.say("undo"), onclick: back }));
    if (jot.state().why === "signed_out") more.push(Object.assign(document.createElement("a"), { href: "/login?next=/jot", className: "button", textContent: jot.say("sign_in") }));
    place.replaceChildren(words, ...more);
    one("[data-send-row]").hidden = !waiting;
  };

  // ── all of it ────────────────────────────────────────────────────────────────────────────────────
  const shownRows = (rows) => rows
    .filter((row) => row.key !== jot.inForm())
    .sort((a, b) => ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage) || (a.stage === "sent" ? b.sent - a.sent : b.at - a.at));
  const all = async () => {
    const me = await jot.me(), n = await jot.count();
    const rows = me ? shownRows((await Promise.all(ORDER.map((stage) => jot.notesIn(me.id, stage)))).flat()) : [];
    const cards = [];
    for (const row of rows.slice(0, MOST)) cards.push(drawn(row, await read(row, me)));
    one("[data-rows]").replaceChildren(...cards);
    one("[data-none]").hidden = rows.length > 0;
    one("[data-waiting-n]").textContent = n.waiting ? jot.say("waiting", { n: n.waiting }) : "";
    one("[data-others]").hidden = !n.others;
    one("[data-others]").textContent = jot.say("others", { n: n.others });
    state(n.waiting);
    box.hidden = false;
  };

  // Many changes in a row are drawn once; focus stays with the button that was pressed, or its place.
  let asked = false, busy = false;
  const draw = async () => {
    asked = true;
    if (busy) return;
    busy = true;
    while (asked) { asked = false; await all(); await new Promise((done) => { setTimeout(done, 250); }); }
    busy = false;
  };

  // What has arrived is forgotten after a day, and all but the newest at once; what was taken away, now.
  const sweep = async () => {
    const me = await jot.me();
    if (!me) return;
    const sent = (await jot.notesIn(me.id, "sent")).sort((a, b) => b.sent - a.sent);
    const over = sent.filter((row, n) => n >= MOST || Date.now() - row.sent > DAY_MS);
    for (const row of [...over, ...(await jot.notesIn(me.id, "dropped"))]) await jot.remove(row);
  };

  one("[data-send]").addEventListener("click", () => jot.go({ now: true }).then(draw));
  document.addEventListener("jot:said", ({ detail }) => { [line, dropped] = [detail, null]; draw(); });
  document.addEventListener("jot:met", draw);
  jot.hear(draw);
  addEventListener("online", draw);
  addEventListener("offline", draw);
  sweep().then(draw);
})();
