// A box above a long group of choices that shows those whose text holds what is typed.
// Without it, all are there to be chosen.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const LONG = 14;
  for (const group of document.querySelectorAll("fieldset.choices")) {
    const labels = [...group.querySelectorAll("label")];
    if (labels.length <= LONG) continue;
    const legend = group.querySelector("legend");
    const id = `${group.id}_filter`;
    const box = document.createElement("div");
    box.className = "filter";
    const label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = `Show only ${legend.textContent.toLowerCase()} with: `;
    const input = document.createElement("input");
    input.type = "search";
    input.id = id;
    input.autocomplete = "off";
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    box.append(label, input, " ", status);
    legend.after(box);

    const show = () => {
      const wanted = input.value.trim().toLowerCase();
      let count = 0;
      for (const item of labels) {
        const fits = item.textContent.toLowerCase().includes(wanted);
        // What is chosen stays in view: what is saved must be visible.
        item.parentElement.hidden = !fits && !item.querySelector("input").checked;
        if (fits) count += 1;
      }
      status.textContent = wanted ? `${count} found` : "";
    };
    input.addEventListener("input", show);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      // Enter chooses a single match, and never submits the form from here.
      event.preventDefault();
      const wanted = input.value.trim().toLowerCase();
      const fits = labels.filter((item) => item.textContent.toLowerCase().includes(wanted));
      if (wanted && fits.length === 1) {
        fits[0].querySelector("input").click();
        input.value = "";
        show();
      }
    });
  }
});
