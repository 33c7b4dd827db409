// Makes pages quicker and kinder. Every page works without it; nothing here decides anything.

// htmx under a strict Content-Security-Policy: no inline style, no eval; a refused or stale form is a page to show.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0; // pages about people are not kept in the browser's storage
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "409|422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

// A second press of the same button is not a second submission.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.removeAttribute("aria-busy");
});

// Filters apply as soon as one is changed: <form class="filters" data-live>.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form) form.requestSubmit();
});

// Words typed into a long form are not lost by a stray click: <form data-keep>.
let typed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-keep]")) typed = true;
});
document.addEventListener("submit", () => {
  typed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

// A refused form: the reader is taken to the list of reasons.
function toRefusals(root) {
  const refusals = root.querySelector("[data-refusals]");
  if (refusals) refusals.focus();
}
document.addEventListener("DOMContentLoaded", () => toRefusals(document));
document.addEventListener("htmx:afterSettle", (event) => toRefusals(event.target));

// Single keys, as long as nobody is typing and <body data-keys> says they work. "/" goes to the search box,
// 1 to 4 choose a tier, j, k, o and x work in a list of [data-row]; every other key presses [data-key="…"].
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

function press(element) {
  const folded = element.closest("details:not([open])");
  if (folded) folded.open = true;
  if (element.matches("details")) element.querySelector("summary").focus();
  else if (element.matches(TYPING)) element.focus();
  else if (element.matches("[type=radio]")) {
    element.click();
    element.focus();
  } else element.click();
}

function inList(key) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return null;
  const at = rows.indexOf(document.activeElement.closest("[data-row]"));
  if (key === "j" || key === "k") {
    const to = key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
    return () => rows[to].querySelector("[data-open]").focus();
  }
  if (at < 0) return null;
  if (key === "o") return () => rows[at].querySelector("[data-open]").click();
  const box = key === "x" && rows[at].querySelector("[data-pick]");
  return box ? () => box.click() : null;
}

function meant(key) {
  if (key === "/") return document.querySelector("[data-search]");
  if (/^[1-4]$/.test(key)) return document.querySelector(`main [name=tier][type=radio][value="${key}"]`);
  return document.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (document.body.dataset.keys === "off") return;
  if (event.target.closest(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key.length !== 1) return;
  const act = inList(event.key);
  const element = act ? null : meant(event.key);
  if (!act && !element) return;
  event.preventDefault();
  if (act) act();
  else press(element);
});

// A call is kept while it is told: <form data-saves>. What there is goes to the server when a field is left, and
// every fifteen seconds of typing; the Save button does the same without script, and says what is wrong.
const saving = new WeakMap();

function savedSays(form, words) {
  const status = form.querySelector("[data-saved-status]");
  if (status) status.textContent = words;
}

function takeOver(form, kept) {
  form.action = kept.action;
  form.elements.seen.value = kept.seen;
  const shown = { reference: kept.reference, code: kept.code };
  for (const [name, words] of Object.entries(shown)) {
    const place = form.querySelector(`[data-saved-${name}]`);
    if (place && words) place.textContent = words;
  }
}

async function keepTyped(form) {
  const state = saving.get(form);
  clearTimeout(state.timer);
  state.timer = 0;
  if (state.busy || state.stopped) return;
  state.busy = true;
  state.dirty = false;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Typing": "1", Accept: "application/json" },
      redirect: "error",
    });
    const kept = await answer.json();
    if (answer.ok) {
      takeOver(form, kept);
      typed = state.dirty;
      savedSays(form, `Saved at ${kept.at}.`);
    } else {
      state.stopped = answer.status === 409;
      if (kept.seen !== undefined) form.elements.seen.value = kept.seen;
      savedSays(form, `Not saved: ${(kept.errors || []).join(" ")} Press Save.`);
    }
  } catch {
    state.dirty = true;
    savedSays(form, "Not saved: no answer from the office. It is tried again; leave this page open.");
  }
  state.busy = false;
  if (state.submit) state.submit();
  else if (state.dirty) saveSoon(form, 15000);
}

