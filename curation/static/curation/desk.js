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
