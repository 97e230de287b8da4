// The little that pages do by themselves. Everything works without this file; it only saves steps.
"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const shown = (element) => element.offsetParent !== null;

  // A form goes once: a second press while the first is under way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }));

  // The list of errors is read first; an open menu closes when the reader turns elsewhere.
  all("[data-focus]").slice(0, 1).forEach((element) => element.focus());
  const close = (keep) => all("details.menu[open]").forEach((menu) => menu.contains(keep) || (menu.open = false));
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(null));

  // Offline is said, and a request that did not get through as well.
  const offline = document.querySelector("[data-offline]");
  const wire = () => { if (offline) offline.hidden = navigator.onLine; };
  addEventListener("online", wire);
  addEventListener("offline", wire);
  wire();
  const sorry = document.querySelector("[data-sorry]");
  const said = (hidden) => () => { if (sorry) sorry.hidden = hidden; };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, said(false)));
  document.addEventListener("htmx:beforeRequest", said(true));

  // Photos are shown before they are sent.
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-preview]")) return;
    const place = document.querySelector(`[data-previews-of="${CSS.escape(input.id)}"]`);
    if (!place) return;
    all("img", place).forEach((image) => URL.revokeObjectURL(image.src));
    place.replaceChildren(...[...input.files].filter((file) => file.type.startsWith("image/")).map((file) => {
      const image = new Image(128, 96);
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      return image;
    }));
  });

  // The desk by keyboard: j and k walk the rows, / searches, a verb's letter presses its button.
  const walk = (step) => {
    const links = all("[data-row] h2 a, [data-row] [data-open]").filter(shown);
    const rows = links.map((link) => link.closest("[data-row]"));
    const on = rows.findIndex((row) => row.contains(document.activeElement));
    const at = on < 0 ? rows.findIndex((row) => row.ariaCurrent === "true") : on;
    const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    else if (event.key === "/") {
      const search = all("input[type=search]").find(shown);
      if (!search) return;
      event.preventDefault();
      search.focus();
    } else {
      const verb = all("[data-key]").find((button) => button.dataset.key === event.key && shown(button));
      if (verb) { event.preventDefault(); verb.click(); }
    }
  });

  all("[data-print]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => event.target.closest("[data-print]") && window.print());
})();
