/* The network with nodes that can be dragged: Cytoscape.js, from the JSON file of the drawing, in the
   colours that the legend has just now. Loaded when it is first wanted. */

"use strict";

(() => {
  const SHAPES = { regulator: "rectangle", target: "ellipse", both: "diamond", further: "ellipse" };
  const HEADS = { activation: "triangle", repression: "tee", both: "diamond" };
  const CLASSES = { activation: "activation", repression: "repression", both: "both-ways" };
  const WIDTHS = { single: 1, repeated: 1.5, supported: 2, strong: 2.5 };
  const still = document.getElementById("network-still");
  const canvas = document.getElementById("network-canvas");
  const button = document.querySelector('[data-do="rearrange"]');
  const zooms = document.querySelectorAll('#network-buttons [data-do]:not([data-do="rearrange"])');
  let cy = null;

  const shown = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
  const line = (edge) => CLASSES[edge.data("effect")] || edge.data("tier");

  function elements(network) {
    const nodes = network.nodes.map((node) => ({
      data: { id: node.accession, label: node.name || node.accession, role: node.role },
      position: { x: node.x, y: node.y },
    }));
    const edges = network.edges.map((edge, index) => ({
      data: { id: `e${index}`, source: edge.tf, target: edge.target, effect: edge.effect, tier: edge.tier, own: [edge.tf, edge.target].includes(network.protein) },
    }));
    return [...nodes, ...edges];
  }

  function style() {
    const text = shown("body", "color");
    const ground = shown("body", "backgroundColor");
    const colours = new Map();
    for (const name of [...Object.keys(WIDTHS), ...Object.values(CLASSES)]) {
      colours.set(name, shown(`.network-legend .net-line.net-${name}`, "stroke"));
    }
    const colour = (edge) => colours.get(line(edge));
    const fills = {
      regulator: shown("#net-regulator", "fill"),
      target: shown("#net-target", "fill"),
      both: text,
      further: ground,
      centre: shown(".net-centre", "fill"),
    };
    return [
      {
        selector: "node",
        style: {
          label: "data(label)",
          width: 12,
          height: 12,
          color: text,
          "font-size": 12,
          "font-family": "system-ui, sans-serif",
          "text-valign": "center",
          "text-halign": (node) => (node.position("x") < 0 ? "left" : "right"),
          "text-margin-x": (node) => (node.position("x") < 0 ? -4 : 4),
          "text-outline-color": ground,
          "text-outline-width": 2,
          "border-width": 1,
          "border-color": text,
          "background-color": (node) => fills[node.data("role")],
          shape: (node) => SHAPES[node.data("role")] || "round-rectangle",
        },
      },
      { selector: '[role = "centre"]', style: { width: 40, height: 18, "font-weight": "bold", "text-valign": "top", "text-halign": "center", "text-margin-x": 0, "text-margin-y": -3 } },
      {
        selector: "edge",
        style: {
          "curve-style": "bezier",
          "arrow-scale": 0.9,
          opacity: (edge) => (edge.data("own") ? 1 : 0.35),
          width: (edge) => WIDTHS[edge.data("tier")],
          "line-color": colour,
          "target-arrow-color": colour,
          "target-arrow-shape": (edge) => HEADS[edge.data("effect")] || "vee",
        },
      },
      { selector: "node:selected, edge:selected", style: { "overlay-opacity": 0.15, "overlay-color": text } },
    ];
  }

  async function start() {
    const network = await (await fetch(button.dataset.source)).json();
    canvas.hidden = false;
    cy = cytoscape({
      container: canvas,
      elements: elements(network),
      style: style(),
      layout: { name: "preset", fit: true, padding: 16 },
      minZoom: 0.1,
      maxZoom: 6,
      // The wheel scrolls the page until the picture is clicked.
      userZoomingEnabled: false,
    });
    cy.on("tapstart", () => cy.userZoomingEnabled(true));
    canvas.addEventListener("mouseleave", () => cy.userZoomingEnabled(false));
  }

  async function toggle() {
    const opens = canvas.hidden;
    if (opens && !cy) {
      await start();
    }
    canvas.hidden = !opens;
    still.hidden = opens;
    button.textContent = opens ? "Back to the drawing" : "Rearrange nodes";
    for (const each of zooms) {
      each.hidden = opens;
    }
  }

  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy && cy.style(style()));
  window.networkGraph = { toggle };
  toggle();
})();
