// Where a person writes: a message, or a slash command picked from a list and filled in as a form.

import { byId, make, readFile } from "./dom.js";

const SUB = 1;
const GROUP = 2;
const BOOLEAN = 5;
const INTEGER = 4;
const NUMBER = 10;
const ATTACHMENT = 11;
const TYPING_PAUSE = 150;

export class Composer {
  constructor(app) {
    this.app = app;
    this.input = byId("input");
    this.picker = byId("picker");
    this.form = byId("command");
    this.replyBox = byId("reply");
    this.choice = 0;
    this.shown = [];
    byId("write").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("keydown", (event) => this.key(event));
  }

  // Every command as it is typed: "ask", "article add".
  leaves() {
    const found = [];
    const follow = (path, entry) => {
      const inner = (entry.options ?? []).filter((option) => option.type === SUB || option.type === GROUP);
      if (inner.length) inner.forEach((option) => follow(`${path} ${option.name}`, option));
      else found.push({ name: path, description: entry.description, options: entry.options ?? [] });
    };
    this.app.commands.filter((command) => command.type === 1).forEach((command) => follow(command.name, command));
    return found.sort((a, b) => a.name.localeCompare(b.name));
  }

  suggest() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 200)}px`;
    const text = this.input.value;
    const typed = text.startsWith("/") ? text.slice(1).toLowerCase() : null;
    this.shown = typed === null ? [] : this.leaves().filter((leaf) => leaf.name.startsWith(typed.trim()) || typed.startsWith(`${leaf.name} `));
    this.choice = 0;
    this.drawPicker();
  }

  drawPicker() {
    this.picker.replaceChildren(...this.shown.map((leaf, number) => make("div", {
      role: "option", id: `choice-${number}`, "aria-selected": String(number === this.choice), onclick: () => this.open(leaf),
    }, make("strong", {}, `/${leaf.name}`), make("span", {}, leaf.description))));
    this.picker.hidden = !this.shown.length;
    this.input.setAttribute("aria-expanded", String(!this.picker.hidden));
    if (this.shown.length) this.input.setAttribute("aria-activedescendant", `choice-${this.choice}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (!this.picker.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choice = (this.choice + step + this.shown.length) % this.shown.length;
      this.drawPicker();
    } else if (!this.picker.hidden && ["Enter", "Tab"].includes(event.key) && !event.shiftKey) {
      event.preventDefault();
      this.open(this.shown[this.choice]);
    } else if (event.key === "Escape") {
      this.shown = [];
      this.drawPicker();
      this.reply(null);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const bot = this.app.bot;
    const named = text.replace(new RegExp(`^@(?:bot|${bot.username})\\b`, "i"), `<@${bot.id}>`);
    const request = { do: "say", text: named };
    if (this.answered) Object.assign(request, { reply_to: this.answered.id, ping: this.ping.checked });
    if (await this.app.act(request)) {
      this.input.value = "";
      this.reply(null);
      this.suggest();
    }
  }

  reply(message) {
    this.answered = message;
    this.replyBox.hidden = !message;
    if (!message) return;
    this.ping = make("input", { type: "checkbox", checked: true });
    this.ping.checked = true;
    this.replyBox.replaceChildren(make("span", {}, `Replying to ${message.author.global_name ?? message.author.username}`),
      make("label", {}, this.ping, " ping"), make("button", { type: "button", onclick: () => this.reply(null) }, "Cancel"));
    this.input.focus();
  }

  // The command as a form; `given` fills options beforehand: text, or a File for an attachment.
  open(leaf, given = {}) {
    const words = this.input.value.startsWith(`/${leaf.name} `) ? this.input.value.slice(leaf.name.length + 2) : "";
    this.input.value = "";
    this.suggest();
    const controls = leaf.options.map((option, number) => {
      const preset = given[option.name] ?? (number === 0 ? words : "");
      return { option, control: this.control(leaf, option, preset) };
    });
    const close = () => { this.form.hidden = true; this.form.replaceChildren(); this.input.focus(); };
    this.form.replaceChildren(
      make("p", { class: "command-name" }, make("strong", {}, `/${leaf.name}`), ` ${leaf.description}`),
      ...controls.map(({ option, control }, number) => {
        control.element.id = `option-${number}`;
        return make("div", { class: "field" },
          make("label", { for: `option-${number}` }, option.name, option.required ? "" : " (optional)"), control.element, control.list ?? null,
          make("p", { class: "subtext" }, option.description));
      }),
      make("div", { class: "row" }, make("button", { type: "submit", class: "button primary" }, `Use /${leaf.name}`),
        make("button", { type: "button", class: "button secondary", onclick: close }, "Cancel")));
    this.form.onsubmit = async (event) => {
      event.preventDefault();
      const options = {};
      for (const { option, control } of controls) {
        const value = await control.read();
        if (value !== null && value !== "") options[option.name] = value;
      }
      if (await this.app.act({ do: "slash", name: leaf.name, options })) close();
    };
    this.form.onkeydown = (event) => { if (event.key === "Escape" && !event.defaultPrevented) close(); };
    this.form.hidden = false;
    (this.form.querySelector("[id^=option-]") ?? this.form.querySelector("button")).focus();
  }

  control(leaf, option, preset) {
    const required = option.required === true;
    if (option.type === ATTACHMENT) {
      const element = make("input", { type: "file", required: required && !preset });
      let dropped = preset instanceof File ? preset : null;
      if (dropped) {
        const transfer = new DataTransfer();
        transfer.items.add(dropped);
        element.files = transfer.files;
      }
      element.addEventListener("change", () => { dropped = element.files[0] ?? null; });
      return { element, read: async () => (dropped ? readFile(dropped) : null) };
    }
    if (option.type === BOOLEAN || option.choices?.length) {
      const choices = option.type === BOOLEAN ? [{ name: "yes", value: "true" }, { name: "no", value: "false" }] : option.choices;
      const element = make("select", { required }, make("option", { value: "" }, "–"), choices.map((choice) => make("option", { value: choice.value }, choice.name)));
      element.value = preset;
      return { element, read: async () => element.value };
    }
    const kind = option.type === INTEGER || option.type === NUMBER ? "number" : "text";
    const element = make("input", { type: kind, required, autocomplete: "off", maxlength: option.max_length, minlength: option.min_length, min: option.min_value, max: option.max_value });
    element.value = preset;
    if (!option.autocomplete) return { element, read: async () => element.value };
    return this.completed(leaf, option, element);
  }

  // A combobox whose suggestions the bot gives; a chosen one sends its value, typed text goes as it is.
  completed(leaf, option, element) {
    const list = make("div", { role: "listbox", class: "suggestions", id: `suggest-${option.name}`, hidden: true, "aria-label": `Suggestions for ${option.name}` });
    let value = null;
    let choices = [];
    let marked = -1;
    let timer = 0;
    let asked = 0;
    const draw = () => {
      list.hidden = !choices.length;
      element.setAttribute("aria-expanded", String(!list.hidden));
      list.replaceChildren(...choices.map((choice, number) => make("div", {
        role: "option", id: `${list.id}-${number}`, "aria-selected": String(number === marked),
        onmousedown: (event) => { event.preventDefault(); choose(choice); },
      }, choice.name)));
      if (marked >= 0) element.setAttribute("aria-activedescendant", `${list.id}-${marked}`);
      else element.removeAttribute("aria-activedescendant");
    };
    const choose = (choice) => { element.value = choice.name; value = choice.value; choices = []; marked = -1; draw(); };
    const fetch = async () => {
      const mine = ++asked;
      const reply = await this.app.request({ do: "complete", name: leaf.name, option: option.name, value: element.value });
      if (mine !== asked) return;
      choices = reply?.choices ?? [];
      marked = -1;
      draw();
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(fetch, TYPING_PAUSE); };
    for (const [name, held] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) element.setAttribute(name, held);
    element.addEventListener("input", () => { value = null; later(); });
    element.addEventListener("focus", later);
    element.addEventListener("blur", () => { asked++; clearTimeout(timer); choices = []; draw(); });
    element.addEventListener("keydown", (event) => {
      if (!choices.length) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        marked = (marked + (event.key === "ArrowDown" ? 1 : -1) + choices.length) % choices.length;
        draw();
      } else if (event.key === "Enter" && marked >= 0) choose(choices[marked]);
      else if (event.key === "Escape") { choices = []; draw(); } else return;
      event.preventDefault();
    });
    return { element, list, read: async () => value ?? element.value };
  }
}
