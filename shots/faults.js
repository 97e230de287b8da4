// What a browser can find wrong with a page by looking: each fault a line.
(language) => {
  const faults = [];
  const seen = (e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return box.width > 2 && box.height > 2 && style.visibility === "visible" && style.opacity !== "0"
      && e.checkVisibility();
  };
  const named = (e) => `<${e.tagName.toLowerCase()} class="${e.className.baseVal ?? e.className}"> ` +
    (e.innerText || e.value || e.getAttribute("aria-label") || "").trim().slice(0, 40);

  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 1) {
    const out = [...document.querySelectorAll("body *")].filter((e) => seen(e) &&
      e.getBoundingClientRect().right > window.innerWidth + 1);
    faults.push(`sideways: ${wide}px wider than the window: ${out.slice(0, 3).map(named).join("; ")}`);
  }

  // A link inside a sentence is as tall as its line; a box is pressed by its label.
  const inline = (e) => getComputedStyle(e).display === "inline" &&
    [...e.parentElement.childNodes].some((n) => n !== e && n.nodeType === 3 && n.data.trim());
  const least = 44 - 0.5;
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    const label = e.closest("label") ?? (e.id && document.querySelector(`label[for="${CSS.escape(e.id)}"]`));
    const stretched = getComputedStyle(e, "::after").position === "absolute";  // over its whole card
    const tick = e.type === "checkbox" || e.type === "radio";
    const target = tick && label ? label : stretched ? (e.offsetParent ?? e) : e;
    if (!seen(target) || inline(e) || e.closest(".leaflet-container, [aria-hidden=true]") || e.type === "hidden") continue;
    const box = target.getBoundingClientRect();
    if (box.height < least || box.width < least)
      faults.push(`target: ${Math.round(box.width)}x${Math.round(box.height)} ${named(target)}`);
  }

  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = words.nextNode(); n; n = words.nextNode()) {
    const e = n.parentElement, text = n.data.trim();
    if (!text || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(e.tagName) || !e.checkVisibility()) continue;
    if (/\b[a-z_]+(\.[a-z_]+){2,}\b/.test(text)) faults.push(`key: ${text.slice(0, 60)}`);
    const foreign = e.closest("[lang]")?.lang.startsWith("zh") || e.closest("[dir=auto]");
    if (language === "en" && /[\u3400-\u9fff]/.test(text) && !foreign)
      faults.push(`untranslated: ${named(e)}: ${text.slice(0, 40)}`);
  }
  return faults;
}
