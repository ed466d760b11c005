// Moving in a grid of cells by keyboard: arrows and Enter between cells, a letter chooses, Delete empties, Escape puts
// back. table[data-hr-cells] as in cells.js, which saves a cell on `change` and puts it back on `hr:restore`.
(() => {
  "use strict";
  const table = document.querySelector("table[data-hr-cells]");
  if (!table || !window.htmx) return;
  const rowOf = (cell) => cell.closest("tr[data-hr-row]");
  const find = (row, name) => row && row.querySelector(`[data-hr-cell="${name}"]`);
  const say = (cell, name) => cell.dispatchEvent(new Event(name, { bubbles: true }));

  function go(cell, rows, columns) {
    const row = rowOf(cell);
    if (columns) {
      const own = [...row.querySelectorAll("[data-hr-cell]")];
      return own[own.indexOf(cell) + columns];
    }
    let to = row;
    do { to = rows > 0 ? to.nextElementSibling : to.previousElementSibling; } while (to && !find(to, cell.dataset.hrCell));
    return find(to, cell.dataset.hrCell);
  }
  function choose(cell, value) {
    if (cell.value === value) return;
    cell.value = value;
    say(cell, "change");
  }
  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches("[data-hr-cell]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const isText = cell.matches("input");
    const atStart = !isText || (cell.selectionStart === 0 && (cell.selectionEnd === 0 || cell.selectionEnd === cell.value.length));
    const atEnd = !isText || cell.selectionEnd === cell.value.length;
    let to = null;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) to = go(cell, 1, 0) || cell;
    else if (event.key === "ArrowUp" || event.key === "Enter") to = go(cell, -1, 0) || cell;
    else if (event.key === "ArrowRight" && atEnd) to = go(cell, 0, 1);
    else if (event.key === "ArrowLeft" && atStart) to = go(cell, 0, -1);
    else if (event.key === "Escape") { say(cell, "hr:restore"); return; }
    else if (!isText && event.key.length === 1) {
      const letter = event.key.toLowerCase();
      const option = [...cell.options].find((one) => one.value && one.text.toLowerCase().startsWith(letter));
      if (!option) return;
      event.preventDefault();
      choose(cell, option.value);
      return;
    } else if (!isText && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      choose(cell, "");
      return;
    }
    if (!to) return;
    event.preventDefault();
    if (event.key === "Enter" || to === cell) say(cell, "change");
    if (to !== cell) to.focus();
  });
})();