function saveSoon(form, after) {
  const state = saving.get(form);
  if (state.timer && after >= 15000) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => keepTyped(form), after);
}

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-saves]")) {
    saving.set(form, { timer: 0, busy: false, dirty: false, stopped: false, submit: null });
    form.addEventListener("input", () => {
      saving.get(form).dirty = true;
      saveSoon(form, 15000);
    });
    form.addEventListener("change", () => saveSoon(form, 300));
    form.addEventListener("submit", (event) => {
      const state = saving.get(form);
      clearTimeout(state.timer);
      if (!state.busy) return;
      event.preventDefault(); // what is under way changes the version this page has seen
      state.submit = () => form.requestSubmit(event.submitter);
    });
  }
});

// The checklist at the jail: <form data-items>. Every item is sent as it is answered, under a name that counts
// once; the section's own button does the same without script. What could not be sent is sent again.
const items = new WeakMap();

function itemSays(place, words, wrong) {
  const status = place.querySelector("[data-saved]");
  status.textContent = words;
  status.classList.toggle("usa-error-message", Boolean(wrong));
}

function itemTaken(form, place, kept) {
  const code = place.dataset.item;
  form.elements[`${code}_base`].value = kept.base;
  place.querySelector("[data-both]").innerHTML = kept.both;
  for (const left of document.querySelectorAll("[data-left]")) left.textContent = kept.left;
  if (kept.both) {
    // Nothing is chosen until somebody looked at both: the button below would choose else.
    for (const radio of place.querySelectorAll("[type=radio]")) radio.checked = false;
    form.elements[`${code}_remark`].value = "";
  }
  itemSays(place, kept.both ? "Both answers are kept." : `Saved ${kept.at}`);
}

function itemBody(form, code, name) {
  const body = new FormData();
  for (const field of ["csrf_token", "checklist"]) body.set(field, form.elements[field].value);
  if (form.elements.no_person?.checked) body.set("no_person", "y");
  for (const part of ["", "_remark", "_base"]) body.set(code + part, form.elements[code + part].value);
  body.set(`${code}_operation`, name);
  return body;
}

function freshName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

async function sendItem(form, place) {
  const state = items.get(place);
  const code = place.dataset.item;
  clearTimeout(state.timer);
  if (state.busy) return;
  if (!form.elements[code].value) {
    itemSays(place, "Choose an answer: the remark is kept with it.");
    return;
  }
  state.busy = true;
  const typed = state.typed;
  const again = state.body && state.sent === typed;
  const body = again ? state.body : itemBody(form, code, freshName());
  Object.assign(state, { body, sent: typed });
  itemSays(place, "Saving …");
  try {
    const reply = await fetch(place.dataset.savedBy, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    const kept = (reply.headers.get("Content-Type") || "").includes("json") ? await reply.json() : {};
    state.body = null;
    if (reply.ok) {
      itemTaken(form, place, kept);
      state.kept = typed;
    } else if (kept.errors) itemSays(place, `Not saved: ${kept.errors.join(" ")}`, true);
    else
      itemSays(place, "Not saved: you are signed out, or this inspection is not open to you any more. What you typed is still here.", true);
  } catch {
    itemSays(place, "Not saved yet: no answer from the office. It is tried again; leave this page open.", true);
    state.timer = setTimeout(() => sendItem(form, place), 10000);
  }
  state.busy = false;
  if (state.typed !== typed) sendItem(form, place);
}

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-items]")) {
    for (const place of form.querySelectorAll("[data-item]")) {
      items.set(place, { busy: false, timer: 0, typed: 0, kept: 0, body: null, sent: 0 });
      place.addEventListener("input", () => {
        items.get(place).typed += 1;
      });
      place.addEventListener("change", () => sendItem(form, place));
    }
    form.addEventListener("submit", () => form.querySelectorAll("[data-item]").forEach((p) => clearTimeout(items.get(p).timer)));
    window.addEventListener("beforeunload", (event) => {
      const open = [...form.querySelectorAll("[data-item]")].some((p) => items.get(p).typed !== items.get(p).kept);
      if (open && form.getAttribute("aria-busy") !== "true") event.preventDefault();
    });
  }
});
