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

  menus() {
    return this.commands.filter((command) => command.type === 3);
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
    for (const role of hello.roles) app.names.roles.set(role.id, role.name);
    for (const channel of hello.channels) app.names.channels.set(channel.id, channel.name);
    app.places = [...hello.channels.map((channel) => ({ id: channel.id, label: `# ${channel.name}` })), { id: "direct", label: `@ ${hello.bot.username}` }];
    byId("guild").textContent = hello.guild;
    byId("people").replaceChildren(...hello.people.map((user) => make("option", { value: user.id }, user.global_name ?? user.username)));
    drawExamples(hello.examples);
  },
  screen: (screen) => drawScreen(screen),
  modal: (message) => showDialog(message.modal, async (values) => { await socket.ask({ do: "submit", modal: message.id, values }); }),
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

function showTyping() {
  say(`${app.bot.username} is typing …`);
  setTimeout(() => { if (byId("status").textContent.endsWith("typing …")) say(""); }, TYPING_SHOWN);
}

function drawPlaces() {
  const here = app.places.some((entry) => entry.id === app.channel) ? app.channel : "direct";
  byId("channels").replaceChildren(...app.places.map((entry) => make("li", {}, make("button", {
    type: "button", "aria-current": entry.id === here ? "page" : undefined,
    onclick: () => app.act({ do: "view", user: app.user, channel: entry.id }),
  }, entry.label))));
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
