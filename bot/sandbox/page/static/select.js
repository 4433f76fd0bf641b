// Select menus of every kind: values, people, roles, channels, or people and roles.

import { make } from "./dom.js";

// What a kind of select offers: [value sent, text shown].
export function offered(part, names, act) {
  const from = (kind, map) => [...map].map(([id, name]) => [{ [kind]: id }, kind === "user" ? `@${name}` : kind === "role" ? `@${name.replace(/^@/, "")} (role)` : `#${name}`]);
  const channels = [...names.channels].filter(([id]) => !part.channel_types?.length || part.channel_types.includes(act.channelTypes.get(id)));
  switch (part.type) {
    case 3: return (part.options ?? []).map((option) => [option.value, option.description ? `${option.label} — ${option.description}` : option.label, option.default]);
    case 5: return from("user", names.users);
    case 6: return from("role", names.roles);
    case 7: return [...from("user", names.users), ...from("role", names.roles)];
    default: return from("channel", channels);
  }
}

export function renderSelect(part, message, names, act) {
  const many = (part.max_values ?? 1) > 1;
  const label = part.placeholder ?? "Choose";
  const entries = offered(part, names, act);
  const select = make("select", { "aria-label": label, multiple: many, disabled: part.disabled, "data-custom-id": part.custom_id },
    !many && make("option", { value: "" }, label),
    entries.map(([, text, isDefault], number) => make("option", { value: String(number), selected: isDefault }, text)));
  const send = () => {
    const values = [...select.selectedOptions].filter((option) => option.value !== "").map((option) => entries[Number(option.value)][0]);
    if (values.length || part.min_values === 0) act.select(message, part.custom_id, values);
  };
  // Several values are sent with a button, as somebody who uses the keyboard chooses them one by one.
  if (!many) { select.addEventListener("change", send); return select; }
  return make("div", { class: "row" }, select, make("button", { type: "button", class: "button secondary", onclick: send }, "Choose"));
}
