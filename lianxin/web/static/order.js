// On the order page: a form opened in place is announced, and a position is filled in when asked for.
"use strict";
(() => {
  const ready = (root) => root.querySelectorAll("[data-locate]").forEach((button) => {
    button.hidden = !("geolocation" in navigator);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "act") return;
    ready(event.target);
    const heading = event.target.querySelector("h2");
    if (heading) heading.focus();
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

  // A photo that is left out of the form is shown faded by the style sheet; nothing is deleted here.
  ready(document);
})();
