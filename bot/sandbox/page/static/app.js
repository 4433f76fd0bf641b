// The page: state from the socket onto the screen, deeds of the person back to the socket.

import { Composer } from "./composer.js";
import { showDialog } from "./dialog.js";
import { byId, make } from "./dom.js";
import { renderDrawer } from "./drawer.js";
import { renderMessage } from "./message.js";
import { Socket } from "./socket.js";

const TYPING_SHOWN = 8000;

const app = {
  commands: [],
  names: { users: new Map(), roles: new Map(), channels: new Map() },
  bot: null,
  user: null,
  channel: null,
  drawn: new Map(),
  typing: 0,

  async request(order) {
    try {
      return await socket.ask(order);
    } catch (error) {
      say(error.message, true);
      return null;
    }
  },

  async act(order) {
    say("");
    return (await this.request(order)) !== null;
  },

  menus(kind = 3) {
    return this.commands.filter((command) => command.type === kind);
  },

  userMenu(user, name) {
    this.act({ do: "menu", user, name });
  },

  react(message, emoji) {
    this.act({ do: "react", message: message.id, emoji, on: !message.mine.includes(emoji) });
  },

  thread(message) {
    askForName("Start a thread", false, (name) => this.act({ do: "thread", message: message.id, name }));
  },

  menu(message, name) {
    this.act({ do: "menu", message: message.id, name });
  },

  reply(message) {
    composer.reply(message);
  },

  click(message, customId, button) {
    button.disabled = true;
    this.act({ do: "click", message: message.id, custom_id: customId }).finally(() => { button.disabled = false; });
  },

  select(message, customId, values) {
    this.act({ do: "select", message: message.id, custom_id: customId, values });
  },
};

const socket = new Socket({
  hello: (hello) => {
    app.bot = hello.bot;
    for (const user of [...hello.people, hello.bot]) app.names.users.set(user.id, user.global_name ?? user.username);
    byId("guild").textContent = hello.guild;
    byId("people").replaceChildren(...hello.people.map((user) => make("option", { value: user.id }, user.global_name ?? user.username)));
    drawExamples(hello.examples);
  },
  screen: (screen) => drawScreen(screen),
  modal: (message) => showDialog(message.modal, async (values) => { await socket.ask({ do: "submit", modal: message.id, values }); }, app.names, app),
  drawer: (content) => renderDrawer(byId("drawer"), content),
  closed: () => {
    say("The sandbox has ended. Start it again and open the address it prints.", true);
    document.body.classList.add("ended");
  },
});

const composer = new Composer(app);

function say(text, isProblem = false) {
  const status = byId("status");
  status.textContent = text;
  status.className = isProblem ? "failure" : "";
}

function drawExamples(examples) {
  byId("examples").hidden = !examples.length;
  byId("example-buttons").replaceChildren(...examples.map((example) => make("button", {
    type: "button", class: "example",
    onclick: () => {
      // On a narrow screen the answer needs the room.
      if (matchMedia("(max-width: 46rem)").matches) byId("examples").open = false;
      app.act({ do: "slash", name: example.command, options: example.options });
    },
  }, example.label, example.note && make("small", {}, example.note))));
}

function drawScreen(screen) {
  app.commands = screen.commands;
  const isOther = app.user !== screen.user || app.channel !== screen.channel;
  app.user = screen.user;
  app.channel = screen.channel;
  for (const role of screen.roles) app.names.roles.set(role.id, role.name);
  for (const place of screen.places) app.names.channels.set(place.id, place.name);
  app.channelTypes = new Map(screen.places.map((place) => [place.id, place.type]));
  app.places = [...screen.places.map((place) => ({ id: place.id, label: placeLabel(place), isThread: place.parent !== null })), { id: "direct", label: `@ ${app.bot.username}` }];
  byId("post").hidden = !screen.is_forum;
  byId("write").hidden = screen.is_forum;
  if (isOther) app.drawn.clear();
  const log = byId("messages");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const held = new Map();
  const elements = screen.messages.map((message) => {
    const text = JSON.stringify(message) + app.commands.length;
    const known = app.drawn.get(message.id);
    const entry = known?.text === text ? known : { text, element: renderMessage(message, app.names, app) };
    held.set(message.id, entry);
    return entry.element;
  });
  app.drawn = held;
  place(log, elements);
  if (atEnd || isOther) log.scrollTop = log.scrollHeight;
  drawPlaces();
  if (screen.waiting.length) say(`Waiting for an answer: ${screen.waiting.join(", ")}`);
  else if (byId("status").textContent.startsWith("Waiting")) say("");
  if (!isOther && screen.typing > app.typing) showTyping();
  app.typing = screen.typing;
}

