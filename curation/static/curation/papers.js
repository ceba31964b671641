/* "Add from a publication" as a grid. The form's one field of rows is what is sent: the grid is
   filled from it and written back to it, and the server reads it in both cases. Drafts are those of
   every long form (draft.js): the field of rows is what they store. */

const WAIT = 400; // milliseconds without a key before rows are checked
const EMPTY_ROWS = 3;
const MOST = 2_000_000; // characters of a block; the server reads 2,000 rows
const BESIDE = ["species", "pmid", "proposal"]; // cells of rows that have no column

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function link(url, text) {
  const made = element("a", text);
  made.href = url;
  return made;
}

const quoted = (cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

class Grid {
  constructor(form) {
    this.form = form;
    this.block = form.elements.block;
    this.body = form.querySelector("#grid tbody");
    this.status = form.querySelector("#grid-status");
    this.template = document.getElementById("row");
    this.proteins = document.getElementById("proteins");
    this.columns = [...form.querySelectorAll("#grid thead [data-column]")].map((one) => one.dataset.column);
    this.labels = Object.fromEntries(
      [...form.querySelectorAll("#grid thead [data-column]")].map((one) => [one.dataset.column, one.textContent]),
    );
    this.timers = {};
    this.pending = {};
    form.querySelector("#add-row").addEventListener("click", () => this.focus(this.add(), "tf"));
    this.body.addEventListener("input", (event) => this.typed(event.target));
    this.body.addEventListener("change", () => this.changed());
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("paste", (event) => this.pasted(event));
    this.body.addEventListener("click", (event) => this.clicked(event.target));
    form.addEventListener("submit", () => this.write());
    form.elements.pmid.addEventListener("input", () => this.later("publication", () => this.lookUp()));
    form.elements.pmid.addEventListener("change", (event) => {
      if (event.isTrusted) this.openPublication();
    });
    form.elements.pmid.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      form.elements.species.focus();
    });
    form.elements.species.addEventListener("change", () => this.changed());
    form.addEventListener("draft:store", ({ detail }) => {
      if (this.isOpen) this.store(detail);
    });
    form.addEventListener("draft:restore", ({ detail }) => this.restore(detail));
  }

  get isOpen() {
    return !this.form.querySelector("#grid").hidden;
  }

  async start() {
    if (this.block.value.trim() && !await this.fill(this.block.value, this.body.rows[0], "")) {
      return; // it stays as text, with what is wrong about it
    }
    this.open();
    const { pmid, species } = this.form.elements;
    if (!this.filled.length) (!pmid.value ? pmid : !species.value ? species : this.field(this.body.rows[0], "tf")).focus();
  }

  open() {
    while (this.body.rows.length < EMPTY_ROWS) this.add();
    this.form.querySelector("#grid").hidden = false;
    this.form.querySelector("#plain").hidden = true;
    this.showOptional();
    this.check();
  }

  /* A draft is what was typed into rows: a publication alone is none. */
  store(detail) {
    const { pmid, species } = this.form.elements;
    detail.block = [this.text()];
    if (detail.block[0]) return;
    const chosen = [...species.options].filter((one) => one.defaultSelected);
    detail.pmid = [pmid.defaultValue];
    detail.species = [(chosen.length ? chosen : [species.options[0]]).map((one) => [one.value, one.textContent])];
  }

  async restore({ block = [""] }) {
    this.body.replaceChildren();
    if (block[0].trim()) await this.fill(block[0], this.body.rows[0], "");
    this.open();
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Rows

  add(cells = {}) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    this.body.append(row);
    this.set(row, cells);
    this.number();
    return row;
  }

  number() {
    [...this.body.rows].forEach((row, index) => {
      row.cells[0].textContent = index + 1;
      for (const column of this.columns) {
        this.field(row, column).setAttribute("aria-label", `${this.labels[column]}, row ${index + 1}`);
      }
      row.querySelector(".remove").setAttribute("aria-label", `Remove row ${index + 1}`);
    });
  }

  field(row, column) {
    return row.querySelector(`[data-column="${column}"]`).firstElementChild;
  }

  set(row, cells) {
    if (cells.proposal) row.dataset.proposal = cells.proposal;
    for (const [column, text] of Object.entries(cells)) {
      if (!this.columns.includes(column)) {
        row.dataset[column] = text;
        continue;
      }
      const field = this.field(row, column);
      if (field.tagName === "SELECT" && ![...field.options].some((one) => one.value === text)) {
        field.append(new Option(text, text)); // what is no choice is shown, and said to be none
      }
      field.value = text;
    }
  }

  cells(row) {
    const cells = Object.fromEntries(this.columns.map((column) => [column, this.field(row, column).value.trim()]));
    for (const name of BESIDE) {
      if (row.dataset[name]) cells[name] = row.dataset[name];
    }
    return cells;
  }

  get filled() {
    return [...this.body.rows].filter((row) => this.columns.some((column) => this.isTyped(row, column)));
  }

  isTyped(row, column) {
    return this.field(row, column).value.trim() !== "";
  }

  text() {
    const rows = this.filled.map((row) => this.cells(row));
    const extra = BESIDE.filter((name) => rows.some((row) => row[name]));
    const names = [...this.columns, ...extra];
    if (!rows.length) return "";
    const lines = rows.map((row) => names.map((name) => quoted(row[name] ?? "")).join("\t"));
    return [names.join("\t"), ...lines].join("\n");
  }

  write() {
    if (this.isOpen) this.block.value = this.text();
  }

  focus(row, column) {
    this.field(row, column).focus();
  }

  /* Columns that few rows have are shown where one has something. */
  showOptional() {
    for (const column of ["basis", "eco"]) {
      const isHidden = ![...this.body.rows].some((row) => this.isTyped(row, column));
      for (const cell of this.form.querySelectorAll(`#grid [data-column="${column}"]`)) cell.hidden = isHidden;
    }
    for (const cell of this.template.content.querySelectorAll('[data-column="basis"], [data-column="eco"]')) {
      cell.hidden = this.form.querySelector(`#grid thead [data-column="${cell.dataset.column}"]`).hidden;
    }
  }

  // Typing

  later(name, what) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(what, WAIT);
  }

  changed() {
    this.later("check", () => this.check());
  }

  typed(field) {
    this.changed();
    if (field.getAttribute?.("list") === "proteins") this.later("suggest", () => this.suggest(field));
  }

  key(event) {
    const column = event.target.parentElement?.dataset.column;
    const row = event.target.closest("tr");
    const isLast = row === this.body.lastElementChild;
    if (event.key === "Enter" && column && !event.isComposing) {
      // Never the form's: that is sent by its button.
      event.preventDefault();
      const next = event.shiftKey ? row.previousElementSibling : row.nextElementSibling ?? this.add();
      if (next) this.focus(next, column);
    } else if (event.key === "Tab" && !event.shiftKey && isLast && event.target.matches(".remove")) {
      if (this.filled.includes(row)) this.add();
    }
  }

  clicked(target) {
    const row = target.closest("tr");
    if (target.matches(".remove")) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      if (!this.body.rows.length) this.add();
      this.number();
      this.focus(next ?? this.body.rows[0], "tf");
      this.report();
    } else if (target.matches(".candidate")) {
      this.set(row, { [target.dataset.column]: target.dataset.text });
      this.focus(row, target.dataset.column);
      this.report();
    }
  }

  async pasted(event) {
    const text = event.clipboardData.getData("text/plain");
    const column = event.target.parentElement?.dataset.column;
    if (!column || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    await this.fill(text, event.target.closest("tr"), column);
    this.showOptional();
    this.report();
  }

  /* What a script changed is checked and stored as what is typed. */
  report() {
    this.body.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Let rows from `row` on have the cells of a block, as the server reads it. */
  async fill(text, row, first) {
    if (text.length > MOST) {
      this.status.textContent = "That is far more than one publication says. Paste it in parts, or let a senior curator upload the table.";
      return false;
    }
    const answer = await this.post(this.form.dataset.read, { block: text, first });
    if (!answer) return false;
    this.status.textContent = answer.refusal;
    if (answer.refusal) return false;
    for (const cells of answer.rows) {
      const place = row ?? this.add();
      this.set(place, cells);
      row = place.nextElementSibling;
    }
    const unread = answer.unread.length ? ` Columns that are not read: ${answer.unread.join(", ")}.` : "";
    this.status.textContent = `${answer.rows.length} rows were filled in.${unread}`;
    return true;
  }

  // The server

  async post(url, fields) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.request(url, { method: "POST", body });
  }

  async request(url, options = {}) {
    this.pending[url]?.abort();
    this.pending[url] = new AbortController();
    try {
      const answer = await fetch(url, { ...options, signal: this.pending[url].signal });
      if (!answer.headers.get("content-type")?.startsWith("application/json")) {
        this.status.textContent =
          "Rows are not checked: your log-in may have ended. What you typed stays; the preview leads to the log-in.";
        return null;
      }
      return await answer.json();
    } catch {
      return null; // a newer request, or no connection: the preview checks as well
    }
  }

  async check() {
    const rows = this.filled;
    const { pmid, species } = this.form.elements;
    for (const row of this.body.rows) if (!rows.includes(row)) this.show(row, null);
    if (!rows.length || !pmid.value.trim() || !species.value) return;
    const answer = await this.post(this.form.dataset.check, {
      pmid: pmid.value, species: species.value, block: this.text(),
      submission: this.form.elements.submission?.value ?? "",
    });
    if (!answer) return;
    answer.rows.forEach((state, index) => this.show(rows[index], state));
    const problem = Object.values(answer.problems ?? {})[0]?.[0]?.message;
    const wrong = answer.rows.filter((one) => one.state === "wrong").length;
    this.status.textContent = problem ?? `${rows.length} rows, ${wrong ? `${wrong} to correct` : "none to correct"}.`;
  }

  show(row, state) {
    if (!row) return;
    const place = row.querySelector(".checked");
    row.className = state?.state === "wrong" ? "wrong" : state?.state === "there" ? "there" : "";
    for (const column of this.columns) this.field(row, column).removeAttribute("aria-invalid");
    const parts = [];
    if (state?.outcome) parts.push(element("div", state.outcome));
    for (const remark of state?.remarks ?? []) {
      const line = element("div", remark.text, remark.level === "error" ? "problem" : "");
      if (remark.level === "error" && this.columns.includes(remark.cell)) {
        this.field(row, remark.cell).setAttribute("aria-invalid", "true");
      }
      for (const { text, meaning, fits } of remark.candidates) {
        line.append(" ", fits ? this.candidate(remark.cell, text, meaning) : element("span", `${text} (${meaning})`));
      }
      parts.push(line);
    }
    if (state?.interaction) parts.push(link(state.interaction, "the interaction"));
    place.replaceChildren(...parts);
  }

  candidate(column, text, meaning) {
    const button = element("button", meaning ? `${text} (${meaning})` : text, "candidate");
    button.type = "button";
    button.dataset.column = column;
    button.dataset.text = text;
    return button;
  }

  async suggest(field) {
    const url = new URL(this.form.dataset.suggest, location);
    url.searchParams.set("species", this.form.elements.species.value);
    url.searchParams.set("q", field.value.trim());
    const answer = field.value.trim() ? await this.request(url) : null;
    if (!answer || document.activeElement !== field) return;
    this.proteins.replaceChildren(...answer.suggestions.map(({ text, detail }) => {
      const option = document.createElement("option");
      option.value = text;
      option.label = detail;
      return option;
    }));
  }

  async lookUp() {
    const place = document.getElementById("publication");
    const url = new URL(this.form.dataset.publication, location);
    url.searchParams.set("pmid", this.form.elements.pmid.value);
    const publication = (await this.request(url))?.publication;
    place.replaceChildren();
    if (!publication) return;
    if (publication.is_stored) {
      place.append(element("strong", publication.title || "No title is stored yet"), ` ${publication.by} `);
      if (publication.warnings.length) place.append(element("strong", publication.warnings.join(", "), "warning"), " ");
      if (publication.statements) place.append(`${publication.statements} statements of it are here. `);
      place.append(link(publication.site, "Its page on the site"), ", ", link(publication.desk, "at the desk"), ", ");
    } else {
      place.append(`PMID ${publication.pmid} is not stored yet; it is added with the rows. `);
      if (publication.warnings.length) place.append(element("strong", publication.warnings.join(" "), "warning"), " ");
    }
    place.append(link(publication.pubmed, "in PubMed"));
    const { species } = this.form.elements;
    if (!species.value && publication.species) species.value = publication.species;
    this.changed();
  }

  /* The page of a publication has its own draft; rows that were typed before stay where they are. */
  openPublication() {
    const pmid = this.form.elements.pmid.value.replace(/\D/g, "");
    if (!pmid || this.filled.length) return;
    const url = new URL(this.form.action);
    url.searchParams.set("pmid", pmid);
    if (this.form.elements.species.value) url.searchParams.set("species", this.form.elements.species.value);
    location.replace(url);
  }
}

const form = document.getElementById("paper-form");
if (form) new Grid(form).start();
