// On the page that paints over a photo: parts are drawn, moved, resized and removed; the form carries them.
"use strict";
(() => {
  const form = document.querySelector("[data-paint]");
  if (!form) return;
  const size = [Number(form.dataset.width), Number(form.dataset.height)];
  const sheet = form.querySelector("[data-sheet]");
  const list = form.querySelector("[data-parts]");
  const pattern = form.querySelector("[data-part]").innerHTML;
  const SMALLEST = 8; // pixels on the screen: less was a tap, not a part
  const parts = [...list.querySelectorAll("[name=cover]")].map((field) => field.value.split(",").map(Number));
  const past = [];

  const shown = () => sheet.getBoundingClientRect();
  const within = (value, least, most) => Math.min(Math.max(value, least), most);
  const place = (mark, [left, top, width, height]) => {
    const [w, h] = size;
    mark.style.left = `${(left / w) * 100}%`;
    mark.style.top = `${(top / h) * 100}%`;
    mark.style.width = `${(width / w) * 100}%`;
    mark.style.height = `${(height / h) * 100}%`;
  };
  const marks = () => [...sheet.querySelectorAll(".part")];

  const draw = (focused) => {
    marks().forEach((mark) => mark.remove());
    list.replaceChildren();
    parts.forEach((part, i) => {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.className = "part";
      mark.setAttribute("aria-label", form.dataset.label.replace("{n}", i + 1));
      mark.append(Object.assign(document.createElement("span"), { className: "grip" }));
      place(mark, part);
      sheet.append(mark);
      list.insertAdjacentHTML("beforeend", pattern.replaceAll("{n}", i + 1));
      list.lastElementChild.querySelector("[name=cover]").value = part.join(",");
    });
    const mark = marks()[focused];
    if (mark) mark.focus({ preventScroll: true });
  };
  const remember = () => past.push(parts.map((part) => [...part]));
  const change = (make, focused) => {
    remember();
    make();
    draw(focused);
  };
  const back = () => {
    if (past.length) parts.splice(0, parts.length, ...past.pop());
    else parts.pop();
    draw(parts.length - 1);
  };
  const remove = (i) => change(() => parts.splice(i, 1), Math.min(i, parts.length - 2));

  // ── by finger or mouse ───────────────────────────────────────────────────────────────────────
  let held = null; // what is being drawn, moved or resized

  const point = (event) => {
    const box = shown();
    return [
      within(((event.clientX - box.left) / box.width) * size[0], 0, size[0]),
      within(((event.clientY - box.top) / box.height) * size[1], 0, size[1]),
    ];
  };
  const spanned = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.abs(a - c), Math.abs(b - d)].map(Math.round);
  const moved = ([left, top, width, height], by) => [
    within(Math.round(left + by[0]), 0, size[0] - width), within(Math.round(top + by[1]), 0, size[1] - height), width, height,
  ];
  const resized = ([left, top, width, height], by) => [
    left, top, within(Math.round(width + by[0]), 1, size[0] - left), within(Math.round(height + by[1]), 1, size[1] - top),
  ];

  sheet.addEventListener("pointerdown", (event) => {
    if (event.button || held) return;
    event.preventDefault();
    const mark = event.target.closest(".part"), from = point(event);
    const how = event.target.closest(".grip") ? resized : mark ? moved : null;
    if (mark) mark.focus({ preventScroll: true });
    held = { from, how, i: mark ? marks().indexOf(mark) : parts.length, was: parts.map((part) => [...part]) };
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!held) return;
    const to = point(event), by = [to[0] - held.from[0], to[1] - held.from[1]];
    parts[held.i] = held.how ? held.how(held.was[held.i], by) : spanned(held.from, to);
    if (marks()[held.i]) place(marks()[held.i], parts[held.i]);
    else draw();
  });
  sheet.addEventListener("pointerup", () => {
    if (!held) return;
    const { i, was } = held, part = parts[i];
    const scale = shown().width / size[0];
    held = null;
    if (part && (part[2] * scale < SMALLEST || part[3] * scale < SMALLEST) && !was[i]) parts.splice(i, 1);
    if (JSON.stringify(parts) !== JSON.stringify(was)) past.push(was);
    draw(i);
  });
  sheet.addEventListener("pointercancel", () => {
    if (!held) return;
    parts.splice(0, parts.length, ...held.was);
    held = null;
    draw();
  });

  // ── by keys and buttons ──────────────────────────────────────────────────────────────────────
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  sheet.addEventListener("keydown", (event) => {
    const i = marks().indexOf(event.target.closest(".part"));
    if (i < 0) return;
    const way = WAYS[event.key];
    if (way) {
      const by = way.map((one, side) => one * Math.max(1, size[side] / 100));
      change(() => { parts[i] = (event.shiftKey ? resized : moved)(parts[i], by); }, i);
    } else if (event.key === "Delete" || event.key === "Backspace") remove(i);
    else return;
    event.preventDefault();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.target.matches("input:not([type=radio])")) return;
    event.preventDefault();
    back();
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-new]")) {
      const [w, h] = size.map((side) => Math.max(1, Math.round(side / 4)));
      change(() => parts.push([Math.round((size[0] - w) / 2), Math.round((size[1] - h) / 2), w, h]), parts.length);
    } else if (event.target.closest("[data-undo]")) back();
    else if (list.contains(event.target) && event.target.closest("button")) {
      remove([...list.children].indexOf(event.target.closest("li")));
    } else return;
    event.preventDefault();
  });

  // ── begin ────────────────────────────────────────────────────────────────────────────────────
  const corner = form.querySelector("[data-corner]");
  if (corner) corner.remove();
  sheet.querySelector("input").disabled = true; // a tap is no press any more
  sheet.querySelectorAll(".drawn, .corner").forEach((mark) => mark.remove());
  sheet.style.width = `min(100%, ${((70 * size[0]) / size[1]).toFixed(2)}vh)`;
  form.classList.add("live");
  form.querySelectorAll("[data-with], [data-new]").forEach((part) => { part.hidden = false; });
  form.querySelectorAll("[data-without]").forEach((part) => { part.hidden = true; });
  draw();
})();
