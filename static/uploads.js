// Files: chosen or dropped, listed, checked, and sent.
//
//   [data-uploads="shared"]     a form: each file is a POST of its own, with its own bar; the word says it is done
//   [data-chosen]               a form or part of one: files are listed, and sent with the form
//   .files                      inside either: gets a line (.file) for each file
//   .drop                       around the input: files can be dropped on it
//   hx-target, hx-swap          on the form: where an answer goes; without, only its out-of-band parts are taken
//   On the input: accept, data-max (octets), and the words for what they refuse: data-wrong-kind, data-too-large.
//
// An answer of 200 is the part to swap; any other is why not: plain text, or the error words inside the part.

const lists = new WeakMap();
const linesOf = (input) => lists.get(input) ?? lists.set(input, []).get(input);
const waiting = (input) => linesOf(input).filter((line) => line.waits);
let sending = 0;

function size(octets, whole = octets, unit = true) {
  const small = whole < 1e6;
  const figure = small ? Math.max(1, Math.round(octets / 1e3)) : (octets / 1e6).toFixed(1);
  return unit ? `${figure} ${small ? "KB" : "MB"}` : `${figure}`;
}

function accepted({ accept }, { name, type }) {
  return !accept || accept.split(",").map((kind) => kind.trim().toLowerCase()).some((kind) => {
    if (kind.startsWith(".")) return name.toLowerCase().endsWith(kind);
    return kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind;
  });
}

function whyNot(input, file) {
  const { max, tooLarge, wrongKind } = input.dataset;
  if (!accepted(input, file)) return wrongKind ?? "This kind of file is not taken.";
  if (max && file.size > max) return tooLarge ?? `This file is too large: up to ${size(Number(max))}.`;
  return file.size ? "" : "This file is empty.";
}

class Line {
  constructor(input, file) {
    Object.assign(this, { input, file, waits: true });
    const list = input.closest("[data-uploads], [data-chosen]").querySelector(".files");
    const kind = file.name.includes(".") ? file.name.split(".").pop().slice(0, 4).toUpperCase() : "FILE";
    this.note = make("p", "", size(file.size));
    this.bar = make("progress", "");
    Object.assign(this.bar, { max: 100, value: 0, hidden: true, ariaLabel: file.name });
    this.button = make("button", "icon-button", icon("x"));
    Object.assign(this.button, { type: "button", ariaLabel: `Remove ${file.name}` });
    this.button.addEventListener("click", () => this.remove());
    const text = make("div", "", make("p", "file__name", file.name), this.bar, this.note);
    this.element = make(list.matches("ul, ol") ? "li" : "div", "file", make("span", "file__kind", kind), text, this.button);
    list.append(this.element);
    linesOf(input).push(this);
  }

  // New words in a new element: the list is a live region, and says what is added to it.
  tell(words, kind = "") {
    const note = make("p", kind, words);
    this.note.replaceWith(note);
    this.note = note;
  }

  progress(loaded, total) {
    this.bar.hidden = false;
    this.bar.value = (loaded / total) * 100;
    this.note.className = "";
    this.note.ariaLive = "off";
    this.note.textContent = loaded < total ? `${size(loaded, total, false)} of ${size(total)}` : "Checking…";
  }

  end(tone, sign, words, kind) {
    this.waits = false;
    this.bar.hidden = true;
    this.tell(words, kind);
    if (this.button.contains(document.activeElement)) this.input.focus();
    this.button.replaceWith(make("span", tone, icon(sign, "seal")));
  }

  refuse(words) {
    this.end("is-danger", "triangle-alert", words, "file__why");
  }

  rest() {
    this.bar.hidden = true;
    this.tell(size(this.file.size));
  }

  // Not this time, but pressing the button again tries once more.
  postpone(words) {
    this.bar.hidden = true;
    this.tell(words, "file__why");
  }

  remove() {
    const lines = linesOf(this.input);
    lines.splice(lines.indexOf(this), 1);
    this.waits = false;
    this.xhr?.abort();
    this.element.remove();
    keep(this.input);
    this.input.focus();
  }
}

// The input holds what waits, so that a plain form sends it.
function keep(input) {
  const box = new DataTransfer();
  waiting(input).forEach((line) => box.items.add(line.file));
  input.files = box.files;
}

function choose(input, files) {
  if (files.length && !input.multiple) linesOf(input).slice().forEach((line) => line.remove());
  for (const file of input.multiple ? files : files.slice(0, 1)) {
    const line = new Line(input, file);
    const wrong = whyNot(input, file);
    if (wrong) line.refuse(wrong);
  }
  keep(input);
  label(input.form, "");
}

on("change", ({ target }) => {
  if (target.matches(":is([data-uploads], [data-chosen]) input[type=file]")) choose(target, [...target.files]);
});

// A file dropped beside the place would replace the page, and all that was typed.
function over(event) {
  if (!event.dataTransfer?.types.includes("Files") || !document.querySelector(".drop")) return undefined;
  event.preventDefault();
  const place = event.target.closest?.(".drop");
  all(".drop").forEach((drop) => drop.classList.toggle("is-over", drop === place && event.type === "dragover"));
  return place?.querySelector("input[type=file]");
}

