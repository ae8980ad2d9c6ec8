// Keys of the review: what an element's data-key names, presses it. Nothing is known here of what it does.
"use strict";
(() => {
  const hasKeys = () => document.documentElement.dataset.keys === "on";
  const isField = (node) => node.closest("input, textarea, select");
  const isPressed = (node) => node.closest("a, button, summary");

  const named = (key) => {
    for (const node of document.querySelectorAll("[data-key]")) {
      if (node.dataset.key.split(" ").includes(key) && node.offsetParent !== null) return node;
    }
    return null;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    const target = event.target;
    if (document.querySelector("dialog[open]")) return;
    if (isField(target)) {
      if (event.key === "Escape") { target.blur(); event.preventDefault(); }
      return;
    }
    if (!hasKeys() && event.key !== "Enter") return;
    if (event.key === "Enter" && isPressed(target)) return;
    const focus = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    if (focus) {
      focus.focus();
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const node = named(event.key);
    if (!node) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (node instanceof HTMLDetailsElement) node.open = !node.open;
    else node.click();
  }, true);
})();
