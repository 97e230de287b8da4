// The form on /jot: what is typed is kept at once, so that a closed browser loses nothing; "keep" puts it in the queue.
"use strict";
(() => {
  const { jot } = self;
  const form = document.querySelector("form.jot");
  if (!isSecureContext || !navigator.serviceWorker) {
    document.querySelector("[data-insecure]").hidden = false;
    return;
  }
  const one = (query) => form.querySelector(query);
  const field = form.elements, most = Number(form.dataset.photos);
  const QUIET_MS = 400; // after the last sign, until it is kept
  const FEW = 8; // places as buttons; more are a list

  let me = null;      // whose phone it is, with the key
  let key = "";       // of the note in the form, "" before the first sign
  let begun = 0, typed = false;
  let pictures = [];  // {slot, type, url, id?}
  let last = Promise.resolve(), timer = 0, release = () => {};

  const wrong = (name, facts, at) => {
    one("[data-wrong]").hidden = !name;
    one("[data-wrong] span").textContent = name ? jot.say(name, facts) : "";
    if (at) at.focus();
  };

  // One tab writes one note: the other finds it taken and begins its own.
  const hold = (name) => new Promise((done) => {
    if (!navigator.locks) { done(true); return; }
    navigator.locks.request(`jot-note-${name}`, { ifAvailable: true }, (lock) => {
      done(Boolean(lock));
      return lock && new Promise((free) => { release = free; });
    });
  });

  const begin = () => {
    if (key) return;
    key = crypto.randomUUID();
    begun = Date.now();
    hold(key);
    clock();
  };
  const clock = () => {
    field.at.max = jot.wall(Date.now());
    field.at.min = jot.wall(Date.now() - Number(form.dataset.days) * 86_400_000);
    field.at.value = begun ? jot.wall(begun) : "";
    one("[data-began]").textContent = begun ? jot.clock(begun) : "";
  };

  const said = () => ({
    text: field.text.value.trim(), door: field.door.value, place: Number(placed()) || 0,
    address: field.address.value.trim(), category: field.category.value, phone: field.phone.value.trim(),
    at: begun, typed,
  });

  // Kept as it stands, one save after the other; what has gone out meanwhile is not called back.
  const save = (stage, fresh = []) => {
    clearTimeout(timer);
    if (!key || !me) return last;
    const [name, words, photos] = [key, said(), pictures.map(({ slot, type, id }) => ({ slot, type, ...(id && { id }) }))];
    if (stage === "writing" && !words.text && !photos.length) return last;
    last = last.then(async () => {
      const closed = await jot.sealed(me.key, words);
      const alter = (was) => (was && was.stage !== "writing" ? null : { key: name, who: me.id, stage, at: words.at, sealed: closed, photos, next: 0, tries: 0 });
      const stands = await jot.change(name, alter, fresh);
      return stands.sealed === closed;
    });
    return last;
  };
  const sooner = () => { if (!one("[data-wrong]").hidden) wrong(""); begin(); clearTimeout(timer); timer = setTimeout(() => save("writing"), QUIET_MS); };

  // ── places, doors, the moment ────────────────────────────────────────────────────────────────────
  const placeField = () => field.place || { value: "" };
  // Of a single place the field is the button itself, whose value says nothing of whether it is pressed.
  const placed = () => (placeField().checked === false ? "" : placeField().value);
  const choose = (id) => { const at = placeField(); if (at.type === "radio") at.checked = at.value === String(id); else at.value = id; };
  const places = async () => {
    const usual = (await jot.fact(`place-${me.id}`)) || (me.places[0] || {}).id;
    const few = me.places.length <= FEW;
    const made = me.places.map(({ id, name }) => {
      if (!few) return new Option(name, id, id === usual, id === usual);
      const label = document.createElement("label"), radio = document.createElement("input"), words = document.createElement("span");
      label.className = "choice";
      Object.assign(radio, { type: "radio", name: "place", value: id, checked: id === usual });
      words.textContent = name;
      words.lang = "zh-CN";
      label.append(radio, words);
      return label;
    });
    const list = few ? made : [Object.assign(document.createElement("select"), { name: "place" })];
    if (!few) list[0].append(...made);
    one("[data-places]").replaceChildren(...list);
  };
  const door = () => { one("[data-only]").hidden = field.door.value !== one("[data-only]").dataset.only; };

  form.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-ago]");
    if (!chip) return;
    begin();
    begun = Date.now() - Number(chip.dataset.ago) * 60_000;
    typed = true;
    clock();
    save("writing");
  });
  field.at.addEventListener("change", () => {
    begin();
    begun = jot.unwall(field.at.value);
    typed = true;
    if (begun <= Date.now()) clock();
  });

  // ── photos ───────────────────────────────────────────────────────────────────────────────────────
  const draw = () => one("[data-pictures]").replaceChildren(...pictures.map((picture) => {
    const button = document.createElement("button"), image = new Image(128, 96);
    Object.assign(button, { type: "button", className: "picture", ariaLabel: jot.say("take_out") });
    Object.assign(image, { src: picture.url, alt: "" });
    button.append(image);
    button.addEventListener("click", () => {
      pictures = pictures.filter((other) => other !== picture);
      URL.revokeObjectURL(picture.url);
      draw();
      save("writing");
    });
    return button;
  }));
  const added = async (files) => {
    if (!me) return;
    begin();
    for (const file of files) {
      if (pictures.length >= most) { wrong("many", { n: most }); break; }
      const small = await jot.shrink(file, Number(form.dataset.side));
      const slot = crypto.randomUUID(), closed = await jot.seal(me.key, await small.arrayBuffer());
      pictures.push({ slot, type: small.type, url: URL.createObjectURL(small) });
      await full(() => save("writing", [{ slot, ...closed }]));
    }
    draw();
  };
  field.photo.addEventListener("change", async () => {
    const files = [...field.photo.files];
    field.photo.value = "";
    await added(files);
  });

  // ── into the form, out of the form ───────────────────────────────────────────────────────────────
  const clear = () => {
    release();
    pictures.forEach(({ url }) => URL.revokeObjectURL(url));
    [key, begun, typed, pictures, release] = ["", 0, false, [], () => {}];
    const place = placed();
    form.reset();
    if (place) choose(place);
    door(); draw(); clock();
  };

  // A note from the list, to be changed; what is in the form stays as unfinished.
  const take = async (row) => {
    await save("writing");
    if (row.key === key || !(await hold(row.key))) return;
    const stands = await jot.change(row.key, (was) => (was && !was.parcel && ["writing", "waiting", "refused"].includes(was.stage) ? { ...was, stage: "writing", code: "", why: null } : null));
    if (!stands || stands.stage !== "writing") { release(); wrong("gone"); return; }
    const words = await jot.unsealed(me.key, stands.sealed);
    const free = release;
    release = () => {};
    clear();
    [key, begun, typed, release] = [row.key, words.at, words.typed, free];
    for (const name of ["text", "door", "address", "category", "phone"]) field[name].value = words[name] || "";
    if (words.place && field.place) choose(words.place);
    for (const photo of stands.photos) {
      const bytes = await jot.open(me.key, await jot.picture(photo.slot));
      pictures.push({ ...photo, url: URL.createObjectURL(new Blob([bytes], { type: photo.type })) });
    }
    door(); draw(); clock();
  };

  const full = async (work) => {
    try {
      return await work();
    } catch (fault) {
      if (fault?.name !== "QuotaExceededError") throw fault;
      last = Promise.resolve();
      wrong("full");
      return false;
    }
  };

  const missing = () => {
    const words = said();
    if (!words.text) return ["no_words", field.text];
    if (!words.door) return ["no_door", form.querySelector("[name=door]")];
    if (!words.place) return ["no_place"];
    return !(words.at <= Date.now()) ? ["no_time", field.at] : null;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    begin();
    const lack = missing();
    if (lack) {
      if (lack[1] === field.at) one("details").open = true;
      wrong(lack[0], {}, lack[1]);
      return;
    }
    wrong("");
    const place = said().place;
    if (!(await full(() => save("waiting")))) return;
    clear();
    await jot.setFact(`place-${me.id}`, place);
    document.dispatchEvent(new CustomEvent("jot:said", { detail: "stored" }));
    jot.tell();
    navigator.storage?.persist?.();
    await jot.wake();
    jot.go();
  });

  form.addEventListener("input", (event) => { if (event.target.type !== "file") { sooner(); door(); } });
  addEventListener("pagehide", () => save("writing"));
  document.addEventListener("visibilitychange", () => document.hidden && save("writing"));

  // The phone's owner is known (again): places to choose from, and what was being written.
  const met = async () => {
    const known = await jot.me();
    if (known && me && known.id === me.id) return;
    if (me) clear(); // somebody else: what was in the form is theirs, and lies sealed
    me = known || null;
    form.querySelector("button.main").disabled = true;
    if (!me) { wrong("no_seal"); return; }
    await places();
    wrong(me.places.length ? "" : "no_place");
    form.querySelector("button.main").disabled = false;
    if (key || field.text.value) { sooner(); return; }
    const open = (await jot.notesIn(me.id, "writing")).sort((a, b) => b.at - a.at);
    for (const row of open) if (!key) await take(row);
  };
  document.addEventListener("jot:met", met);
  jot.take = take;
  jot.inForm = () => key;
  form.hidden = false;
  clock();
  field.text.focus({ preventScroll: true });
  jot.me().then((known) => known && met());
})();
