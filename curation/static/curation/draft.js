// Drafts of long forms, in this browser alone: what is typed is stored while it is typed, and
// offered again when the same form of the same person is opened and was not saved.
//
// A form takes part by `data-draft="user:kind:record"`; with `data-draft-bound` the page itself
// brings what was typed (after a refusal, or after a log-in), and no draft is offered over it.
// Passwords, files and hidden fields are never stored, except `seen`, the version of the record
// that the form showed, and hidden fields with `data-draft-field`.
//
// A form whose fields come and go (a grid) listens to two events:
//   draft:restore  before the fields are filled: make the rows for `event.detail` (name -> list of
//                  values), or fill all by yourself and call `preventDefault()`
//   draft:store    before storing: add to or take from `event.detail`
// and sends itself an `input` event after it changed fields by a script.
//
// The hidden field `_draft` names the draft that a form was sent with; the server names it in a
// cookie once the form is saved (curation/accounts/drafts.py), and the draft is deleted.

const PREFIX = "tflink-draft:";
const COOKIE = "draft_saved";
const SENT = "tflink-draft-sent";
const DAYS = 14;
const MOST = 3; // drafts of one form: of two windows, or one that was not looked at yet
const PAUSE = 400; // ms without a key

function read(key) {
  try {
    const drafts = JSON.parse(localStorage.getItem(PREFIX + key) || "[]");
    return Array.isArray(drafts) ? drafts : [];
  } catch {
    return [];
  }
}

function write(key, drafts) {
  try {
    if (drafts.length) localStorage.setItem(PREFIX + key, JSON.stringify(drafts.slice(0, MOST)));
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // Storage is full or forbidden: the form works without drafts.
  }
}

const remove = (key, id) => write(key, read(key).filter((draft) => draft.id !== id));

function removeOld() {
  const oldest = Date.now() - DAYS * 86_400_000;
  const keys = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i));
  for (const name of keys.filter((each) => each?.startsWith(PREFIX))) {
    const key = name.slice(PREFIX.length);
    write(key, read(key).filter((draft) => draft.at > oldest));
  }
}

function removeSaved() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  const [key, id] = decodeURIComponent(cookie?.slice(COOKIE.length + 1) ?? "").split("~");
  if (id) remove(key, id);
}

const isStored = (field) =>
  field.name && !field.name.startsWith("_") && field.name !== "csrfmiddlewaretoken" &&
  !["password", "file", "submit", "button", "reset", "image"].includes(field.type) &&
  (field.type !== "hidden" || field.name === "seen" || "draftField" in field.dataset);

const fieldsOf = (form) => [...form.elements].filter(isStored);
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

// The values of a form by the name of their field, in the order of the page. A choice that is
// looked up (a protein) is its value and its text: its options come from the server.
function valuesOf(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    const list = (values[field.name] ??= []);
    if (isChoice(field)) {
      if (field.checked) list.push(field.value);
    } else if (field.tagName === "SELECT") {
      list.push([...field.selectedOptions].map((option) => [option.value, option.textContent]));
    } else {
      list.push(field.value);
    }
  }
  form.dispatchEvent(new CustomEvent("draft:store", { detail: values }));
  return values;
}

function fill(form, values) {
  const event = new CustomEvent("draft:restore", { detail: values, cancelable: true });
  if (!form.dispatchEvent(event)) return;
  const used = {};
  for (const field of fieldsOf(form)) {
    const list = values[field.name];
    if (!list) continue;
    if (isChoice(field)) {
      field.checked = list.includes(field.value);
    } else {
      const at = (used[field.name] = (used[field.name] ?? -1) + 1);
      if (at >= list.length) continue;
      if (field.tagName === "SELECT") select(field, list[at]);
      else field.value = list[at];
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function select(field, chosen) {
  const wanted = chosen.map(([value]) => value);
  for (const [value, text] of chosen) {
    const isThere = [...field.options].some((option) => option.value === value);
    if (!isThere) field.add(new Option(text, value));
  }
  for (const option of field.options) option.selected = wanted.includes(option.value);
}

// What a draft holds beside the version that the form showed.
const contentOf = (values) => JSON.stringify({ ...values, seen: undefined });

function offer(form, drafts, restore) {
  const box = document.createElement("div");
  box.className = "draft-offer";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = "You typed something into this form and did not save it. It is stored in this browser.";
  box.append(text);
  for (const draft of drafts) {
    const line = document.createElement("p");
    const when = new Date(draft.at).toLocaleString();
    for (const [label, act] of [
      [`Restore the draft of ${when}`, () => restore(draft)],
      ["Discard it", () => remove(form.dataset.draft, draft.id)],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        line.remove();
        if (!box.querySelector("button")) box.remove();
        act();
      });
      line.append(button, " ");
    }
    box.append(line);
  }
  form.prepend(box);
}

function watch(form) {
  const key = form.dataset.draft;
  const newId = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  let id = newId();
  let timer = 0;
  let initial = contentOf(valuesOf(form));
  const isBound = "draftBound" in form.dataset;

  const name = document.createElement("input");
  name.type = "hidden";
  name.name = "_draft";
  form.append(name);
  const adopt = (draftId) => {
    id = draftId;
    name.value = `${key}~${id}`;
  };
  adopt(id);

  const store = () => {
    clearTimeout(timer);
    timer = 0;
    const values = valuesOf(form);
    const others = read(key).filter((draft) => draft.id !== id);
    const isNew = isBound || contentOf(values) !== initial;
    write(key, isNew ? [{ id, at: Date.now(), values }, ...others] : others);
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(store, PAUSE);
  };

  const here = contentOf(valuesOf(form));
  const stored = read(key);
  const same = stored.find((draft) => contentOf(draft.values) === here);
  if (isBound) {
    // The page brings what was typed: it goes on with the draft that it was sent with.
    const [sentKey, sentId] = (sessionStorage.getItem(SENT) ?? "").split("~");
    if (sentKey === key && sentId) adopt(sentId);
    else if (same) adopt(same.id);
    store();
  } else if (same) {
    remove(key, same.id); // the record says so already
  }
  const others = read(key).filter((draft) => draft.id !== id);
  if (!isBound && others.length) {
    offer(form, others, (draft) => {
      adopt(draft.id);
      fill(form, draft.values);
      store();
    });
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // Select2 reports by jQuery alone.
  window.django?.jQuery?.(form).on("change", changed);
  form.addEventListener("submit", () => {
    if (timer) store();
    sessionStorage.setItem(SENT, name.value);
  });
  window.addEventListener("pagehide", () => {
    if (timer) store();
  });
  window.addEventListener("pageshow", (event) => {
    // Back from a page after saving: what is typed now is another draft.
    if (event.persisted) {
      adopt(newId());
      initial = contentOf(valuesOf(form));
    }
  });
}

try {
  removeOld();
  removeSaved();
  document.querySelectorAll("form[data-draft]").forEach(watch);
} catch (error) {
  console.warn("No drafts:", error); // storage is forbidden in this browser
}
