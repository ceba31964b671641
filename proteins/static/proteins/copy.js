// The button that copies a citation. Without this file, or where the browser does not let a page
// write to the clipboard, the text is there to be selected.

(() => {
  "use strict";

  function select(text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  async function copy(text, status) {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      status.textContent = "Copied";
    } catch {
      select(text);
      status.textContent = "Selected: copy it with the keyboard";
    }
  }

  function equip(box) {
    const text = box.querySelector("pre, p");
    const button = document.createElement("button");
    const status = document.createElement("span");
    button.type = "button";
    button.className = "button plain";
    button.textContent = "Copy";
    status.setAttribute("role", "status");
    status.className = "small muted";
    button.addEventListener("click", () => copy(text, status));
    const row = box.querySelector(".row");
    row.prepend(button);
    row.append(status);
  }

  document.querySelectorAll(".cite").forEach(equip);
})();
