// A form over rows by keyboard: Enter in a field that names a button presses it; in a table Enter and the arrows go down.
// Fields of a column share one list of suggestions, fetched for the field in which one types.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest) return;
    const form = event.target.closest("form[data-hr-rows]");
    if (!form || !event.target.matches("input")) return;
    const does = event.target.dataset.hrEnter;
    if (does && event.key === "Enter") {
      const button = form.querySelector(`[data-hr-does="${does}"]`);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    const cell = event.target.closest("tbody td");
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!cell || !step || (event.key !== "Enter" && event.target.hasAttribute("list"))) return;
    let row = cell.parentElement;
    do { row = step > 0 ? row.nextElementSibling : row.previousElementSibling; } while (row && row.cells.length !== cell.parentElement.cells.length);
    const field = row && row.cells[cell.cellIndex].querySelector("input:not([type=hidden]), select, textarea");
    if (event.key === "Enter" || field) event.preventDefault();
    if (field) { field.focus(); if (field.select) field.select(); }
  });

  let waiting;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches("input[data-hr-suggest]") || field.value.trim().length < 2) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      htmx.ajax("GET", field.dataset.hrSuggest, { target: `#${field.getAttribute("list")}`, swap: "innerHTML", values: { text: field.value } });
    }, 200);
  });
})();
