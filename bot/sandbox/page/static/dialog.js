// A modal of the bot as a dialog of the page.

import { byId, make, readFile } from "./dom.js";
import { block } from "./markup.js";
import { offered } from "./select.js";

export function showDialog(modal, submit, names, act) {
  const dialog = byId("dialog");
  const readers = [];
  const failure = make("p", { class: "failure", role: "alert" });
  const fields = modal.components.map((top) => {
    if (top.type === 10) return make("div", { class: "text" }, block(top.content));
    const field = top.type === 18 ? top.component : top.components[0];
    const label = top.label ?? field.label ?? field.custom_id;
    const made = control(field, names, act);
    readers.push(async () => [field.custom_id, await made.read()]);
    const id = `field-${readers.length}`;
    made.element.id = id;
    return make("div", { class: "field" }, make("label", { for: id }, label, field.required === false ? " (optional)" : ""),
      top.description && make("p", { class: "subtext", id: `${id}-hint` }, top.description), made.element);
  });
  const form = make("form", { method: "dialog" }, make("h2", { id: "dialog-title" }, modal.title), fields, failure,
    make("div", { class: "row" }, make("button", { type: "button", class: "button secondary", onclick: () => dialog.close() }, "Cancel"),
      make("button", { type: "submit", class: "button primary" }, "Submit")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const values = Object.fromEntries((await Promise.all(readers.map((read) => read()))).filter(([, value]) => value !== null));
      await submit(values);
      dialog.close();
    } catch (error) {
      failure.textContent = error.message;
    }
  });
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
}

function control(field, names, act) {
  const required = field.required !== false;
  if (field.type === 4) {
    const attributes = { maxlength: field.max_length ?? 4000, minlength: field.min_length || undefined, placeholder: field.placeholder, required };
    const element = field.style === 2 ? make("textarea", { ...attributes, rows: 8 }) : make("input", { ...attributes, type: "text" });
    element.value = field.value ?? "";
    return { element, read: async () => element.value };
  }
  if (field.type === 19) {
    const element = make("input", { type: "file", multiple: (field.max_values ?? 1) > 1, required: required && (field.min_values ?? 1) > 0 });
    return { element, read: async () => (element.files.length ? Promise.all([...element.files].map(readFile)) : []) };
  }
  if (field.type === 23) {
    const element = make("input", { type: "checkbox" });
    return { element, read: async () => element.checked };
  }
  const many = field.type === 22 || (field.max_values ?? 1) > 1;
  const entries = field.type >= 5 && field.type <= 8 ? offered(field, names, act) : (field.options ?? []).map((option) => [option.value, option.label, option.default]);
  const element = make("select", { multiple: many, required }, !many && make("option", { value: "" }, field.placeholder ?? "Choose"),
    entries.map(([, text, isDefault], number) => make("option", { value: String(number), selected: isDefault }, text)));
  return {
    element,
    read: async () => {
      const values = [...element.selectedOptions].filter((option) => option.value !== "").map((option) => entries[Number(option.value)][0]);
      return field.type === 21 ? (values[0] ?? null) : values;
    },
  };
}
