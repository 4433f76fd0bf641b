// What hangs on a message: reactions, with a few to choose from, and polls.

import { make } from "./dom.js";

const OFFERED = [["👍", "thumbs up"], ["👎", "thumbs down"], ["❤️", "heart"], ["🎉", "party"], ["🤔", "thinking"]];

export function renderReactions(message, act) {
  if (message.private || message.thinking) return [];
  const chips = (message.reactions ?? []).map((entry) => make("button", {
    type: "button", class: "reaction", "aria-pressed": String(message.mine.includes(entry.emoji.name)),
    "aria-label": `${entry.emoji.name}, ${entry.count}`, onclick: () => act.react(message, entry.emoji.name),
  }, `${entry.emoji.name} ${entry.count}`));
  const shown = new Set((message.reactions ?? []).map((entry) => entry.emoji.name));
  const choices = OFFERED.filter(([emoji]) => !shown.has(emoji)).map(([emoji, label]) => make("button", {
    type: "button", "aria-label": `React with ${label}`, onclick: () => act.react(message, emoji),
  }, emoji));
  const offered = make("div", { class: "actions reacting", role: "group", "aria-label": "Add a reaction" }, choices);
  return chips.length ? [make("div", { class: "row reactions" }, chips), offered] : [offered];
}

export function renderPoll(poll) {
  const counts = new Map((poll.results?.answer_counts ?? []).map((entry) => [entry.id, entry.count]));
  return make("div", { class: "container" }, make("p", { class: "heading-3" }, poll.question.text),
    make("ul", {}, poll.answers.map((answer) => make("li", {}, `${answer.poll_media.text}: ${counts.get(answer.answer_id) ?? 0}`))));
}