// Only what changed is moved: focus and open spoilers elsewhere stay, and a screen reader hears new messages only.
function place(log, elements) {
  const wanted = new Set(elements);
  for (const child of [...log.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, number) => { if (log.children[number] !== element) log.insertBefore(element, log.children[number] ?? null); });
}

function placeLabel(place) {
  if (place.parent !== null) return `↳ ${place.name}${place.archived ? " (archived)" : ""}`;
  return place.type === 15 ? `☰ ${place.name}` : `# ${place.name}`;
}

// The page's own little form, drawn as the bot's are.
function askForName(title, withText, submit) {
  const field = (id, label, style, length) => ({ type: 18, label, component: { type: 4, custom_id: id, style, max_length: length } });
  const components = [field("name", "Name", 1, 100), ...(withText ? [field("text", "Text", 2, 2000)] : [])];
  showDialog({ title, components }, async (values) => { if (!await submit(values.name, values.text)) throw new Error(byId("status").textContent); });
}

byId("post").addEventListener("click", () => askForName("New post", true, (name, text) => app.act({ do: "thread", name, text })));

function showTyping() {
  say(`${app.bot.username} is typing …`);
  setTimeout(() => { if (byId("status").textContent.endsWith("typing …")) say(""); }, TYPING_SHOWN);
}

function drawPlaces() {
  const here = app.places.some((entry) => entry.id === app.channel) ? app.channel : "direct";
  const text = JSON.stringify([app.places, here]);
  drawWriter(here);
  if (app.placesDrawn === text) return;
  app.placesDrawn = text;
  const focused = document.activeElement?.closest("#channels button")?.dataset.id;
  byId("channels").replaceChildren(...app.places.map((entry) => make("li", { class: entry.isThread ? "thread" : undefined }, make("button", {
    "data-id": entry.id,
    type: "button", "aria-current": entry.id === here ? "page" : undefined,
    onclick: () => app.act({ do: "view", user: app.user, channel: entry.id }),
  }, entry.label))));
  if (focused) byId("channels").querySelector(`[data-id="${focused}"]`)?.focus();
}

function drawWriter(here) {
  byId("place").textContent = app.places.find((entry) => entry.id === here).label;
  byId("people").value = app.user;
  const other = here === "direct" ? "" : ` in ${byId("place").textContent}`;
  byId("input").setAttribute("aria-label", `Message as ${app.names.users.get(app.user)}${other}, or / for the commands`);
}

byId("people").addEventListener("change", (event) => {
  const isDirect = !app.places.some((entry) => entry.id === app.channel);
  app.act({ do: "view", user: event.target.value, channel: isDirect ? "direct" : app.channel });
});

byId("theme").addEventListener("click", (event) => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  event.currentTarget.textContent = isDark ? "Dark" : "Light";
});
if (matchMedia("(prefers-color-scheme: dark)").matches) byId("theme").textContent = "Light";

byId("drawer-switch").addEventListener("click", (event) => {
  const drawer = byId("drawer");
  drawer.hidden = !drawer.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!drawer.hidden));
  app.request({ do: "drawer", open: !drawer.hidden });
});

// A file dropped anywhere becomes an article, where the person may add one.
document.addEventListener("dragover", (event) => { event.preventDefault(); byId("drop").hidden = false; });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) byId("drop").hidden = true; });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  byId("drop").hidden = true;
  const file = event.dataTransfer.files[0];
  if (!file) return;
  const leaf = composer.leaves().find((entry) => entry.name === "article add");
  if (leaf) composer.open(leaf, { file });
  else say("You may not add articles here. Switch to a person who manages the server.", true);
});
