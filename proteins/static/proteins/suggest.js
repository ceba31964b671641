/* Suggestions below the search boxes as a reader types: a combobox with a listbox, by the
   ARIA Authoring Practices. Its keys are those of @github/combobox-nav; where that is not
   installed, the suggestions are links to tab to. Without any of it the form searches. */

"use strict";

(() => {
  const WAIT = 150; // milliseconds without a key before the request
  const MIN_LENGTH = 2;
  const library = document.currentScript.dataset.combobox;
  let loading = null;

  /* Loaded when a search box gets the focus; null where it is missing. */
  function loadCombobox() {
    loading ??= library ? import(library).then((module) => module.default, () => null) : Promise.resolve(null);
    return loading;
  }

  function element(name, className, text = "") {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function option({ label, detail, kind, url }, index, list, isCombobox) {
    const link = element("a", "suggestion");
    link.href = url;
    link.append(element("bdi", "suggestion-label", label));
    link.append(" ", element("span", "suggestion-detail", detail), " ");
    link.append(element("span", "suggestion-kind", kind === "protein" ? "" : kind));
    if (isCombobox) {
      link.id = `${list.id}-${index}`;
      link.setAttribute("role", "option");
      link.tabIndex = -1;
    }
    return link;
  }

  function attach(form) {
    const input = form.elements.q;
    const place = element("div", "suggestions-place");
    const list = element("div", "suggestions");
    const status = element("p", "visually-hidden");
    let combobox = null;
    let prepared = null;
    let pending = null;
    let timer = 0;
    list.id = `${input.id}-suggestions`;
    list.hidden = true;
    list.setAttribute("aria-label", "Suggestions");
    status.setAttribute("role", "status");
    input.autocomplete = "off";
    const isFocused = document.activeElement === input;
    input.before(place);
    place.append(input, list, status);

    function prepare() {
      prepared ??= equip();
      return prepared;
    }

    async function equip() {
      const Combobox = await loadCombobox();
      if (Combobox) {
        list.setAttribute("role", "listbox");
        combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
      } else {
        list.setAttribute("role", "group");
      }
    }

    function close() {
      clearTimeout(timer);
      pending?.abort();
      status.textContent = "";
      if (!list.hidden) {
        combobox?.stop();
        list.hidden = true;
      }
    }

    function show(suggestions) {
      combobox?.stop();
      list.replaceChildren(...suggestions.map((one, index) => option(one, index, list, combobox)));
      list.hidden = suggestions.length === 0;
      if (!list.hidden) {
        combobox?.start();
      }
      const number = suggestions.length === 1 ? "1 suggestion" : `${suggestions.length || "No"} suggestions`;
      status.textContent = list.hidden ? number : `${number}; ${combobox ? "up and down arrows choose" : "Tab leads to them"}`;
    }

    async function request() {
      const text = input.value.trim();
      const url = new URL("suggestions/", form.action);
      url.searchParams.set("q", text);
      if (form.elements.taxon) {
        url.searchParams.set("taxon", form.elements.taxon.value);
      }
      pending?.abort();
      pending = new AbortController();
      const { signal } = pending;
      try {
        const answer = await fetch(url, { signal });
        const { suggestions } = await answer.json();
        // Whether they are options or links: not to be changed while in use.
        await prepare();
        if (!signal.aborted && place.contains(document.activeElement)) {
          show(suggestions);
        }
      } catch {
        // Too slow, or no connection: the form is there all the same.
      }
    }

    input.addEventListener("focus", prepare);
    if (isFocused) {
      input.focus();
    }
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (input.value.trim().length < MIN_LENGTH) {
        close();
      } else {
        timer = setTimeout(request, WAIT);
      }
    });
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        // The first closes the list; the next, the browser's own, empties the field.
        event.preventDefault();
        input.focus();
        close();
      }
    });
    // A press on an option must not take the focus away before it is followed.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    place.addEventListener("focusout", (event) => {
      if (!place.contains(event.relatedTarget)) {
        close();
      }
    });
    form.addEventListener("submit", close);
    window.addEventListener("pagehide", close);
  }

  document.querySelectorAll("form.search-box, form.header-search").forEach(attach);
})();
