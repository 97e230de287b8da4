// On the order page: a form opened in place is announced, and a position is filled in when asked for.
"use strict";
(() => {
  const ready = (root) => {
    root.querySelectorAll("[data-locate]").forEach((button) => {
      button.hidden = !("geolocation" in navigator);
    });
    // Ready sentences: chips in the place of a list and its button.
    root.querySelectorAll("[data-replies]").forEach((box) => {
      const list = box.querySelector(".by-list");
      if (list) list.remove();
      box.querySelector("ul").hidden = false;
    });
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    ready(event.target);
    if (event.target.id !== "act") return;
    const heading = event.target.querySelector("h2");
    if (heading) heading.focus();
  });

  // A sentence goes where the cursor stands, in place of what is marked.
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-say]");
    if (!chip) return;
    const field = document.getElementById(chip.closest("[data-replies]").dataset.replies);
    const { selectionStart: from, selectionEnd: to, value } = field;
    const at = document.activeElement === field || from !== to || value.length === from ? [from, to] : [value.length, value.length];
    const gap = at[0] && !/\s$/.test(value.slice(0, at[0])) ? "\n" : "";
    field.setRangeText(gap + chip.dataset.say, at[0], at[1], "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-locate]");
    if (!button) return;
    const sorry = button.parentElement.querySelector("[data-no-fix]");
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      document.getElementById(button.dataset.locate).value = `${coords.longitude.toFixed(6)}, ${coords.latitude.toFixed(6)}`;
      button.disabled = false;
      sorry.hidden = true;
    }, () => {
      button.disabled = false;
      sorry.hidden = false;
    }, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 });
  });

  // Who else has it open is asked quietly, and not while nobody looks.
  const quiet = (event) => event.target.matches && event.target.matches("[data-here]") && event.stopPropagation();
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, quiet, true));
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("[data-here]")) return;
    event.stopPropagation();
    if (document.hidden) event.preventDefault();
  }, true);

  // A photo that is left out of the form is shown faded by the style sheet; nothing is deleted here.
  ready(document);
})();
