// Tables that htmx swaps in place: where the focus goes, and how the change is announced.
// Without this file, or without JavaScript, the same links and forms load a whole page.

(() => {
  "use strict";

  const announcement = document.getElementById("table-change");
  if (!announcement) {
    return;
  }

  // The URL keeps its fragment (the server sends it), but the page is not moved by it.
  document.addEventListener("htmx:configRequest", (event) => {
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

  // Where the part cannot be loaded, the whole page is.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const url = event.detail.pathInfo && event.detail.pathInfo.finalRequestPath;
      window.location.assign(url || window.location.href);
    });
  }
})();
