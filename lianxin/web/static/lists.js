// Lists: a choice is taken at once, without a button beside it; pages work without this file.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-go]")) event.target.form.requestSubmit();
  });

  // What to ask: of the category that is chosen, and opened when there is something.
  const asks = document.querySelector("[data-asks]");
  const kind = asks && document.getElementById(asks.dataset.asks);
  const fit = () => {
    const rows = [...asks.querySelectorAll("[data-of]")];
    const here = rows.find((row) => row.dataset.of === kind.value);
    rows.forEach((row) => { row.hidden = kind.value !== "" && row !== here; });
    asks.hidden = kind.value !== "" && !here;
    asks.open = Boolean(here);
  };
  if (kind) { kind.addEventListener("change", fit); fit(); }

  // Empty answers are left out of the address, so that it can be read and kept.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get") return;
    for (const field of form.elements) if (field.name && field.name !== "all" && !field.value) field.disabled = true;
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[method=get] [disabled]").forEach((field) => { field.disabled = false; }));
})();