on("dragover", (event) => { event.dataTransfer.dropEffect = over(event) ? "copy" : "none"; });
on("dragleave", (event) => { if (!event.relatedTarget) over(event); });
on("drop", (event) => {
  const input = over(event);
  if (input) choose(input, [...event.dataTransfer.files]);
});

// The words of the button that sends: its own, or for a while others.
const ownWords = new WeakMap();
function label(form, words) {
  const button = form.matches("[data-uploads]") && form.querySelector("button:not([type=button])");
  const text = button && [...button.childNodes].findLast((node) => node.nodeType === 3 && node.data.trim());
  if (!text) return;
  if (!ownWords.has(text)) ownWords.set(text, text.data);
  text.data = words || ownWords.get(text);
}

async function upload(form, button) {
  const input = form.querySelector("input[type=file]");
  const round = new Set();
  const next = () => waiting(input).find((line) => !round.has(line));
  if (!next()) return linesOf(input).length ? finish(form, input) : input.click();
  press(form, button);
  sending += 1;
  for (let line = next(); line; line = next()) {
    round.add(line);
    label(form, `Uploading ${round.size} of ${round.size + waiting(input).filter((other) => !round.has(other)).length}…`);
    await send(form, line);
  }
  sending -= 1;
  release(form);
  keep(input);
  input.required = false;
  const over = linesOf(input).length && !waiting(input).length;
  label(form, over ? "Done" : "Try again");
  offerCancel(form, !over);
}

// There is nothing to cancel once all has been sent.
function offerCancel(form, offered) {
  all(".dialog__foot [command=close]", form).forEach((button) => { button.hidden = !offered; });
}

function finish(form, input) {
  form.closest("dialog")?.close();
  linesOf(input).slice().forEach((line) => line.remove());
  label(form, "");
  offerCancel(form, true);
}

function send(form, line) {
  const { promise, resolve } = later();
  const xhr = new XMLHttpRequest();
  const body = new FormData(form);
  line.xhr = xhr;
  line.button.ariaLabel = `Stop ${line.file.name}`;
  body.set(line.input.name, line.file);
  xhr.open("POST", form.getAttribute("action") || location.href);
  xhr.setRequestHeader("HX-Request", "true");
  xhr.setRequestHeader("X-CSRFToken", csrf());
  xhr.upload.addEventListener("progress", ({ loaded, total }) => line.progress(loaded, total));
  xhr.addEventListener("load", () => answered(form, line, xhr));
  xhr.addEventListener("error", () => line.postpone("No connection, this file was not sent."));
  xhr.addEventListener("loadend", resolve);
  xhr.send(body);
  return promise;
}

function later() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

function answered(form, line, xhr) {
  const elsewhere = xhr.getResponseHeader("HX-Redirect");
  if (elsewhere) {
    sending = 0;
    location.assign(elsewhere);
  } else if (xhr.status === 200) {
    line.end("is-positive", "check", `${size(line.file.size)}, ${form.dataset.uploads || "done"}`);
    changing = true;
    const target = document.querySelector(form.getAttribute("hx-target") ?? "body");
    const swapStyle = form.hasAttribute("hx-target") ? form.getAttribute("hx-swap") ?? "innerHTML" : "none";
    htmx.swap(target, xhr.response, { swapStyle, swapDelay: 0, settleDelay: 20 }, { contextElement: form });
  } else if (xhr.status === 429 || xhr.status >= 500) {
    line.postpone(reason(xhr));
  } else {
    line.refuse(xhr.status === 422 ? errorWords(xhr) : reason(xhr));
  }
}

function errorWords(xhr) {
  if (!xhr.getResponseHeader("Content-Type")?.startsWith("text/html")) return xhr.responseText;
  const part = new DOMParser().parseFromString(xhr.response, "text/html");
  return (part.querySelector(".file__why, .field__error, .toast p") ?? part.body).textContent.trim();
}

// Files that go with a form: all bars together, from what htmx tells.
on("htmx:xhr:progress", ({ target: form, detail: { loaded, total, lengthComputable } }) => {
  const lines = all("input[type=file]", form).flatMap(waiting);
  const octets = lines.reduce((sum, line) => sum + line.file.size, 0);
  if (!lengthComputable || !octets || total < octets) return;
  lines.forEach((line) => line.progress((loaded / total) * line.file.size, line.file.size));
});

// A form that comes back with errors gets its files back, but for one that was the error.
const kept = new Map();
on("htmx:beforeSwap", ({ detail: { xhr, requestConfig } }) => {
  kept.clear();
  if (xhr.status !== 422) return;
  all("input[type=file]", requestConfig.elt).forEach((input) => kept.set(input.id, waiting(input).map((line) => line.file)));
});
on("htmx:load", ({ target: part }) => {
  for (const input of all("[data-chosen] input[type=file]:not([aria-invalid=true])", part)) {
    if (kept.get(input.id)?.length && !waiting(input).length) choose(input, kept.get(input.id));
  }
});

// The form came back with its files still in it, to be mended and sent again.
on("htmx:load", ({ target: part }) => all("[data-chosen] input[type=file]", part).flatMap(waiting).forEach((line) => line.rest()));

on("close", ({ target }) => all("[data-uploads] input[type=file]", target).flatMap(waiting).forEach((line) => line.remove()), true);
addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
