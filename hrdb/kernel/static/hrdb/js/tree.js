// Trees by keyboard: up and down walk the open nodes, right opens, left closes or goes to the parent, Enter follows.
// Who goes on by «more» goes on from the first of the nodes that came.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    const tree = event.target.closest ? event.target.closest("[data-hr-tree]") : null;
    if (!tree || event.ctrlKey || event.altKey || event.metaKey) return;
    const links = [...tree.querySelectorAll(".node a")].filter((link) => link.checkVisibility());
    const at = links.indexOf(event.target.closest("li").querySelector(".node a"));
    const item = links[at].closest("li");
    const branch = item.querySelector(":scope > details");
    const go = (link) => { if (link) { event.preventDefault(); link.focus(); } };
    if (event.key === "ArrowDown") go(links[at + 1]);
    else if (event.key === "ArrowUp") go(links[at - 1]);
    else if (event.key === "Home") go(links[0]);
    else if (event.key === "End") go(links[links.length - 1]);
    else if (event.key === "ArrowRight" && branch) { if (branch.open) go(links[at + 1]); else { event.preventDefault(); branch.open = true; } }
    else if (event.key === "ArrowLeft") {
      if (branch && branch.open) { event.preventDefault(); branch.open = false; }
      else { const parent = item.parentElement.closest("li"); if (parent) go(parent.querySelector(".node a")); }
    }
  });
  let before = null, list = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const more = event.detail.requestConfig.elt;
    if (!more.matches("[data-hr-tree-more]")) return;
    const item = more.closest("li");
    [before, list] = [item.previousElementSibling, item.parentElement];
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!list) return;
    const first = before ? before.nextElementSibling : list.firstElementChild;
    const link = first && first.querySelector(".node a");
    if (link) link.focus();
    before = list = null;
  });
})();
