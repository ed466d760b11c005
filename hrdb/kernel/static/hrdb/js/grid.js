// Lists by keyboard: arrows go from row to row, Enter opens; a click beside the link opens the row too.
(() => {
  "use strict";
  const lead = (row) => row.querySelector("td a[href], td button, td input");
  const rowsOf = (grid) => [...grid.querySelectorAll("tbody tr")].filter(lead);

  // On a phone the cells of a row stand under each other and say their column's name.
  const narrow = window.matchMedia("(max-width: 700px)");
  function nameCells() {
    if (!narrow.matches) return;
    document.querySelectorAll("table.as-cards:not([data-hr-named])").forEach((table) => {
      table.dataset.hrNamed = "";
      const heads = table.tHead ? [...table.tHead.rows[table.tHead.rows.length - 1].cells].map((cell) => cell.textContent.trim()) : [];
      for (const body of table.tBodies) for (const row of body.rows) {
        if (row.cells.length !== heads.length) continue;
        [...row.cells].forEach((cell, place) => { if (place && !cell.dataset.label) cell.dataset.label = heads[place]; });
      }
    });
  }
  // Where a table fits its card, it scrolls with the page and its head sticks under the top bar; where it does not, it
  // scrolls in the card, sideways and, when it is tall, downwards too.
  function fit() {
    document.querySelectorAll(".table-wrap").forEach((wrap) => {
      const table = wrap.querySelector("table");
      if (table) wrap.classList.toggle("is-fitting", table.scrollWidth <= wrap.clientWidth + 1);
    });
  }
  function arrange() { nameCells(); fit(); }
  narrow.addEventListener("change", arrange);
  window.addEventListener("resize", fit);
  document.addEventListener("htmx:afterSettle", arrange);
  arrange();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const grid = event.target.closest ? event.target.closest("[data-hr-grid]") : null;
    if (!grid) {
      const free = event.target === document.body || event.target.id === "main";
      const first = free && event.key === "ArrowDown" && document.querySelector("[data-hr-grid] tbody tr");
      if (first && lead(first)) { event.preventDefault(); lead(first).focus(); }
      return;
    }
    if (event.target.matches("input:not([type=checkbox]):not([type=radio]), select, textarea")) return;
    const rows = rowsOf(grid);
    const at = rows.indexOf(event.target.closest("tr"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (to === undefined || !rows.length) return;
    event.preventDefault();
    const row = rows[Math.max(0, Math.min(to, rows.length - 1))];
    lead(row).focus();
    row.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-hr-grid] tbody tr");
    if (!row || event.defaultPrevented || event.button !== 0 || event.target.closest("a, button, input, label, select, summary, textarea")) return;
    if (String(window.getSelection())) return;
    const way = row.querySelector("td.lead-cell a[href]");
    if (!way) return;
    if (event.ctrlKey || event.metaKey) window.open(way.href, "_blank", "noopener"); else way.click();
  });
})();
