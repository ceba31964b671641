/* The drawing of a neighbourhood: what the pointer or the focus is on has its edges highlighted,
   an edge tells its evidence, neighbours are expanded in place. Without this file, or without
   JavaScript, the same links load a whole page. */

"use strict";

(() => {
  const view = () => document.getElementById("network-view");
  if (!view()) {
    return;
  }
  const byId = (id) => document.getElementById(id);
  let drawing = null;
  // An edge that was chosen stays so while the pointer is on its way to the evidence.
  let isChosen = false;

  /* The paths and links of the drawing by the numbers of their proteins. */
  function read() {
    const picture = byId("network-picture");
    const nodes = [...picture.querySelectorAll("a[data-n]")].map((link) => [Number(link.dataset.n), link]);
    const edges = [];
    for (const group of picture.querySelectorAll("[data-edges]")) {
      const pairs = group.dataset.edges.split(" ");
      [...group.children].forEach((path, place) => {
        const [tf, target] = pairs[place].split("-").map(Number);
        edges.push({ tf, target, path, group });
      });
    }
    return { picture, edges, links: new Map(nodes), start: byId("network-about").textContent };
  }

  /* A link within a drawing has no parts of its URL by name. */
  const urlOf = (link) => new URL(link.getAttribute("href"), window.location.href);

  const nameOf = (number) =>
    number ? drawing.links.get(number).querySelector("title").textContent : drawing.picture.dataset.centre;

  function accessionOf(number) {
    const { pathname } = number ? urlOf(drawing.links.get(number)) : window.location;
    return pathname.split("/")[2].toUpperCase();
  }

  function highlight(edges, numbers) {
    release();
    const near = new Set([...numbers, ...edges.flatMap((edge) => [edge.tf, edge.target])]);
    drawing.picture.classList.add("is-focused");
    for (const edge of edges) {
      edge.path.classList.add("near");
    }
    for (const number of near) {
      for (let link = drawing.links.get(number); link && !link.classList.contains("near"); ) {
        link.classList.add("near");
        link = link.nextElementSibling;
        if (link && link.dataset.n) {
          break;
        }
      }
    }
  }

  function release() {
    isChosen = false;
    drawing.picture.classList.remove("is-focused");
    for (const each of drawing.picture.querySelectorAll(".near")) {
      each.classList.remove("near");
    }
    byId("network-about").textContent = drawing.start;
  }

  /* The link of a node, for its own link and for the sign beside it. */
  function nodeOf(element) {
    const link = element.closest && element.closest(".net-cast a");
    return link && (link.dataset.n ? link : link.previousElementSibling);
  }

  function showNode(link) {
    const number = Number(link.dataset.n);
    const own = drawing.edges.filter((edge) => edge.tf === number || edge.target === number);
    const out = own.filter((edge) => edge.tf === number).length;
    highlight(own, [number]);
    const proteins = out === 1 ? "protein" : "proteins";
    byId("network-about").textContent =
      `${nameOf(number)} regulates ${out} ${proteins} of the drawing and is regulated by ${own.filter((edge) => edge.target === number).length}.`;
  }

  const EFFECTS = { activation: "activates", repression: "represses", "both-ways": "activates and represses" };

  /* Text and links are put together from nodes of the document, never from markup. */
  function showEdge(edge) {
    if (drawing.picture.contains(document.activeElement)) {
      document.activeElement.blur();
    }
    highlight([edge], []);
    isChosen = true;
    const name = [...edge.group.classList].find((each) => each !== "net-line").replace("net-", "");
    const evidence = document.createElement("a");
    const key = `${accessionOf(edge.tf)}-${accessionOf(edge.target)}`;
    evidence.href = drawing.picture.dataset.interaction.replace("TF-TARGET", key);
    evidence.textContent = "evidence";
    const action = EFFECTS[name] || "regulates";
    byId("network-about").replaceChildren(
      `${nameOf(edge.tf)} ${action} ${nameOf(edge.target)}, support: ${edge.group.dataset.tier} (`, evidence, ").");
  }

  /* Where the drawing cannot be loaded, the page is. */
  async function load(url, focus) {
    try {
      const answer = await fetch(url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("network-view");
      if (!answer.ok || !fresh) {
        throw new Error(answer.status);
      }
      const frame = byId("network-still");
      const place = [frame.scrollLeft, window.scrollX, window.scrollY];
      view().replaceWith(document.adoptNode(fresh));
      equip();
      window.scrollTo(place[1], place[2]);
      const link = focus && [...drawing.links.values()].find((each) => urlOf(each).pathname === focus);
      if (link) {
        (link.nextElementSibling || link).focus({ preventScroll: true });
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    } catch {
      window.location.assign(url);
    }
  }

  function expand(event, link) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) {
      return;
    }
    event.preventDefault();
    const node = nodeOf(link);
    const url = urlOf(link).href;
    window.history.pushState(null, "", url);
    load(url, node && urlOf(node).pathname);
  }

  function zoom(factor) {
    const { picture } = drawing;
    const width = picture.getBoundingClientRect().width * factor;
    const box = picture.viewBox.baseVal;
    picture.setAttribute("width", width);
    picture.setAttribute("height", (width * box.height) / box.width);
  }

  const fits = () => (byId("network-still").clientWidth - 2) / drawing.picture.getBoundingClientRect().width;
  const actual = () => drawing.picture.viewBox.baseVal.width / drawing.picture.getBoundingClientRect().width;

  function rearrange(button) {
    const script = document.createElement("script");
    script.src = button.dataset.library;
    script.addEventListener("load", () => {
      const own = document.createElement("script");
      own.src = button.dataset.script;
      document.head.append(own);
    });
    document.head.append(script);
  }

  const ACTIONS = {
    in: () => zoom(1.25),
    out: () => zoom(1 / 1.25),
    fit: () => zoom(fits()),
    whole: () => zoom(actual()),
    rearrange: (button) =>
      (window.networkGraph ? window.networkGraph.toggle() : rearrange(button)),
  };

  /* Make what the server sent usable; again after each change in place. */
  function equip() {
    drawing = read();
    window.networkGraph = null;
    // On a phone the left side is seen first, up to the protein in the middle.
    const frame = byId("network-still");
    const box = drawing.picture.querySelector(".net-centre").getBoundingClientRect();
    const right = box.right - drawing.picture.getBoundingClientRect().left;
    frame.scrollLeft = Math.min((frame.scrollWidth - frame.clientWidth) / 2, right + 12 - frame.clientWidth);
    byId("network-buttons").hidden = false;
    window.showPngButtons();
    const { picture } = drawing;
    picture.addEventListener("mouseover", (event) => {
      const link = nodeOf(event.target);
      if (link && !isChosen) {
        showNode(link);
      }
    });
    picture.addEventListener("mouseleave", () => {
      if (!picture.contains(document.activeElement) && !isChosen) {
        release();
      }
    });
    picture.addEventListener("focusin", (event) => {
      const link = nodeOf(event.target);
      if (link) {
        showNode(link);
      }
    });
    picture.addEventListener("focusout", release);
  }

  document.addEventListener("click", (event) => {
    const path = event.target.closest(".net-line path");
    const edge = path && drawing.edges.find((each) => each.path === path);
    const link = event.target.closest('.net-cast a[aria-label], .network-expanded a, .network-bar nav a');
    const action = event.target.closest("#network-buttons [data-do]");
    if (edge) {
      showEdge(edge);
    } else if (link) {
      expand(event, link);
    } else if (action) {
      ACTIONS[action.dataset.do](action);
    } else if (event.target.closest(".network-picture")) {
      release();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      release();
    }
  });

  window.addEventListener("popstate", () => load(window.location.href));
  equip();
})();
