// What helps a resident along: where they are, if they ask for it, the link to copy, the slip to print. Nothing depends on it.
"use strict";
(() => {
  const one = (query) => document.querySelector(query);

  // The position is asked for only when the button is pressed, and is sent at once or not at all.
  const locate = one("[data-locate]");
  if (locate && "geolocation" in navigator && isSecureContext) {
    const form = locate.form;
    const say = (locating, failed) => {
      one("[data-locating]").hidden = !locating;
      one("[data-nofix]").hidden = !failed;
      locate.disabled = locating;
    };
    locate.hidden = false;
    locate.addEventListener("click", (event) => {
      if (form.elements.lon.value) return;
      event.preventDefault();
      say(true, false);
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        say(false, false);
        form.elements.lon.value = coords.longitude;
        form.elements.lat.value = coords.latitude;
        form.requestSubmit(locate);
      }, () => say(false, true), { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
    });
  }

  // The link of one's own request, copied with one press.
  const copy = one("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(copy.dataset.copy);
      one("[data-copied]").hidden = false;
    });
  }

})();
