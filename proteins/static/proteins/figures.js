// A figure as PNG: the browser draws its SVG at twice its size, on the ground of the light theme.
"use strict";

const SCALE = 2;

async function png(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

async function save(link) {
  const file = document.createElement("a");
  file.href = URL.createObjectURL(await png(link.href));
  file.download = `${link.pathname.slice(1, -".svg".length).replaceAll("/", "-")}.png`;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 60000);
}

for (const svg of document.querySelectorAll('.figure figcaption a[download][href*=".svg"], .strip figcaption a[download][href*=".svg"]')) {
  const link = svg.cloneNode(true);
  link.firstChild.textContent = "PNG";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    save(svg);
  });
  svg.after(link);
}
