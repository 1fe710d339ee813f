// What somebody had typed when their sign-in had run out. It is kept in this tab and nowhere else, and is in its form
// again when the same person is back; anybody else never sees it, and what did arrive is forgotten.
//
//   html[data-private="client-7"]   a page behind the sign-in, and whose it is
//   html[data-door]                 where they sign in: what is still kept there did not arrive

const DRAFT = "draft";
const UNKEPT = ["hidden", "password", "file", "submit", "button", "image", "reset"];
const { private: mine, door } = document.documentElement.dataset;
const fieldsOf = (form) => [...form.elements].filter(({ name, type }) => name && !UNKEPT.includes(type));
const isTyped = ({ value, defaultValue }) => defaultValue !== undefined && value.trim() && value !== defaultValue;
const store = (draft) => sessionStorage.setItem(DRAFT, JSON.stringify(draft));
const forget = () => sessionStorage.removeItem(DRAFT);

on("submit", ({ target: form, submitter }) => {
  const fields = fieldsOf(form);
  if (!mine || form.method !== "post" || !fields.some(isTyped)) return;
  const words = fields.map(({ name, value, checked }) => [name, value, checked]);
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  store({ whose: mine, address, words });
}, true);

on("htmx:afterRequest", ({ detail: { xhr, requestConfig: { verb } } }) => {
  if (verb !== "get" && xhr.status !== 401) forget();
});

on("htmx:load", ({ target: part }) => {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
  if (!draft) return;
  if (door !== undefined) return store({ ...draft, lost: true });
  if (mine && !(draft.lost && draft.whose === mine)) return forget();
  const form = mine && all("form", part).find(({ action }) => action === draft.address);
  if (!form) return;
  const fields = fieldsOf(form);
  draft.words.forEach(([name, value, checked], place) => {
    if (fields[place]?.name === name) Object.assign(fields[place], { value, checked });
  });
  forget();
  say("What you had written is here again, and not sent yet.", null, "check");
});
