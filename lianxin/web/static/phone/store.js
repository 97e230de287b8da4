// What a phone keeps of a grid worker's: in its own database, closed with a key that leaves it at sign-out.
// Loaded by the pages and by the worker script. Here `jot` gets: records, whose phone it is, seal and open.
"use strict";
self.jot = (() => {
  const NAME = "lianxin-jot", ME = "me";
  const OVER = ["sent", "dropped"]; // stages of a note: writing, waiting, refused, and these
  let opened = null;

  // No answer came: nothing is known about what was asked.
  class Offline extends Error {}
  const ask = async (address, how) => {
    try {
      const answer = await fetch(address, { redirect: "error", cache: "no-store", ...how });
      const ours = /json/.test(answer.headers.get("Content-Type") || "");
      return { answer, body: ours ? await answer.json() : {} };
    } catch (fault) {
      throw new Offline(fault.message);
    }
  };

  // `notes`: one record a note; in clear only what the queue needs (key, who, stage, at, number, tries,
  // next), all else sealed. `pictures`: sealed, beside the notes. `facts`: `me`, and what was chosen last.
  const database = () => opened ||= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("notes", { keyPath: "key" }).createIndex("of", ["who", "stage"]);
      asked.result.createObjectStore("pictures", { keyPath: "slot" });
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      asked.result.onclose = () => { opened = null; };
      done(asked.result);
    };
    asked.onerror = () => { opened = null; failed(asked.error); };
  });

  // `work(store, …)` asks within one transaction and may give a request; done when all is on the disk.
  const within = async (names, mode, work) => {
    const held = (await database()).transaction(names, mode);
    return new Promise((done, failed) => {
      const asked = work(...[names].flat().map((name) => held.objectStore(name)));
      held.oncomplete = () => done(asked && asked.result);
      held.onabort = held.onerror = () => failed(held.error);
    });
  };

  const fact = (name) => within("facts", "readonly", (store) => store.get(name));
  const setFact = (name, value) => within("facts", "readwrite", (store) => { store.put(value, name); });
  const note = (key) => within("notes", "readonly", (store) => store.get(key));
  const notesIn = (who, stage) => within("notes", "readonly", (store) => store.index("of").getAll([who, stage]));
  const picture = (slot) => within("pictures", "readonly", (store) => store.get(slot));

  // Read, change, write, with nobody in between: `alter` gets the record (or undefined) and gives the
  // new one, or nothing to leave it alone; its new pictures come along. Gives what then stands there.
  // A picture that the record does not name any more goes.
  const change = (key, alter, pictures = []) => {
    let stands;
    return within(["notes", "pictures"], "readwrite", (notes, shelf) => {
      notes.get(key).onsuccess = ({ target: { result: was } }) => {
        const now = alter(was);
        stands = now || was;
        if (!now) return;
        notes.put(now);
        pictures.forEach((one) => shelf.put(one));
        const named = new Set(now.photos.map((photo) => photo.slot));
        for (const { slot } of was ? was.photos : []) if (!named.has(slot)) shelf.delete(slot);
      };
    }).then(() => stands);
  };

  const remove = (row) => within(["notes", "pictures"], "readwrite", (notes, shelf) => {
    row.photos.forEach(({ slot }) => shelf.delete(slot));
    notes.delete(row.key);
  });

  // How many wait, need a look, are not finished, or lie sealed for others: without opening anything.
  const count = async () => {
    const mine = ((await me()) || {}).id;
    const found = { waiting: 0, refused: 0, writing: 0, sent: 0, dropped: 0, others: 0 };
    await within("notes", "readonly", (store) => {
      store.index("of").openKeyCursor().onsuccess = ({ target: { result: at } }) => {
        if (!at) return;
        const [who, stage] = at.key;
        if (who === mine) found[stage] += 1;
        else if (!OVER.includes(stage)) found.others += 1;
        at.continue();
      };
    });
    return found;
  };

  const me = () => fact(ME);

  // Who is signed in, as the house says it now; raises where it cannot be asked. Somebody new, or
  // nobody, and what was the last one's leaves the phone; what they had not sent stays, sealed.
  const greet = async () => {
    const { answer, body: told } = await ask("/jot/me", { signal: AbortSignal.timeout(15_000) });
    if (answer.status !== 200 || typeof told.id !== "string") throw new Offline(`/jot/me: ${answer.status}`);
    const was = await me();
    if (was && was.id !== told.id) await forget();
    if (!told.id) return { id: "" };
    const raw = Uint8Array.from(atob(told.seal), (sign) => sign.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    await setFact(ME, { id: told.id, name: told.name, places: told.places, key });
    return { id: told.id, csrf: told.csrf, ahead: Date.now() - Date.parse(told.now), key };
  };

  // Nothing of anybody's stays readable: the kept pages, the key, what has been sent.
  const forget = async () => {
    await caches.delete("kept");
    await within("facts", "readwrite", (store) => { store.delete(ME); });
    const all = await within("notes", "readonly", (store) => store.getAll());
    for (const row of all.filter(({ stage }) => OVER.includes(stage))) await remove(row);
    tell();
  };

  const seal = async (key, bytes) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  };
  const open = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
  const sealed = (key, said) => seal(key, new TextEncoder().encode(JSON.stringify(said)));
  const unsealed = async (key, closed) => JSON.parse(new TextDecoder().decode(await open(key, closed)));

  // Other tabs, and the pages when the worker script has sent something.
  const channel = new BroadcastChannel("jot");
  const heard = [];
  const tell = () => { channel.postMessage("changed"); heard.forEach((then) => then()); };
  const hear = (then) => { heard.push(then); channel.addEventListener("message", then); };

  return { Offline, ask, fact, setFact, note, notesIn, picture, remove, change, count, me, greet, forget, seal, open, sealed, unsealed, tell, hear };
})();
