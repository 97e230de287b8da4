// The graph as a picture: a press on a node opens what is below it. The list beneath says the same;
// on a phone, in large type and without this file the list is all there is.
"use strict";
(() => {
  const place = document.getElementById("picture");
  const given = document.getElementById("graph-data");
  if (!place || !given || !matchMedia("(min-width: 1024px)").matches || document.documentElement.dataset.type === "large") return;

  const ROW = 46, COLUMN = 250, LETTERS = 15;
  const canvas = place.querySelector("[data-canvas]");
  const facts = place.querySelector("[data-facts]");
  const hue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const tree = JSON.parse(given.textContent);
  const known = new Map();
  let chosen = place.dataset.at;
  let chart = null;

  const learn = (node) => { known.set(node.key, node); node.open = Boolean(node.below); (node.below || []).forEach(learn); };
  const shown = (node) => (node.open && node.below) || [];
  const ends = (node) => shown(node).reduce((sum, part) => sum + ends(part), 0) || 1;
  const depth = (node) => 1 + Math.max(0, ...shown(node).map(depth));
  // Braces and bars are the picture's own signs for how a word is drawn.
  const plain = (text) => text.replace(/[{}|\n]/g, " ");
  const short = (text, most) => plain(text.length > most ? text.slice(0, most - 1) + "…" : text);

  // --- a node as the picture draws it: a triangle lacks something, a square is an organisation
  const label = (node) => {
    const who = (node.answers || []).map(([role, name]) => `${role} ${name}`).join(" · ");
    const lacks = (node.gaps || []).map((gap) => `▲${gap}`).join(" ");
    const under = lacks ? `{lacks|${short(lacks, LETTERS + 3)}}` : `{who|${short(who || node.kind, LETTERS + 3)}}`;
    return `{name|${short(node.name, LETTERS)}}\n${under}`;
  };
  const symbol = (node) => (node.gaps ? "triangle" : /^(group|household)$/.test(node.sort) ? "rect" : "circle");
  const leaf = (node) => ({
    name: node.key, symbol: symbol(node), symbolSize: node.gaps ? 13 : 11,
    itemStyle: {
      color: node.parts && !node.open ? hue(node.gaps ? "--waiting" : "--link") : hue("--surface"),
      borderColor: hue(node.gaps ? "--waiting" : "--link"), borderWidth: node.key === chosen ? 4 : 2,
    },
    label: { formatter: () => label(node) }, children: shown(node).map(leaf),
  });
  const words = () => ({
    position: "right", align: "left", verticalAlign: "middle", distance: 8, padding: [2, 4], backgroundColor: hue("--surface"),
    rich: {
      name: { color: hue("--ink"), fontSize: 14, fontWeight: 600, lineHeight: 19 },
      who: { color: hue("--muted"), fontSize: 12, lineHeight: 16 },
      lacks: { color: hue("--waiting"), fontSize: 12, lineHeight: 16 },
    },
  });
  const paint = () => {
    canvas.style.height = `${Math.max(8, ends(tree)) * ROW}px`;
    canvas.style.width = `${Math.max(2, depth(tree)) * COLUMN}px`;
    chart.clear();  // drawn anew: taking single branches away fails in ECharts 6
    chart.resize();
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      series: [{
        type: "tree", data: [leaf(tree)], orient: "LR", expandAndCollapse: false, initialTreeDepth: -1, roam: false,
        left: 20, right: COLUMN - 20, top: 10, bottom: 10, edgeShape: "polyline", edgeForkPosition: "85%",
        lineStyle: { color: hue("--edge"), width: 1 }, label: words(), leaves: { label: words() }, emphasis: { disabled: true },
      }],
    }, true);
  };

  // The chosen node with what is below it comes into sight.
  const seek = (node, level, row) => {
    if (node.key === chosen) {
      const region = canvas.parentElement;
      region.scrollLeft = Math.max(0, level - 1) * COLUMN;
      region.scrollTop = (row + ends(node) / 2) * ROW - region.clientHeight / 2;
      return;
    }
    let before = row;
    for (const part of shown(node)) { seek(part, level + 1, before); before += ends(part); }
  };

  // --- what is known of the chosen node, in words
  const add = (parent, name, text) => { const made = document.createElement(name); made.textContent = text; parent.append(made); return made; };
  const pair = (list, what, text) => { if (!text) return; const row = add(list, "div", ""); add(row, "dt", what); add(row, "dd", text); };
  const tell = (node) => {
    facts.replaceChildren();
    add(facts, "h2", node.name);
    const list = add(facts, "dl", "");
    list.className = "facts";
    pair(list, facts.dataset.what, node.kind);
    pair(list, facts.dataset.standing, node.organisation);
    (node.answers || []).forEach(([role, name]) => pair(list, role, name));
    pair(list, facts.dataset.holds, node.holds);
    pair(list, facts.dataset.address, node.address);
    pair(list, facts.dataset.gaps, (node.gaps || []).map((gap) => `▲ ${gap}`).join("\n") || facts.dataset.full);
  };
  const press = async (key) => {
    const node = known.get(key);
    if (!node) return;
    chosen = key;
    tell(node);
    if (node.open) node.open = node === tree;
    else if (node.below) node.open = true;
    else if (node.parts) await fetchBelow(node);
    paint();
    seek(tree, 0, 0);
  };
  const fetchBelow = async (node) => {
    try {
      const answer = await fetch(`/graph/${encodeURIComponent(node.key)}.json?as=${encodeURIComponent(place.dataset.as)}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      node.below = (await answer.json()).below;
      learn(node);
    } catch {
      add(facts, "p", place.dataset.sorry).className = "wrong-why";
    }
  };

  // --- the drawing is fetched by screens that show it: it weighs a megabyte
  learn(tree);
  const script = document.createElement("script");
  script.src = place.dataset.drawing;
  script.addEventListener("load", () => {
    place.hidden = false;
    const list = document.querySelector("[data-list]");
    list.open = location.hash.length > 1 && !place.dataset.at;
    chart = echarts.init(canvas, null, { renderer: "canvas" });
    chart.on("click", (event) => press(event.name));
    paint();
    seek(tree, 0, 0);
    if (known.has(chosen)) tell(known.get(chosen));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  });
  document.head.append(script);
})();
