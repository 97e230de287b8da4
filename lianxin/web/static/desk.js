// The desk: a card opens its order beside the list, a letter presses a verb, nothing moves unasked.
// On a phone, in large type and without this file, a card is a plain link.
"use strict";
(() => {
  // What comes in works at once: nobody's next key may fall between looking and working.
  htmx.config.defaultSettleDelay = 0;
  const pane = document.getElementById("pane");
  const wide = matchMedia("(min-width: 1024px)");
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const beside = () => wide.matches && document.documentElement.dataset.type !== "large";
  const row = (number) => document.querySelector(`[data-row][data-number="${CSS.escape(number)}"]`);
  const numberOf = (address) => (new URL(address, location).pathname.match(/^\/orders\/([^/]+)/) || [])[1];

  // --- opening an order beside the list
  const mark = (number) => {
    all("[data-row][aria-current]").forEach((card) => card.removeAttribute("aria-current"));
    const card = number && row(number);
    if (card) card.setAttribute("aria-current", "true");
    document.dispatchEvent(new CustomEvent("desk:chosen", { detail: card ? card.dataset.path : "" }));
  };
  const open = (address) => {
    const number = numberOf(address);
    mark(number);
    const here = new URL(location);
    here.searchParams.set("order", number);
    history.replaceState(history.state, "", here);
    htmx.ajax("GET", address, { source: pane, target: pane, select: "#main > *", swap: "innerHTML show:none" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-row] h2 a");
    if (!link || !beside() || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.href);
  });

  // --- what comes into the pane
  pane.addEventListener("htmx:beforeRequest", (event) => event.target === pane && pane.setAttribute("aria-busy", "true"));
  // A photo opens in a tab of its own: it must not take the order's place.
  document.addEventListener("htmx:beforeProcessNode", (event) => {
    const link = event.target;
    if (link.matches && link.matches("#pane a[href*='/photos/'], #pane a[href^='/clock']")) link.target = "_blank";
  });
  // The address is the desk's, whatever is pressed beside the list.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const { target, history: entry } = event.detail;
    if (pane.contains(target)) Object.assign(entry, { type: "replace", path: location.pathname + location.search });
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (!pane.contains(target)) return;
    // A form with mistakes (422) and a refusal are pages to be read like any other.
    if (xhr.status >= 400 && xhr.status < 500 && /^text\/html/.test(xhr.getResponseHeader("Content-Type") || "")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (target !== pane) return;
    const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const main = page.getElementById("main");
    if (!main) return;
    // Gone from the reader's sight: the house sent us home, and only its sentence matters here.
    if (!numberOf(xhr.responseURL || location.href)) main.replaceChildren();
    main.prepend(...page.querySelectorAll("body > .notice:not([hidden])"));
    event.detail.serverResponse = main.outerHTML;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!pane.contains(event.target)) return;
    pane.removeAttribute("aria-busy");
    letters();
    const wrong = pane.querySelector("[data-focus]");
    const first = pane.querySelector("#step :is(input:not([type=hidden], [type=search], [type=file]), textarea, select)");
    if (wrong) wrong.focus();
    else if (first) first.focus();
    if (event.target === pane) pane.parentElement.scrollTop = 0;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    pane.removeAttribute("aria-busy");
    const { requestConfig, pathInfo, target } = event.detail;
    if (target === pane && requestConfig.verb === "post") renew(numberOf(pathInfo.requestPath));
  });

  // --- the card of an order that was worked on stays where it is and says how the order stands now
  const poll = document.querySelector("[data-card]");
  const renew = async (number) => {
    const card = number && row(number);
    if (!card) return;
    const answer = await fetch(poll.dataset.card + encodeURIComponent(number) + poll.dataset.query, { headers: { "HX-Request": "true" } });
    if (answer.status === 204) return card.classList.add("passed");
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.querySelector("[data-row]");
    if (made) card.replaceWith(document.adoptNode(made));
  };

  // --- several at once: how many are ticked stands on the button that takes them along
  const together = document.getElementById("bulk");
  const ticks = () => all("[data-row] input[name=n]");
  const count = () => {
    if (!together) return;
    const n = ticks().filter((box) => box.checked).length;
    together.classList.toggle("some", n > 0);
    together.querySelector("[data-ticked]").textContent = n || "";
  };
  document.addEventListener("change", (event) => event.target.matches("[data-row] input[name=n]") && count());
  addEventListener("pageshow", count);
  const tick = () => {
    const on = document.activeElement.closest("[data-row]") || document.querySelector("[data-row][aria-current]");
    const box = on && on.querySelector("input[name=n]");
    if (box) { box.checked = !box.checked; count(); }
  };
  const tickAll = () => {
    const boxes = ticks();
    const whole = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !whole; });
    count();
  };

  // --- letters: each verb of the order has one of its name that is still free
  const taken = new Set(["j", "k", "x"]);
  const letters = () => {
    const used = new Set(taken);
    all("#act .press :is(a.button, button)", pane).forEach((button) => {
      const address = button.getAttribute("href") || button.form.getAttribute("action");
      const name = address.split("/").pop().replace(/[^a-z]/g, "");
      const letter = [...name].find((sign) => !used.has(sign));
      if (!letter || button.dataset.letter) return;
      used.add(letter);
      button.dataset.letter = letter;
      button.setAttribute("aria-keyshortcuts", letter);
      const sign = document.createElement("kbd");
      sign.className = "letter";
      sign.ariaHidden = "true";
      sign.textContent = letter;
      button.append(sign);
    });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !beside()) return;
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape" && event.target.closest("#step")) {
      const number = all("[data-row][aria-current]").map((card) => card.querySelector("h2 a"))[0];
      if (number) { open(number.href); number.focus(); }
    } else if (event.key === "Enter" && typing && typing.matches("#step [type=radio], #step [type=checkbox]")) {
      // Enter on a choice sends the form, not the search that stands before its end.
      event.preventDefault();
      typing.form.requestSubmit(typing.form.querySelector(".verbs .main"));
    } else if (event.key === "x" && !event.target.closest("textarea, select, input:not([type=checkbox])")) {
      tick();
    } else if (event.key === "X" && !typing) {
      tickAll();
    } else if (!typing && /^[a-z]$/.test(event.key)) {
      const verb = pane.querySelector(`[data-letter="${event.key}"]`);
      if (verb) { event.preventDefault(); verb.click(); }
    }
  });

  // --- what the keys are, and the way to the places beside the map
  const keys = document.getElementById("keys");
  document.addEventListener("click", (event) => event.target.closest("[data-keys]") && keys.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const place = document.querySelector(".counts a[aria-current], .counts a");
    if (event.key === "?") keys.open ? keys.close() : keys.showModal();
    else if (event.key === "M" && place) place.focus();
  });

  // --- the list says what is new; it is never put in between
  if (poll) {
    const quiet = (event) => event.target === poll && event.stopPropagation();
    ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => poll.addEventListener(name, quiet));
    poll.addEventListener("htmx:beforeRequest", (event) => {
      event.stopPropagation();
      if (document.hidden) event.preventDefault();
    });
    poll.addEventListener("htmx:beforeSwap", (event) => {
      const said = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").body.textContent.trim();
      if (said === poll.textContent.trim()) event.detail.shouldSwap = false;
    });
    poll.addEventListener("click", (event) => {
      if (!event.target.closest("[data-reload]")) return;
      event.preventDefault();
      location.reload();
    });
  }
  // A limit that runs out while the page stands open is shown as late.
  setInterval(() => all("[data-due]:not(.late)").forEach((time) => {
    if (new Date(time.dateTime) > new Date()) return;
    time.classList.add("late");
    const drawing = time.querySelector("use");
    drawing.setAttribute("href", drawing.getAttribute("href").replace("#clock", "#late"));
  }), 30_000);

  if (pane.dataset.opened && beside()) open(pane.dataset.opened);
})();
