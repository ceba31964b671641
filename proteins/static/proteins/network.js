/* The picture of a neighbourhood, made interactive with Cytoscape.js from the data in the page.
   Without it the drawing stays as it is. */

"use strict";

(() => {
  const source = document.getElementById("network-data");
  if (!source || typeof cytoscape === "undefined") {
    return;
  }
  const data = JSON.parse(source.textContent);
  const still = document.getElementById("network-still");
  const canvas = document.getElementById("network-canvas");
  const about = document.getElementById("network-about");
  const buttons = document.getElementById("network-buttons");
  const toggle = buttons.querySelector('[data-do="toggle"]');
  const png = document.getElementById("network-png");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const HEADS = { unknown: "vee", activation: "triangle", repression: "tee", "both-ways": "diamond" };
  const EFFECTS = {
    unknown: "regulates",
    activation: "activates",
    repression: "represses",
    "both-ways": "activates and represses",
  };
  const SCALES = ["scale of evidence not stated", "large-scale evidence only", "small-scale evidence"];
  const LINES = ["dotted", "dashed", "solid"];
  let cy = null;

  function label([accession, name]) {
    const whole = name || accession;
    return whole.length > data.labelLength ? `${whole.slice(0, data.labelLength - 1)}…` : whole;
  }

  const isOfCentre = ([tf, target]) => tf === 0 || target === 0;

  function elements() {
    const nodes = data.nodes.map((row, index) => ({
      data: { id: `n${index}`, index, label: label(row), role: row[2] },
      position: { x: row[3], y: row[4] },
    }));
    const edges = data.edges.map((row, index) => ({
      data: {
        id: `e${index}`,
        index,
        source: `n${row[0]}`,
        target: `n${row[1]}`,
        effect: data.effects[row[2]],
        scale: row[3],
        centre: isOfCentre(row) ? 1 : 0,
      },
    }));
    return [...nodes, ...edges];
  }

  /* Lines between neighbours are drawn towards the middle, as in the drawing. */
  function bend(edge) {
    const [tf, target] = data.edges[edge.data("index")];
    const [x1, y1] = data.nodes[tf].slice(3);
    const [x2, y2] = data.nodes[target].slice(3);
    const across = [x2 - x1, y2 - y1];
    const length = Math.hypot(...across) || 1;
    const middle = [((x1 + x2) / 2) * 0.7 + across[1] * 0.07, ((y1 + y2) / 2) * 0.7 - across[0] * 0.07];
    const from = [middle[0] - x1, middle[1] - y1];
    return {
      distance: (from[0] * -across[1] + from[1] * across[0]) / length,
      weight: (from[0] * across[0] + from[1] * across[1]) / (length * length),
    };
  }

  const reach = Math.max(1, ...data.nodes.map((row) => Math.abs(row[4])));

  /* On the outline of the middle the lines end side by side. */
  function endpoint(edge, isSource) {
    const [tf, target] = data.edges[edge.data("index")];
    if ((isSource ? tf : target) !== 0 || tf === target) {
      return "outside-to-node";
    }
    const [, , role, x, y] = data.nodes[isSource ? target : tf];
    const [width, height] = data.middle.map((size) => size / 2);
    if (role === "both") {
      const room = width - 8;
      const place = Math.max(-room, Math.min(room, (x * room) / 200 + (isSource ? 4 : -4)));
      return `${place}px ${y > 0 ? height : -height}px`;
    }
    return `${x < 0 ? -width : width}px ${(y / reach) * (height - 8)}px`;
  }

  /* The middle is larger than Cytoscape's loops are, which it would hide: a loop of its own
     is on the upper right corner, as in the drawing. */
  function loopOfCentre() {
    const [right, top] = data.middle.map((size) => size / 2);
    const length = Math.hypot(right, top) + 45;
    return {
      "loop-direction": `${Math.atan2(right, top)}rad`,
      "loop-sweep": `${2 * Math.atan2(32, length)}rad`,
      "control-point-step-size": length / 1.4,
      "source-endpoint": `${right - 10}px ${-top}px`,
      "target-endpoint": `${right}px ${10 - top}px`,
    };
  }

  function style(palette) {
    const side = (left) => ({
      "text-halign": left ? "left" : "right",
      "text-valign": "center",
      "text-margin-x": left ? -4 : 4,
      "text-margin-y": 0,
    });
    const below = { "text-valign": "bottom", "text-margin-y": 3 };
    const sides = data.nodes.flatMap(([, , role, x, y], index) => {
      if (role === "regulator" || role === "target") {
        return [{ selector: `#n${index}`, style: side(x < 0) }];
      }
      return role === "both" && y > 0 ? [{ selector: `#n${index}`, style: below }] : [];
    });
    return [
      {
        selector: "node",
        style: {
          label: "data(label)",
          width: 11,
          height: 11,
          color: palette.text,
          "font-size": 12,
          "font-family": "system-ui, sans-serif",
          "text-valign": "top",
          "text-margin-y": -3,
          "text-outline-color": palette.ground,
          "text-outline-width": 2,
          "border-width": 1,
          "border-color": palette.outline,
          "min-zoomed-font-size": 4,
        },
      },
      { selector: '[role = "regulator"]', style: { shape: "rectangle", "background-color": palette.regulator } },
      { selector: '[role = "target"]', style: { shape: "ellipse", "background-color": palette.target } },
      {
        selector: '[role = "both"]',
        style: { shape: "diamond", width: 15, height: 15, "background-color": palette.both },
      },
      ...sides,
      {
        selector: '[role = "centre"]',
        style: {
          shape: "round-rectangle",
          width: data.middle[0],
          height: data.middle[1],
          "background-color": palette.centre,
          color: palette.centreLabel,
          "font-weight": "bold",
          "text-valign": "center",
          "text-margin-y": 0,
          "text-outline-width": 0,
        },
      },
      {
        selector: "edge",
        style: {
          "curve-style": "unbundled-bezier",
          "control-point-distances": (edge) => bend(edge).distance,
          "control-point-weights": (edge) => bend(edge).weight,
          "edge-distances": "node-position",
          "source-endpoint": (edge) => endpoint(edge, true),
          "target-endpoint": (edge) => endpoint(edge, false),
          "arrow-scale": 0.9,
          opacity: 0.45,
          width: (edge) => (edge.data("scale") === 2 ? 1.8 : 1.1),
          "line-style": (edge) => LINES[edge.data("scale")],
          "line-color": (edge) => palette[edge.data("effect")],
          "target-arrow-color": (edge) => palette[edge.data("effect")],
          "target-arrow-shape": (edge) => HEADS[edge.data("effect")],
          "loop-direction": "45deg",
        },
      },
      { selector: "edge[centre = 1]", style: { opacity: 1, "curve-style": "straight" } },
      {
        selector: "edge:loop",
        style: { "curve-style": "bezier", "source-endpoint": "outside-to-node", "target-endpoint": "outside-to-node" },
      },
      { selector: "edge[centre = 1]:loop", style: loopOfCentre() },
      { selector: ".faded", style: { opacity: 0.12 } },
      { selector: "edge.near", style: { opacity: 1, "z-index": 9 } },
      { selector: "node:selected, edge:selected", style: { "overlay-opacity": 0.15, "overlay-color": palette.text } },
    ];
  }

  const palette = () => data.palettes[document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")];

  /* Text and links are put together from nodes of the document, never from markup. */
  function describe(...parts) {
    about.replaceChildren(...parts);
  }

  function anchor(url, text) {
    const made = document.createElement("a");
    made.href = url;
    made.textContent = text;
    return made;
  }

  /* The URLs in `data` are templates, with placeholders for accessions. */
  function link([accession, name]) {
    const url = data.proteinAddress.replace("accession", accession.toLowerCase());
    return anchor(url, name ? `${name} (${accession})` : accession);
  }

  function linkToEvidence(tf, target) {
    return anchor(data.interactionAddress.replace("TF-TARGET", `${tf[0]}-${target[0]}`), "evidence");
  }

  function counted(count, one, many) {
    return `${count} ${count === 1 ? one : many}`;
  }

  function choose(element) {
    cy.batch(() => {
      cy.elements().removeClass("near").addClass("faded");
      const near = element.isNode() ? element.closedNeighborhood() : element.union(element.connectedNodes());
      near.removeClass("faded").edges().addClass("near");
    });
    if (element.isNode()) {
      const row = data.nodes[element.data("index")];
      const regulates = counted(element.outgoers("edge").length, "protein", "proteins");
      describe(link(row), ` regulates ${regulates} of the picture and is regulated by ${element.incomers("edge").length}.`);
    } else {
      const [tf, target, effect, scale, publications, databases] = data.edges[element.data("index")];
      const support = `${SCALES[scale]}, ${counted(publications, "publication", "publications")}, ${counted(databases, "database", "databases")}`;
      describe(link(data.nodes[tf]), ` ${EFFECTS[data.effects[effect]]} `, link(data.nodes[target]), `: ${support} (`, linkToEvidence(data.nodes[tf], data.nodes[target]), ").");
    }
  }

  function release() {
    cy.elements().removeClass("faded near");
    describe("Click a node or edge for details. Drag nodes to rearrange.");
  }

  function start() {
    canvas.hidden = false;
    still.hidden = true;
    toggle.textContent = "Static view";
    if (!cy) {
      cy = cytoscape({
        container: canvas,
        elements: elements(),
        style: style(palette()),
        layout: { name: "preset", fit: true, padding: 16 },
        minZoom: 0.1,
        maxZoom: 6,
        // The wheel scrolls the page until the picture is clicked.
        userZoomingEnabled: false,
      });
      cy.on("tap", "node, edge", (event) => choose(event.target));
      cy.on("tap", (event) => event.target === cy && release());
      cy.on("tapstart", () => cy.userZoomingEnabled(true));
      release();
      canvas.addEventListener("mouseleave", () => cy.userZoomingEnabled(false));
    }
    enable();
  }

  function stop() {
    canvas.hidden = true;
    still.hidden = false;
    toggle.textContent = "Interactive view";
    enable();
  }

  function enable() {
    for (const button of buttons.querySelectorAll("[data-do]:not([data-do=toggle])")) {
      button.hidden = canvas.hidden;
    }
    png.hidden = canvas.hidden;
  }

  /* At once: what is pressed while a movement goes on would be undone by its end. */
  function zoom(factor) {
    const renderedPosition = { x: cy.width() / 2, y: cy.height() / 2 };
    cy.zoom({ level: cy.zoom() * factor, renderedPosition });
  }

  const ACTIONS = {
    toggle: () => (canvas.hidden ? start() : stop()),
    in: () => zoom(1.3),
    out: () => zoom(1 / 1.3),
    fit: () => cy.fit(undefined, 16),
  };

  buttons.addEventListener("click", (event) => {
    const action = event.target.closest("[data-do]");
    if (action) {
      ACTIONS[action.dataset.do]();
    }
  });

  png.addEventListener("click", async () => {
    const blob = await cy.png({ output: "blob-promise", full: true, scale: 2, bg: palette().ground });
    const url = URL.createObjectURL(blob);
    const download = anchor(url, data.file);
    download.download = data.file;
    download.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });

  dark.addEventListener("change", () => cy && cy.style(style(palette())));

  still.scrollLeft = (still.scrollWidth - still.clientWidth) / 2;
  buttons.hidden = false;
  enable();
  // A finger that is put on the picture to scroll the page must not be caught by it.
  if (window.matchMedia("(pointer: fine) and (min-width: 56.0625rem)").matches) {
    start();
  }
})();
