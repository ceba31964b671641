// The evidence of a TF's hits opens in its row: the table of the page to which the button leads
// where this file is missing or nothing can be loaded.

(() => {
  "use strict";

  async function load(button) {
    const form = button.form;
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    data.set(button.name, button.value);
    const response = await fetch(button.formAction, { method: "POST", body: data });
    if (!response.ok) {
      throw new Error(response.statusText);
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const table = page.getElementById("hits");
    table.removeAttribute("id");
    return document.importNode(table, true);
  }

  async function fill(button) {
    button.setAttribute("aria-busy", "true");
    try {
      const table = await load(button);
      button.closest("p").replaceWith(table);
    } catch {
      button.removeAttribute("aria-busy");
      button.form.requestSubmit(button);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.evidence-of");
    if (button && !button.hasAttribute("aria-busy")) {
      event.preventDefault();
      fill(button);
    }
  });

  // A row that is opened shows its evidence at once.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("details.unfold") || !event.target.open) {
      return;
    }
    const button = event.target.closest("tr").nextElementSibling.querySelector(".evidence-of");
    if (button && !button.hasAttribute("aria-busy")) {
      fill(button);
    }
  }, true);
})();
