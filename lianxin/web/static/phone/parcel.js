// One note made ready: its photos sent, then the words put into a parcel that is not changed any more.
// However often it is sent, the same bytes go under the same key, so that the house counts it once.
"use strict";
(() => {
  const { jot } = self;
  const PATIENCE_MS = { json: 30_000, photo: 120_000 };
  const NOTICED_MS = 120_000; // a clock that is wrong by less is left alone

  // What came back, as {status, code, detail, wait, body}; raises where nothing did. An answer that is
  // not the house's own (a hotel's login page, a proxy) has no code and counts as none.
  const post = async (path, me, init, ms) => {
    const { answer, body } = await jot.ask(`/api/v1${path}`, {
      method: "POST", signal: AbortSignal.timeout(ms), ...init,
      headers: { "X-CSRFToken": me.csrf, "Lianxin-For": me.id, "Accept-Language": await tongue(), ...init.headers },
    });
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    return { status: answer.status, code: body.code || "", detail: body.detail || "", facts: body.facts || {}, wait, body };
  };
  const tongue = async () => (await jot.fact("tongue")) || "zh";

  // Photos one by one; each id is noted before the next goes, so that a cut wire costs one photo at most.
  const photos = async (row, me) => {
    const ids = [];
    for (const photo of row.photos) {
      if (!photo.id) {
        const form = new FormData();
        form.append("photo", new Blob([await jot.open(me.key, await jot.picture(photo.slot))], { type: photo.type }), "photo.jpg");
        const said = await post("/photos", me, { body: form }, PATIENCE_MS.photo);
        if (said.status !== 201 || !said.body.id) return { said };
        photo.id = said.body.id;
        await jot.change(row.key, (now) => now && { ...now, photos: now.photos.map((p) => (p.slot === photo.slot ? { ...p, id: photo.id } : p)) });
      }
      ids.push(photo.id);
    }
    return { ids };
  };

  // The moment on the house's clock: a phone that goes wrong is put right, a typed time is believed.
  const moment = (said, me) => {
    const at = said.typed || Math.abs(me.ahead) < NOTICED_MS ? said.at : said.at - me.ahead;
    return new Date(Math.min(at, Date.now() - me.ahead)).toISOString();
  };

  const words = (said, me, ids) => {
    const answers = { text: said.text };
    for (const name of ["address", "category"]) if (said[name]) answers[name] = said[name];
    if (said.phone && said.door === "file_for") answers.phone = said.phone;
    if (ids.length) answers.photo = ids;
    const place = said.place ? { id: said.place } : null;
    return JSON.stringify({ flow: "five-orders", door: said.door, answers, place, at: moment(said, me) });
  };

  // The parcel of a note: made once, and found as it was ever after.
  const packed = async (row, me) => {
    if (row.parcel) return { body: await jot.unsealed(me.key, row.parcel) };
    const { ids, said } = await photos(row, me);
    if (said) return { said };
    const body = words(await jot.unsealed(me.key, row.sealed), me, ids);
    const parcel = await jot.sealed(me.key, body);
    const same = (now) => now && now.stage === "waiting" && `${now.sealed.iv}` === `${row.sealed.iv}`;
    const stands = await jot.change(row.key, (now) => (same(now) && !now.parcel ? { ...now, parcel } : null));
    if (!same(stands)) return { gone: true }; // taken back to be changed, while its photos were on their way
    return { body: await jot.unsealed(me.key, stands.parcel) };
  };

  const filed = (row, body, me) => post("/orders", me, {
    body, headers: { "Content-Type": "application/json", "Idempotency-Key": row.key },
  }, PATIENCE_MS.json);

  Object.assign(jot, { packed, filed });
})();
