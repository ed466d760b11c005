// A grid of cells that save themselves: one after the other, again when the network was away; nothing typed is lost.
// table[data-hr-cells] with data-hr-url; tr[data-hr-row][data-hr-version]; controls [data-hr-cell]; the words go to
// [data-hr-cells-bar]. The answer carries an event hr:cell {row, version, values, wrong, refused} in its header.
(() => {
  "use strict";
  const table = document.querySelector("table[data-hr-cells]");
  if (!table || !window.htmx) return;
  const bar = document.querySelector("[data-hr-cells-bar]");
  const sender = document.querySelector("[data-hr-cells-sender]");
  const rest = bar.innerHTML;
  const kept = new WeakMap(); // what the server holds of each control
  const queue = []; // controls that wait, the one that is being sent first
  let sent = null, answered = null, wait = 0, timer = 0, isClosed = false;

  const cells = () => [...table.querySelectorAll("[data-hr-cell]")];
  const rowOf = (cell) => cell.closest("tr[data-hr-row]");
  const isDirty = (cell) => cell.value !== kept.get(cell);
  const find = (row, name) => row && row.querySelector(`[data-hr-cell="${name}"]`);
  cells().forEach((cell) => kept.set(cell, cell.value));

  function mark(cell, state, why) {
    cell.dataset.hrState = state;
    const words = { waiting: "chưa lưu", saving: "đang lưu", saved: "đã lưu", failed: "lỗi" }[state] || "";
    cell.title = why || words;
    if (state === "failed") cell.setAttribute("aria-invalid", "true"); else cell.removeAttribute("aria-invalid");
  }
  function tell(text, tone) {
    bar.dataset.tone = tone || "";
    bar.textContent = text;
  }
  function report() {
    const refused = cells().filter((cell) => cell.dataset.hrState === "failed");
    const open = queue.length;
    history.replaceState({ ...(history.state || {}), hrUnsaved: open }, "");
    if (isClosed) tell(`Phiên làm việc đã hết: ${open} ô chưa lưu, vẫn còn ở đây. Đăng nhập ở thẻ mới rồi bấm Enter tại một ô.`, "bad");
    else if (open && wait) tell(`Mất kết nối: ${open} ô chưa lưu, đang thử lại. Đừng đóng trang này.`, "bad");
    else if (open) tell(`Đang lưu ${open} ô…`, "");
    else if (refused.length) tell(`${refused.length} ô chưa được nhận: ${refused[0].title}`, "bad");
    else tell("Đã lưu mọi ô.", "good");
  }
  function put(cell) {
    if (!isDirty(cell) && cell.dataset.hrState !== "failed") return;
    if (!queue.includes(cell)) queue.push(cell);
    mark(cell, "waiting");
    isClosed = false;
    report();
    next();
  }
  function next() {
    if (sent || !queue.length) return;
    clearTimeout(timer);
    sent = queue[0];
    answered = null;
    mark(sent, "saving");
    sent.dataset.hrSent = sent.value;
    const row = rowOf(sent);
    const values = { row: row.dataset.hrRow, version: row.dataset.hrVersion, field: sent.dataset.hrCell, value: sent.value };
    window.htmx.ajax("POST", table.dataset.hrUrl, { source: sender, target: "#checks", swap: "outerHTML", values }).catch(() => {});
  }
  function later() {
    wait = Math.min(wait ? wait * 2 : 1500, 30000);
    mark(sent, "waiting");
    sent = null;
    clearTimeout(timer);
    timer = setTimeout(next, wait);
    report();
  }
  function done(told, refusal) {
    const cell = sent, row = rowOf(cell);
    sent = null;
    wait = 0;
    queue.splice(queue.indexOf(cell), 1);
    if (told) {
      row.dataset.hrVersion = told.version;
      Object.entries(told.values).forEach(([name, value]) => {
        const other = find(row, name);
        if (!other) return;
        const wasClean = other !== cell && !isDirty(other);
        kept.set(other, value);
        if (!wasClean || other.value === value) return;
        other.value = value;
        if (other === document.activeElement && other.select) other.select();
      });
      const note = row.querySelector("[data-hr-row-note]");
      if (note) note.textContent = told.wrong;
    }
    if (refusal) mark(cell, "failed", refusal);
    else if (cell.value !== cell.dataset.hrSent) queue.push(cell); // typed on meanwhile
    else {
      if (cell.value !== kept.get(cell)) cell.value = kept.get(cell);
      mark(cell, "saved");
    }
    report();
    next();
  }
  async function refreshToken() {
    const answer = await fetch("/alive/", { redirect: "manual", headers: { Accept: "application/json" } });
    if (!answer.ok) return false;
    const { token } = await answer.json();
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return true;
  }
  document.addEventListener("hr:cell", (event) => { answered = event.detail; });
  sender.addEventListener("htmx:afterRequest", async (event) => {
    if (!sent) return;
    const { status } = event.detail.xhr;
    if (answered) done(answered, answered.refused);
    else if (status === 0 || status >= 500 || status === 429) later();
    else if (status === 404) done(null, "Không còn nhập được cho người này.");
    else {
      // Another page answered, or the token is of a session that is over.
      const lives = await refreshToken().catch(() => null);
      if (lives && !sent.dataset.hrAgain) { sent.dataset.hrAgain = "yes"; wait = 0; later(); return; }
      mark(sent, "waiting");
      sent = null;
      isClosed = true;
      report();
    }
    if (sent) delete sent.dataset.hrAgain;
  });
  sender.addEventListener("htmx:beforeSwap", (event) => {
    if (!answered) event.detail.shouldSwap = false;
  });
  window.addEventListener("online", () => { if (!sent && queue.length) { clearTimeout(timer); next(); } });
  window.addEventListener("beforeunload", (event) => { if (queue.length) event.preventDefault(); });
  table.addEventListener("change", (event) => { if (event.target.matches("[data-hr-cell]")) put(event.target); });
  table.addEventListener("input", (event) => {
    if (event.target.matches("[data-hr-cell]")) mark(event.target, isDirty(event.target) ? "waiting" : "");
  });
  table.addEventListener("focusin", (event) => { if (event.target.matches("input[data-hr-cell]")) event.target.select(); });
  table.addEventListener("hr:restore", ({ target }) => { target.value = kept.get(target); mark(target, ""); report(); });
  // A form sent whole would send cells again that save themselves.
  const form = table.closest("form");
  if (form) form.addEventListener("submit", (event) => event.preventDefault());
  const before = (history.state || {}).hrUnsaved;
  if (before) {
    history.replaceState({ ...history.state, hrUnsaved: 0 }, "");
    tell(`Trang vừa được tải lại khi còn ${before} ô chưa lưu; những ô ấy hiện đúng như máy chủ đang giữ. Hãy kiểm tra và gõ lại.`, "bad");
  } else bar.innerHTML = rest;
})();
