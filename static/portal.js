// What pages do beyond links and forms. All of it works without this file, and nothing here knows a page.
//
//   html[data-ready]           set when everything listens; tests wait for it
//   html[data-private]         a page that comes back from the browser's memory is asked for anew; see drafts.js too
//   #toast                     the region for one passing word (role="status"); a .toast inside it leaves by itself
//   #dialog-room               where dialogs are swapped in; a dialog in it is removed when it closes
//   dialog[data-open]          opens as soon as it is swapped in
//   [data-closes]              on a form or link in a dialog: its success closes the dialog
//   [data-focus]               in a swapped part: takes the focus; with "still" the page does not move for it
//   [data-key="/"]             a field that takes the focus when this key is pressed
//   [data-follows]             a page at its end stays there when what is swapped in here makes it longer
//   [data-expires="10"]        goes away after so many seconds; its line runs out in that time
//   [data-shows="password"]    on a hidden button: shown, and shows what is typed in the field of that id
//   [data-copies="address"]    on a hidden button: shown, and copies what stands in the field of that id
//   [data-narrows="breeds"]    on a select: the datalist of that id proposes only what has the data-of of the option
//   [data-uploads]             files, each sent by itself; see uploads.js
//   [data-chosen]              files, listed before they are sent with the form; see uploads.js
//
// htmx moves parts; what it cannot say is said here: busy buttons, lost networks, refusals, focus.

// No script, style or page of htmx's own; a refusal is swapped in, a failure is said. What is swapped in listens at once.
Object.assign(htmx.config, {
  includeIndicatorStyles: false, allowEval: false, allowScriptTags: false, selfRequestsOnly: true, timeout: 60000,
  defaultSettleDelay: 0, attributesToSettle: ["class", "width", "height"], historyCacheSize: 0, refreshOnHistoryMiss: true,
  responseHandling: [["204", false], ["[23]..", true], ["422", true], ["[45]..", false]].map(([code, swap]) => ({ code, swap, error: code === "[45].." })),
});
const NO_CONNECTION = "No connection, nothing was changed.";
const BROKEN_OFF = "The connection broke off. Look whether it was done before you try again.";
const NO_ANSWER = "No answer came in time. Look whether it was done before you try again.";
const FAILED = "That did not work. Reload the page and try again.";

const on = (name, act, early = false) => document.addEventListener(name, act, early);
const all = (selector, part = document) =>
  [...(part.matches?.(selector) ? [part] : []), ...part.querySelectorAll(selector)];

function make(tag, kind, ...inside) {
  const made = document.createElement(tag);
  made.className = kind;
  made.append(...inside);
  return made;
}

