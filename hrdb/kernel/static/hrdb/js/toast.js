// Short words near the eye: notes can be closed; a response header HX-Trigger {"hr:toast": {"text": "...", "tone": "good"}} says one.
(() => {
  "use strict";
  function closable(note) {
    if (note.querySelector("[data-hr-close]")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.hrClose = "";
    button.setAttribute("aria-label", "Đóng thông báo");
    button.textContent = "×";
    button.addEventListener("click", () => note.remove());
    note.append(button);
  }
  function all() { document.querySelectorAll("[data-hr-note]").forEach(closable); }
  function say(text, tone, stays) {
    const note = document.createElement("div");
    note.className = `note ${tone || "good"}`;
    const dot = document.createElement("span");
    dot.setAttribute("aria-hidden", "true");
    dot.textContent = tone === "bad" ? "!" : "✓";
    const words = document.createElement("div");
    words.textContent = text;
    note.append(dot, words);
    closable(note);
    document.getElementById("toasts").append(note);
    if (!stays) setTimeout(() => note.remove(), 6000);
  }
  document.addEventListener("hr:toast", (event) => say(event.detail.text || String(event.detail.value || ""), event.detail.tone, event.detail.stays));
  document.addEventListener("htmx:afterSettle", all);
  document.addEventListener("htmx:responseError", (event) => {
    const code = event.detail.xhr.status;
    say(code === 403 ? "Không có quyền làm việc này." : code === 404 ? "Không tìm thấy, hoặc nằm ngoài phạm vi được xem." : "Máy chủ chưa trả lời được. Hãy thử lại.", "bad");
  });
  document.addEventListener("htmx:sendError", () => say("Mất kết nối với máy chủ. Những gì đã gõ vẫn còn; hãy thử lại.", "bad"));
  all();
})();
