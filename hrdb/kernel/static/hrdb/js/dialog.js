// Native dialogs: data-hr-dialog="ID" opens, data-hr-dialog-close closes.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-hr-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.hrDialog);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
      return;
    }
    const closer = event.target.closest("[data-hr-dialog-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
  });
})();
