// The map of a desk: outlines of its parts, shaded by how many orders are open in each. The list
// beneath it says the same; no order and no home is ever a point here.
"use strict";
(() => {
  const place = document.getElementById("map");
  if (!place || !place.offsetParent || typeof L === "undefined") return;
  const STEPS = [0.04, 0.16, 0.3, 0.46, 0.64];
  const hue = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const rows = new Map([...document.querySelectorAll("[data-part]")].map((item) => [item.dataset.part, item]));
  const most = Number(place.dataset.most);
  const shade = (n) => STEPS[n ? Math.max(1, Math.ceil((n / Math.max(most, 4)) * 4)) : 0];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const map = L.map(place, {
    preferCanvas: true, zoomControl: false, attributionControl: false, keyboard: false, zoomSnap: 0.25,
    zoomAnimation: !still, fadeAnimation: !still, scrollWheelZoom: false,
  });
  L.control.zoom({ zoomInTitle: place.dataset.in, zoomOutTitle: place.dataset.out }).addTo(map);
  let layer = null;
  let chosen = "";

  const look = (path) => {
    const item = rows.get(path);
    const here = chosen.startsWith(path) && chosen !== "";
    const line = here ? { color: hue("--ink"), weight: 3 } : { color: hue("--edge"), weight: 1 };
    return { ...line, fillColor: hue("--doing"), fillOpacity: shade(Number(item ? item.dataset.open : 0)) };
  };
  const paint = () => layer && layer.eachLayer((shape) => {
    const { path } = shape.feature.properties;
    shape.setStyle(look(path));
    if (chosen && chosen.startsWith(path)) shape.bringToFront();
    const item = rows.get(path);
    if (item) item.classList.toggle("chosen", chosen !== "" && chosen.startsWith(path));
  });
  const draw = (drawn) => {
    layer = L.geoJSON(drawn, {
      style: (feature) => look(feature.properties.path),
      onEachFeature: (feature, shape) => {
        const item = rows.get(feature.properties.path);
        if (!item) return;
        const [lon, lat] = feature.properties.at;
        const number = L.tooltip({ permanent: true, direction: "center", className: "tally", interactive: false });
        if (Number(item.dataset.open)) number.setLatLng([lat, lon]).setContent(item.dataset.open).addTo(map);
        shape.on("click", () => item.querySelector("a").click());
      },
    }).addTo(map);
    if (layer.getLayers().length) map.fitBounds(layer.getBounds(), { padding: [12, 12], animate: false });
    else place.hidden = true;
    paint();
  };

  document.addEventListener("desk:chosen", (event) => { chosen = event.detail; paint(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  fetch(place.dataset.outlines, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(draw)
    .catch(() => { place.hidden = true; });
})();
