// Keyboard helps for tables: frames that scroll take the focus, and in a matrix the arrows move
// from cell to cell.
document.querySelectorAll(".table-wrap, .matrix-wrap").forEach((frame) => {
  const scrolls = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
  if (!scrolls || frame.hasAttribute("tabindex")) return;
  frame.tabIndex = 0;
  if (!frame.hasAttribute("aria-label")) {
    frame.setAttribute("role", "group");
    const heading = frame.querySelector("caption") ?? document.querySelector("h1");
    if (heading) frame.setAttribute("aria-label", heading.textContent.trim());
  }
});

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(".matrix :is(td, th)");
  const step = STEPS[event.key];
  if (!cell || !step || event.ctrlKey || event.altKey || event.metaKey) return;
  const turn = document.dir === "rtl" ? -1 : 1;
  const rows = [...cell.closest("table").rows];
  const row = rows[rows.indexOf(cell.parentElement) + step[0]];
  const next = row?.cells[cell.cellIndex + step[1] * turn]?.querySelector("a, button");
  if (!next) return;
  event.preventDefault();
  next.focus();
});
