// Django's autocomplete fields have no name for a screen reader: label them with the one that
// the page shows, and with what is chosen.
"use strict";
// Select2 makes its boxes when jQuery is ready, which may come after the page's own "load":
// a callback that is registered here runs after that.
window.addEventListener("load", () => window.django?.jQuery(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const box = select.nextElementSibling;
    if (!label || !box || !box.classList.contains("select2")) continue;
    const name = label.textContent.trim().replace(/:$/, "");
    const setLabel = () => {
      const taken = [...select.selectedOptions].filter((option) => option.value);
      const chosen = taken.map((option) => option.textContent.trim()).join(", ");
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
        part.removeAttribute("aria-labelledby");
        part.setAttribute("aria-label", chosen ? `${name}: ${chosen}` : name);
      }
    };
    setLabel();
    window.django.jQuery(select).on("change", setLabel).on("select2:open", () => {
      const search = document.querySelector(".select2-container--open .select2-search__field");
      if (search) search.setAttribute("aria-label", name);
    });
  }
}));

// Lists: a text that is cut shows whole as the title of its cell, and a filter that is opened
// shows how many rows each of its choices leaves.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("#result_list")?.addEventListener("mouseover", (event) => {
    const cell = event.target.closest?.("td, th");
    if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.innerText.trim();
  });
  for (const filter of document.querySelectorAll("#changelist-filter details")) {
    filter.addEventListener("toggle", () => showNumbers(filter));
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !filter.open) return;
      filter.open = false;
      filter.querySelector("summary").focus();
    });
  }
  document.addEventListener("click", (event) => {
    for (const filter of document.querySelectorAll("#changelist-filter details[open]")) {
      if (!filter.contains(event.target)) filter.open = false;
    }
  });
});

async function showNumbers(filter) {
  if (!filter.open || filter.dataset.counted) return;
  filter.dataset.counted = "yes";
  const query = new URLSearchParams(location.search);
  query.set("_filter", filter.dataset.filter);
  const answer = await fetch(`counts/?${query}`).catch(() => null);
  if (!answer?.ok) return;
  const { counts } = await answer.json();
  filter.querySelectorAll("li a").forEach((link, at) => {
    if (counts[at] === undefined) return;
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = counts[at];
    link.append(" ", number);
  });
}
