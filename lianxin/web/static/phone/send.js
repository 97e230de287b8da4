// Sending what waits: one sender at a time on this phone, each note until it is answered, none under another name.
"use strict";
(() => {
  const { jot } = self;
  const SOON_MS = 5_000, LATE_MS = 600_000; // the first wait after a fault, and the longest
  const IN_A_ROW = 3; // faults of the house one after the other: then it is down, not the note

  // Why the last try ended: "" all is sent, "offline", "signed_out", "slow" with `until`, "answer".
  let state = { why: "", until: 0, what: "" };
  const stop = (why, ms = 0, what = "") => { state = { why, until: ms ? Date.now() + ms : 0, what }; return state; };

  // `now`: the button was pressed, so nobody waits for a next try.
  const send = ({ now = false } = {}) => {
    const work = () => run(now).catch((fault) => {
      if (!(fault instanceof jot.Offline)) throw fault;
      return stop("offline", SOON_MS);
    });
    const alone = navigator.locks ? navigator.locks.request("jot-send", work) : work();
    return alone.then((end) => { jot.tell(); return end; });
  };

  const run = async (now) => {
    const known = await jot.me();
    if (!known && !(await jot.count()).others) return stop("");
    if (known && now) await Promise.all((await waiting(known.id)).map((row) => mark(row, { next: 0 })));
    if (known && !(await due(known.id)).length) return rest(known.id);
    const me = await jot.greet();
    return me.id ? through(me) : stop("signed_out");
  };

  // All that is due, the oldest first, until nothing is or something speaks against it.
  const through = async (me) => {
    const stale = new Set();
    let faults = 0, lost = 0;
    for (let row, queue = []; (row = queue.shift() || (queue = await due(me.id)).shift());) {
      row = await jot.note(row.key); // as it is by now
      if (!row || row.stage !== "waiting") continue;
      const said = await one(row, me);
      if (said.code === "lost") { // one answer, or the network? Whoever answers this is there
        if ((lost += 1) > IN_A_ROW) throw new jot.Offline("lost");
        me = await jot.greet();
        if (me.id !== row.who) return stop(me.id ? "" : "signed_out");
        continue;
      }
      lost = 0;
      if (said.status === 401 || said.status === 403) { // not by this sign-in, or not by this person
        const again = await jot.greet();
        if (again.id !== me.id) return stop(again.id ? "" : "signed_out");
        me = again;
        if (said.code === "stale_form" && !stale.has(row.key)) { stale.add(row.key); continue; }
      }
      const end = await settled(row, said, me);
      if (end) return end;
      faults = said.status >= 500 && said.status !== 507 ? faults + 1 : 0;
      if (faults >= IN_A_ROW) return stop("slow", SOON_MS * 4);
      jot.tell();
    }
    return rest(me.id);
  };

  // Nothing is due: all is sent, or the next try has its hour.
  const rest = async (who) => {
    const nexts = (await waiting(who)).map((row) => row.next || 0);
    return nexts.length ? stop("slow", Math.max(1000, Math.min(...nexts) - Date.now())) : stop("");
  };

  const waiting = (who) => jot.notesIn(who, "waiting");
  const due = async (who) => (await waiting(who))
    .filter((row) => (row.next || 0) <= Date.now())
    .sort((a, b) => a.at - b.at);

  const one = async (row, me) => {
    try {
      const ready = await jot.packed(row, me);
      if (ready.gone) return { status: 0, code: "gone" };
      return ready.said || await jot.filed(row, ready.body, me);
    } catch (fault) {
      if (fault.name === "OperationError") return { status: 0, code: "sealed" }; // closed with another key
      if (fault instanceof jot.Offline) return { status: 0, code: "lost" };
      throw fault;
    }
  };

  const mark = (row, more) => jot.change(row.key, (now) => now && { ...now, ...more });
  const refuse = async (row, me, said) => mark(row, {
    stage: "refused", parcel: null, code: said.code, why: await jot.sealed(me.key, said.detail || ""),
  });

  // What an answer means. Gives a state when nothing more should be sent now.
  const settled = async (row, said, me) => {
    if (said.code === "gone") return null;
    if (said.status === 201 && said.body.number) {
      await mark(row, { stage: "sent", number: said.body.number, sent: Date.now(), photos: [], parcel: null });
      return null;
    }
    if (said.status === 429) { await later(row, said.wait); return stop("slow", (said.wait || 30) * 1000); }
    if (said.code === "unknown" && said.facts.field === "photo" && !row.anew) { // lay too long: thrown away there
      const photos = row.photos.map(({ id, ...photo }) => photo);
      await mark(row, { photos, parcel: null, anew: true });
      return null;
    }
    if (said.code === "sealed") { await mark(row, { stage: "refused", code: "sealed", why: null }); return null; }
    if (said.code && said.status >= 400 && (said.status < 500 || said.status === 507)) { await refuse(row, me, said); return null; }
    await later(row, said.wait);
    if (said.status < 500) return stop("answer", SOON_MS * 6, String(said.status)); // not the house that spoke
    return said.status === 503 ? stop("slow", Math.max(said.wait * 1000, SOON_MS)) : null;
  };

  // Not lost and not refused: tried again after a while, which grows.
  const later = (row, wait) => {
    const tries = (row.tries || 0) + 1;
    return mark(row, { tries, next: Date.now() + Math.max(wait * 1000, Math.min(SOON_MS * 2 ** tries, LATE_MS)) });
  };

  // Asks the phone to wake us when the network is back, where it can.
  const wake = async () => {
    const on = await navigator.serviceWorker?.getRegistration();
    if (on && "sync" in on) await on.sync.register("jot").catch(() => null); // may be switched off: the page sends
  };

  Object.assign(jot, { send, wake, state: () => state });
})();
