// Discord's mark-up as elements. What is escaped with a backslash is shown as it is.

import { make } from "./dom.js";

const INLINE = [
  { at: /^\\([^\w\s])/, make: (m) => m[1] },
  { at: /^``([^`]+(?:`[^`]+)*)``/, make: (m) => make("code", {}, m[1]) },
  { at: /^`([^`\n]+)`/, make: (m) => make("code", {}, m[1]) },
  { at: /^\*\*\*((?:\\.|[^\\])+?)\*\*\*/s, make: (m, n) => make("strong", {}, make("em", {}, inline(m[1], n))) },
  { at: /^\*\*((?:\\.|[^\\])+?)\*\*(?!\*)/s, make: (m, n) => make("strong", {}, inline(m[1], n)) },
  { at: /^__((?:\\.|[^\\])+?)__/s, make: (m, n) => make("u", {}, inline(m[1], n)) },
  { at: /^\*((?:\\.|[^\\*])+?)\*/s, make: (m, n) => make("em", {}, inline(m[1], n)) },
  { at: /^_((?:\\.|[^\\_])+?)_(?!\w)/s, make: (m, n) => make("em", {}, inline(m[1], n)) },
  { at: /^~~((?:\\.|[^\\])+?)~~/s, make: (m, n) => make("s", {}, inline(m[1], n)) },
  { at: /^\|\|((?:\\.|[^\\])+?)\|\|/s, make: (m, n) => spoiler(inline(m[1], n)) },
  { at: /^\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^)>\s]+)>?\)/, make: (m, n) => link(m[2], inline(m[1], n)) },
  { at: /^<(https?:\/\/[^>\s]+)>/, make: (m) => link(m[1], [m[1]]) },
  { at: /^https?:\/\/[^\s<>)\]]+/, make: (m) => link(m[0], [m[0]]) },
  { at: /^<@!?(\d+)>/, make: (m, n) => mention("@", n.users, m[1]) },
  { at: /^<@&(\d+)>/, make: (m, n) => mention("@", n.roles, m[1]) },
  { at: /^<#(\d+)>/, make: (m, n) => mention("#", n.channels, m[1]) },
  { at: /^<\/([-\w ]+):\d+>/, make: (m) => make("span", { class: "mention" }, `/${m[1]}`) },
  { at: /^<t:(-?\d+)(?::([tTdDfFR]))?>/, make: (m) => moment(Number(m[1]), m[2]) },
];

function mention(sign, names, id) {
  return make("span", { class: "mention" }, sign + (names?.get(id) ?? "unknown"));
}

function link(address, children) {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, children);
}

function moment(seconds, style) {
  const date = new Date(seconds * 1000);
  const text = style === "R" ? relative(seconds) : date.toLocaleString();
  return make("time", { datetime: date.toISOString(), title: date.toLocaleString() }, text);
}

function relative(seconds) {
  const minutes = Math.round((seconds - Date.now() / 1000) / 60);
  const names = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return names.format(minutes, "minute");
  return Math.abs(minutes) < 1440 ? names.format(Math.round(minutes / 60), "hour") : names.format(Math.round(minutes / 1440), "day");
}

function spoiler(children) {
  const button = make("button", { type: "button", class: "spoiler", "aria-label": "Show the spoiler" }, children);
  button.addEventListener("click", () => {
    const shown = make("span", { class: "spoiler-shown" });
    shown.append(...button.childNodes);
    button.replaceWith(shown);
  });
  return button;
}

export function inline(text, names = {}) {
  const out = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    // An underscore inside a word is no mark-up.
    const rule = INLINE.find((r) => r.at.test(rest) && !(rest[0] === "_" && /\w/.test(text[at - 1] ?? "")));
    if (!rule) {
      plain += text[at++];
      continue;
    }
    const match = rule.at.exec(rest);
    const made = rule.make(match, names);
    if (typeof made === "string") plain += made;
    else {
      if (plain) out.push(plain);
      plain = "";
      out.push(made);
    }
    at += match[0].length;
  }
  if (plain) out.push(plain);
  return out;
}

export function block(text, names = {}) {
  const out = [];
  const parts = text.split(/```(?:[\w+-]*\n)?([\s\S]*?)```/);
  parts.forEach((part, number) => {
    if (number % 2) out.push(make("pre", {}, make("code", {}, part.replace(/\n$/, ""))));
    else if (part.trim()) out.push(...lines(part.replace(/^\n|\n$/g, ""), names));
  });
  return out;
}

function lines(text, names) {
  const out = [];
  let quote = null;
  let list = null;
  for (const line of text.split("\n")) {
    const quoted = /^> ?(.*)$/.exec(line);
    const heading = /^(#{1,3}) (.+)$/.exec(line);
    const small = /^-# (.+)$/.exec(line);
    const item = /^\s*(?:[-*]|\d+\.) (.+)$/.exec(line);
    if (!quoted) quote = null;
    if (!item) list = null;
    if (quoted) {
      if (!quote) out.push((quote = make("blockquote")));
      quote.append(make("p", {}, inline(quoted[1], names)));
    } else if (heading) out.push(make("p", { class: `heading-${heading[1].length}` }, inline(heading[2], names)));
    else if (small) out.push(make("p", { class: "subtext" }, inline(small[1], names)));
    else if (item) {
      if (!list) out.push((list = make("ul")));
      list.append(make("li", {}, inline(item[1], names)));
    } else if (line.trim()) out.push(make("p", {}, inline(line, names)));
  }
  return out;
}
