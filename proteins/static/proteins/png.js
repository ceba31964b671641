/* Buttons that save a drawing as PNG: the SVG file, in the colours that the reader has if it comes in
   those (`data-themes`). Without this file, or without JavaScript, they are not shown. */

"use strict";

(() => {
  function fileName(path) {
    return `${path.slice(1).replace(/\.svg$/, "").replaceAll("/", "-")}.png`;
  }

  function save(button) {
    const image = new Image();
    const source = new URL(button.dataset.png, document.baseURI);
    const chosen = document.documentElement.dataset.theme;
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    if (button.dataset.themes !== undefined) {
      source.searchParams.set("theme", chosen || (dark ? "dark" : "light"));
    }
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      const scale = Math.min(2, 16000 / Math.max(image.naturalWidth, image.naturalHeight));
      canvas.width = image.naturalWidth * scale;
      canvas.height = image.naturalHeight * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = button.dataset.file || fileName(source.pathname);
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      });
    });
    image.src = source;
  }

  window.showPngButtons = () => {
    for (const button of document.querySelectorAll("[data-png]")) {
      button.hidden = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-png]");
    if (button) {
      save(button);
    }
  });

  window.showPngButtons();
})();
