// What goes over the wire between the bot and the simulation, for whoever develops it.

import { make } from "./dom.js";

export function renderDrawer(drawer, content) {
  const problems = content.problems.length
    ? make("ul", { class: "problems" }, content.problems.map((text) => make("li", {}, text)))
    : make("p", { class: "subtext" }, "No rule was broken, and nobody waits for an answer.");
  const open = new Set([...drawer.querySelectorAll("details[open]")].map((entry) => entry.dataset.key));
  const entries = content.entries.map((entry) => {
    const key = `${entry.at}-${entry.kind}-${entry.path ?? ""}`;
    const details = make("details", { "data-key": key }, make("summary", {}, make("span", { class: `kind ${entry.kind}` }, entry.kind), ` ${entry.at.toFixed(3)} s `, title(entry)),
      make("pre", {}, JSON.stringify(entry, null, 1)));
    details.open = open.has(key);
    return details;
  });
  drawer.replaceChildren(make("h2", {}, "Developer"), make("h3", {}, "Rules and deadlines"), problems,
    make("h3", {}, `Exchanges (the last ${content.entries.length})`), make("div", { class: "entries" }, entries.reverse()));
}

function title(entry) {
  if (entry.kind === "request") return `${entry.method} ${entry.path} → ${entry.status ?? ""}`;
  const payload = entry.payload ?? entry;
  return String(entry.event ?? payload.t ?? (payload.op === undefined ? "" : `op ${payload.op}`));
}
