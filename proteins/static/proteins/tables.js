// Tables that htmx swaps in place: where the focus goes, and how the change is announced.
// Without this file, or without JavaScript, the same links and forms load a whole page.

(() => {
  "use strict";

  const announcement = document.getElementById("table-change");
  if (!announcement) {
    return;
  }

  // The URL keeps its fragment (the server sends it), but the page is not moved by it. A field
  // that is empty has no part in it.
  document.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    for (const name of Object.keys(parameters)) {
      if (parameters[name] === "") {
        delete parameters[name];
      }
    }
    event.detail.path = event.detail.path.split("#")[0];
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const section = event.detail.elt;
    const outcome = section.querySelector("caption, .outcome");
    if (!outcome) {
      return;
    }
    // htmx gives the focus back to what had it and is there again: a sort link, a field. After
    // a change of page, or where what had it is gone, the reader goes on from the heading.
    if (!section.contains(document.activeElement)) {
      section.querySelector("h2").focus({ preventScroll: true });
      section.scrollIntoView({ block: "start" });
    }
    announcement.textContent = outcome.textContent;
  });

  // A filter applies as soon as it is chosen; text, when it is entered.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-apply]");
    if (form && event.target.matches("select")) {
      form.requestSubmit();
    }
  });

  // Where the part cannot be loaded, the whole page is.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const url = event.detail.pathInfo && event.detail.pathInfo.finalRequestPath;
      window.location.assign(url || window.location.href);
    });
  }
})();

// The details of a row open below it: the evidence of the interaction's own page, to which the
// link leads where this file is missing or nothing can be loaded.

(() => {
  "use strict";

  function equip(link) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-expanded", "false");
  }

  async function load(link) {
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!response.ok) {
      throw new Error(response.statusText);
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const evidence = page.getElementById("evidence");
    evidence.removeAttribute("id");
    for (const part of evidence.querySelectorAll("[id], [aria-labelledby], .help")) {
      part.removeAttribute("id");
      part.removeAttribute("aria-labelledby");
      if (part.matches(".help")) {
        part.remove();
      }
    }
    return evidence;
  }

  function opened(link, evidence) {
    const row = document.createElement("tr");
    const cell = document.createElement("td");
    row.className = "opened";
    row.setAttribute("role", "row");
    cell.setAttribute("role", "cell");
    cell.colSpan = link.closest("tr").cells.length;
    cell.append(document.importNode(evidence, true));
    const way = document.createElement("p");
    const more = document.createElement("a");
    more.href = link.getAttribute("href");
    more.textContent = "All about this interaction";
    way.append(more);
    cell.append(way);
    row.append(cell);
    return row;
  }

  async function toggle(link) {
    const row = link.closest("tr");
    if (link.getAttribute("aria-expanded") === "true") {
      row.nextElementSibling.remove();
      link.setAttribute("aria-expanded", "false");
      return;
    }
    link.setAttribute("aria-busy", "true");
    try {
      row.after(opened(link, await load(link)));
      link.setAttribute("aria-expanded", "true");
    } catch {
      window.location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  function equipAll() {
    document.querySelectorAll("a.more:not([role])").forEach(equip);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.more");
    if (link && !link.hasAttribute("aria-busy") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      toggle(link);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a.more")) {
      event.preventDefault();
      toggle(event.target);
    }
  });
  document.addEventListener("htmx:afterSettle", equipAll);
  equipAll();
})();
