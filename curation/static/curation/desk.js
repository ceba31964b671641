// Django's fields that complete what is typed say no name to a screen reader: give them the
// one that the page shows.
"use strict";
window.addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const box = select.nextElementSibling;
    if (!label || !box || !box.classList.contains("select2")) continue;
    const name = label.textContent.trim().replace(/:$/, "");
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
    window.django.jQuery(select).on("select2:open", () => {
      const search = document.querySelector(".select2-container--open .select2-search__field");
      if (search) search.setAttribute("aria-label", name);
    });
    // What is chosen is written anew; its name with it.
    window.django.jQuery(select).on("change", () => {
      const chosen = box.querySelector(".select2-selection__rendered");
      const text = select.selectedOptions[0] ? select.selectedOptions[0].textContent : "";
      const selection = box.querySelector("[role=combobox]");
      if (selection) selection.setAttribute("aria-label", text ? `${name}: ${text}` : name);
      if (chosen) chosen.setAttribute("aria-label", text ? `${name}: ${text}` : name);
    });
  }
});