function icon(name, extra = "") {
  const sprite = document.querySelector("use")?.getAttribute("href").split("#")[0] ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function take(focus) {
  if (!focus.matches("a, button, input, select, textarea, [tabindex]")) focus.tabIndex = -1;
  focus.focus({ preventScroll: focus.dataset.focus === "still" });
}

// Whatever is new on the page: the page itself at first, then each swapped part. What a change brought keeps a tint
// for a while, and takes the focus; what is wrong takes it first.
let changing = false;
on("htmx:load", ({ target: part }) => {
  all("dialog[data-open]:not([open])", part).forEach(openDialog);
  all("[data-expires]", part).forEach(expire);
  all(".toast", part).forEach((toast) => fade(toast));
  all("[data-shows], [data-copies]", part).forEach((button) => { button.hidden = false; });
  all("[data-narrows]", part).forEach(narrow);
  if (changing && part.matches(".row")) part.classList.add("row--fresh");
  all(".row--fresh", part).forEach((row) => setTimeout(() => row.classList.remove("row--fresh"), 4000));
  const wrong = all("form .callout[role=alert]", part)[0] ?? all("[aria-invalid=true]", part)[0];
  const changed = part !== document.body && all("[data-focus]", part)[0];
  if (wrong || changed) take(wrong ?? changed);
});

on("htmx:configRequest", ({ detail }) => { detail.headers["X-CSRFToken"] = csrf(); });
// A button whose hx-post is empty posts where it would send its form.
on("htmx:configRequest", ({ detail }) => { if (detail.elt.getAttribute("hx-post") === "") detail.path = detail.elt.getAttribute("formaction"); });
const csrf = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

function expire(passing) {
  passing.style.setProperty("--time", `${passing.dataset.expires}s`);
  setTimeout(() => {
    if (passing.contains(document.activeElement)) take(passing.parentElement.closest("li, section, main, body"));
    passing.remove();
  }, passing.dataset.expires * 1000);
}

// Dialogs and menus. The opener is kept, because a menu is gone by the time its dialog closes.
let opener;
on("click", ({ target }) => {
  const pressed = target.closest("a, button");
  if (pressed && !pressed.closest("dialog")) opener = pressed;
}, true);

function openDialog(dialog) {
  dialog.showModal();
  placeToast();
  const foot = [...dialog.querySelectorAll(".dialog__foot :is(a, button)")];
  const field = dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
  (field ?? foot.at(-1))?.focus({ preventScroll: true });
}

on("close", async ({ target: dialog }) => {
  placeToast();
  if ([null, document.body].includes(document.activeElement)) {
    const menu = opener?.closest("[popover]");
    (menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : opener)?.focus();
  }
  if (dialog.parentElement?.id !== "dialog-room") return;
  await Promise.allSettled(dialog.getAnimations().map((motion) => motion.finished));
  dialog.remove();
}, true);

on("htmx:beforeSwap", ({ detail: { xhr, target, requestConfig } }) => {
  if (xhr.status < 300 && requestConfig.elt.matches("[data-closes]")) requestConfig.elt.closest("dialog")?.close();
  changing = requestConfig.verb !== "get" && xhr.status < 300;
  placeToast(target);
  const { clientHeight, scrollHeight, scrollTop } = document.documentElement;
  if (xhr.status !== 200 || !target.matches("[data-follows]") || scrollTop + clientHeight < scrollHeight - 8) return;
  on("htmx:afterSettle", () => scrollTo(0, document.documentElement.scrollHeight), { once: true });
});

if (!("command" in HTMLButtonElement.prototype)) {
  on("click", ({ target }) => {
    const button = target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (button?.getAttribute("command") === "show-modal") dialog.showModal();
    else if (button) dialog.close();
  });
}

// A pressed button is busy until the answer is there, and cannot be pressed twice.
const busy = new Map();

function press(asking, button) {
  busy.set(asking, button);
  button?.setAttribute("aria-busy", "true");
}

function release(asking) {
  busy.get(asking)?.removeAttribute("aria-busy");
  busy.delete(asking);
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

const stays = ({ target, submitter }) =>
  (submitter?.getAttribute("formmethod") ?? target.getAttribute("method")) === "dialog";

on("submit", (event) => {
  const { target: form, submitter } = event;
  if (stays(event)) return;
  all("[data-shows][aria-pressed=true]", form).forEach((button) => showTyped(button, false));
  if (busy.has(form)) {
    stop(event);
  } else if (!navigator.onLine) {
    stop(event);
    say(NO_CONNECTION, () => form.requestSubmit(submitter), "wifi-off");
  } else if (form.matches("[data-uploads]")) {
    stop(event);
    upload(form, submitter);
  }
}, true);

on("submit", (event) => {
  if (event.defaultPrevented || stays(event)) return;
  press(event.target, event.submitter);
  setTimeout(release, 10000, event.target);
});

// What asks by itself, again and again, does not while nobody looks.
on("htmx:confirm", (event) => {
  const { elt } = event.detail;
  if (busy.has(elt) || (document.hidden && elt.matches("[hx-trigger^=every]"))) event.preventDefault();
});

on("htmx:beforeRequest", ({ detail: { elt, requestConfig: { triggeringEvent: event } } }) => {
  const button = event?.type === "submit" ? event.submitter : event?.type === "click" && elt;
  if (!button) return;
  button.closest("[popover]:popover-open")?.hidePopover();
  press(elt, button);
});

on("htmx:afterRequest", ({ detail }) => release(detail.requestConfig.elt));

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  [...busy.keys()].forEach(release);
  if ("private" in document.documentElement.dataset) location.reload();
});

