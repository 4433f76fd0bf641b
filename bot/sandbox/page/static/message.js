// A message and its components as elements.

import { make, size } from "./dom.js";
import { renderPoll, renderReactions } from "./extras.js";
import { block, inline } from "./markup.js";
import { renderSelect } from "./select.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

export function renderMessage(message, names, act) {
  const author = message.author;
  const name = author.global_name ?? author.username;
  const head = make("div", { class: "head" },
    make("span", { class: author.bot ? "author bot" : "author" }, name),
    author.bot && make("span", { class: "tag" }, "APP"),
    make("time", { datetime: message.timestamp }, new Date(message.timestamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })),
    message.edited_timestamp && make("span", { class: "edited" }, "(edited)"));
  const element = make("article", {
    class: ["message", author.bot && "from-bot", message.private && "private", message.pings_me && "pings"].filter(Boolean).join(" "),
    "data-id": message.id,
    "aria-label": `${name}${message.private ? ", only you can see this" : ""}`,
  });
  if (message.interaction) element.append(make("p", { class: "context" }, `${message.interaction.user.username} used /${message.interaction.name}`));
  if (message.referenced_message) {
    const said = message.referenced_message;
    element.append(make("p", { class: "context" }, `In reply to ${said.author.username}: `, inline((said.content || "a message").slice(0, 80), names)));
  }
  element.append(head);
  const body = make("div", { class: "body" });
  if (message.thinking) body.append(make("p", { class: "thinking" }, `${name} is thinking …`));
  if (message.content) body.append(...block(message.content, names));
  for (const embed of message.embeds ?? []) body.append(renderEmbed(embed, names));
  for (const component of message.components ?? []) body.append(renderComponent(component, message, names, act));
  for (const file of message.attachments ?? []) body.append(make("p", { class: "file" }, `📄 ${file.filename} (${size(file.size)})`));
  if (message.poll) body.append(renderPoll(message.poll));
  element.append(body, ...renderReactions(message, act));
  if (message.private) element.append(make("p", { class: "private-note" }, "Only you can see this"));
  element.append(make("div", { class: "actions" },
    !message.private && make("button", { type: "button", onclick: () => act.reply(message) }, "Reply"),
    !message.private && !message.thread && make("button", { type: "button", onclick: () => act.thread(message) }, "Thread"),
    !author.bot && act.menus(2).map((command) => make("button", { type: "button", onclick: () => act.userMenu(author.id, command.name) }, `${command.name}: ${name}`)),
    act.menus().map((command) => make("button", { type: "button", onclick: () => act.menu(message, command.name) }, command.name))));
  return element;
}

function renderEmbed(embed, names) {
  return make("div", { class: "container" },
    embed.title && make("p", { class: "heading-3" }, inline(embed.title, names)),
    embed.description && block(embed.description, names),
    (embed.fields ?? []).map((field) => [make("p", { class: "heading-3" }, inline(field.name, names)), block(field.value, names)]),
    embed.footer && make("p", { class: "subtext" }, embed.footer.text));
}

export function renderComponent(part, message, names, act) {
  const inner = () => (part.components ?? []).map((child) => renderComponent(child, message, names, act));
  switch (part.type) {
    case 1: return make("div", { class: "row" }, inner());
    case 2: return renderButton(part, message, act);
    case 3: case 5: case 6: case 7: case 8: return renderSelect(part, message, names, act);
    case 9: return make("div", { class: "section" }, make("div", {}, inner()), part.accessory && renderComponent(part.accessory, message, names, act));
    case 10: return make("div", { class: "text" }, block(part.content, names));
    case 11: return make("p", { class: "file" }, `🖼 ${part.description ?? "picture"}`);
    case 12: return make("div", { class: "gallery" }, (part.items ?? []).map((item) => make("p", { class: "file" }, `🖼 ${item.description ?? "picture"}`)));
    case 13: return make("p", { class: "file" }, `📄 ${part.name ?? "file"}`);
    case 14: return part.divider === false ? make("div", { class: "gap" }) : make("hr", { class: part.spacing === 2 ? "wide" : "" });
    case 17: return renderContainer(part, inner());
    default: return make("p", { class: "subtext" }, `(component of type ${part.type}, which this page does not draw)`);
  }
}

function renderContainer(part, children) {
  const box = make("div", { class: part.spoiler ? "container hidden-by-spoiler" : "container" }, children);
  if (part.accent_color !== null && part.accent_color !== undefined) {
    box.style.setProperty("--accent", `#${part.accent_color.toString(16).padStart(6, "0")}`);
  }
  if (!part.spoiler) return box;
  const cover = make("button", { type: "button", class: "cover" }, "Spoiler: show");
  cover.addEventListener("click", () => { box.classList.remove("hidden-by-spoiler"); cover.remove(); });
  return make("div", { class: "spoiler-box" }, cover, box);
}

function renderButton(part, message, act) {
  const label = [part.emoji?.name, part.label].filter(Boolean).join(" ");
  if (part.style === 5) return make("a", { class: "button link", href: part.url, target: "_blank", rel: "noopener noreferrer nofollow" }, `${label} ↗`);
  return make("button", {
    type: "button", class: `button ${BUTTON_STYLES[part.style] ?? "secondary"}`, disabled: part.disabled, "data-custom-id": part.custom_id,
    onclick: (event) => act.click(message, part.custom_id, event.currentTarget),
  }, label);
}
