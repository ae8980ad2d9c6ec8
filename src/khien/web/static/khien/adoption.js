// Own texts: j and k step through the places to look at, over the pages; a file may be dropped on its field.
"use strict";
(() => {
  const doubts = [...document.querySelectorAll("[data-doubt]")];
  const onward = document.querySelector("[data-next-page]");
  const isTyping = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

  // Where nothing is focused, the row that the address names is where one stands.
  function before(by) {
    const row = document.querySelector(".beside-row:target");
    const after = row ? doubts.findIndex((one) => row.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) : 0;
    const at = after < 0 ? doubts.length : after;
    return by > 0 ? at - 1 : row ? at : doubts.length;
  }

  function step(by) {
    const held = document.activeElement ? document.activeElement.closest("[data-doubt]") : null;
    const at = held ? doubts.indexOf(held) : before(by);
    const next = doubts[at + by];
    if (next) { next.focus(); next.scrollIntoView({ block: "center" }); return; }
    if (by > 0 && onward) window.location.assign(onward.href);
  }

  const button = document.querySelector("[data-next-doubt]");
  if (button && (doubts.length || onward)) {
    button.hidden = false;
    button.addEventListener("click", (event) => { event.preventDefault(); step(1); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.documentElement.dataset.keys !== "on") return;
    if (event.key !== "j" && event.key !== "k") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    step(event.key === "j" ? 1 : -1);
  }, true);

  for (const area of document.querySelectorAll("[data-drop]")) {
    const field = area.querySelector("input[type=file]");
    area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
    area.addEventListener("dragleave", () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("over");
      if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
    });
  }
})();