// The toast. While a dialog is open everything outside it is out of reach, so the region moves into it.
function placeToast(doomed) {
  const region = document.getElementById("toast") ?? make("div", "");
  region.id = "toast";
  region.setAttribute("role", "status");
  const home = all("dialog:modal").findLast((dialog) => !doomed?.contains(dialog)) ?? document.body;
  if (region.parentElement !== home) home.append(region);
  return region;
}

function say(words, again, sign = "circle-alert") {
  const toast = make("div", "toast", icon(sign), make("p", "", words));
  if (again) {
    const button = make("button", "button", "Try again");
    button.type = "button";
    button.dataset.again = "";
    button.addEventListener("click", () => { toast.remove(); again(); });
    toast.append(button);
  }
  placeToast().replaceChildren(toast);
  fade(toast);
}

// A finger leaves its hover behind, so only a pointer that can hover keeps a toast.
function fade(toast, after = toast.querySelector("a, button") ? 12000 : 6000) {
  setTimeout(() => {
    if (toast.matches(matchMedia("(hover: hover)").matches ? ":hover, :focus-within" : ":focus-within")) fade(toast, 1000);
    else toast.remove();
  }, after);
}

// The portal says itself why not; what stands before it may answer with a page of its own.
function reason(xhr) {
  return xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText : FAILED;
}

// A request that nobody pressed (a counter that updates itself) fails without a word.
function failed({ detail }, words, sign) {
  const { verb, path, elt, formData: values, triggeringEvent: event } = detail.requestConfig;
  const again = () => htmx.ajax(verb, path, { source: elt, event, target: detail.target, values }).catch(() => {});
  if (event) say(words, sign && again, sign);
}

// What was sent may have arrived, though its answer did not.
on("htmx:sendError", (event) => failed(event, event.detail.requestConfig.verb === "get" ? NO_CONNECTION : BROKEN_OFF, "wifi-off"));
on("htmx:timeout", (event) => failed(event, NO_ANSWER, "hourglass"));
on("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  failed(event, reason(xhr), xhr.status >= 500 ? "circle-alert" : undefined);
});
on("htmx:afterRequest", ({ detail: { successful, requestConfig: { verb } } }) => {
  if (successful && verb !== "get") document.querySelector("#toast [data-again]")?.closest(".toast").remove();
});
addEventListener("offline", () => say("You are offline. What you see may have changed since.", null, "wifi-off"));
addEventListener("online", () => { if (!document.querySelector("#toast button")) say("You are back online.", null, "check"); });

function showTyped(button, shown) {
  document.getElementById(button.dataset.shows).type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
}

on("click", ({ target }) => {
  const button = target.closest("[data-shows]");
  if (button) showTyped(button, button.getAttribute("aria-pressed") !== "true");
  const field = document.getElementById(target.closest("[data-copies]")?.dataset.copies);
  if (!field) return;
  field.select();
  navigator.clipboard.writeText(field.value).then(() => say("Copied.", null, "check"), () => document.execCommand("copy"));
});

on("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const field = all("[data-key]").find(({ dataset }) => dataset.key === event.key);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

function narrow({ dataset: { narrows }, selectedOptions: [{ dataset: { of } }] }) {
  for (const option of document.getElementById(narrows).options) option.disabled = Boolean(of) && option.dataset.of !== of;
}

on("change", ({ target }) => { if (target.matches("[data-narrows]")) narrow(target); });

addEventListener("load", () => setTimeout(() => { document.documentElement.dataset.ready = ""; }));
