// What script adds to pages that work without it: search at Ctrl-K, keys in lists, kept focus, said changes.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const isTyping = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));
  const hasKeys = () => document.documentElement.dataset.keys === "on";

  /* Search dialog */
  const finder = byId("tim-nhanh");
  const words = byId("tim-chu");

  function openFinder(text) {
    if (!finder || finder.open) return;
    finder.showModal();
    if (text) { words.value = text; words.dispatchEvent(new Event("input", { bubbles: true })); }
    words.focus();
    words.select();
  }

  function hits() { return [...finder.querySelectorAll("#tim-thay a")]; }

  function step(list, by) {
    const at = list.indexOf(document.activeElement);
    const next = at + by;
    if (next < 0) return words.focus();
    (list[Math.min(next, list.length - 1)] || words).focus();
  }

  if (finder) {
    finder.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        step(hits(), event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && event.target === words && hits().length) {
        event.preventDefault();
        hits()[0].click();
      }
    });
    finder.addEventListener("click", (event) => { if (event.target === finder) finder.close(); });
    document.querySelectorAll("[data-opens=tim-nhanh]").forEach((form) => {
      form.addEventListener("submit", (event) => { event.preventDefault(); openFinder(form.elements.q.value); });
      form.addEventListener("input", () => { const text = form.elements.q.value; form.elements.q.value = ""; openFinder(text); });
    });
  }
  document.addEventListener("click", (event) => {
    const closer = event.target.closest && event.target.closest("[data-closes]");
    if (closer) byId(closer.dataset.closes).close();
  });

  /* Keys: Ctrl-K everywhere; "/" and j, k only while single keys are on, j and k only inside a list. */
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openFinder("");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !hasKeys()) return;
    if (event.key === "/") {
      event.preventDefault();
      const own = document.querySelector("main input[type=search]");
      if (own) own.focus(); else openFinder("");
    } else if (event.key === "j" || event.key === "k") {
      const row = event.target.closest("main .rows > li, main tbody tr, main [data-row]");
      if (!row) return;
      const rows = [...row.parentElement.children].filter((other) => other.querySelector("a, button, input, summary"));
      const next = rows[rows.indexOf(row) + (event.key === "j" ? 1 : -1)];
      if (next) { event.preventDefault(); next.querySelector("a, button, input, summary").focus(); }
    }
  });

  /* After a swap: focus returns to what has the same id; what changed is said politely. */
  let held = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    held = document.activeElement ? document.activeElement.id : "";
    const answer = event.detail.xhr;
    // A whole page instead of a part: the session ended, or the way led elsewhere. Go there.
    if (/^\s*<!doctype/i.test(answer.responseText)) {
      event.detail.shouldSwap = false;
      window.location.assign(answer.responseURL || window.location.href);
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const again = held && byId(held);
    if (again && document.activeElement !== again && !event.detail.target.contains(document.activeElement)) again.focus({ preventScroll: true });
    const said = event.detail.target.querySelector("[data-said]");
    if (said) byId("noi-ra").textContent = said.dataset.said;
  });

  /* Text that was typed and not sent is not lost without a question. */
  const touched = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    // Asked as an attribute: a field may itself be called "method".
    if (form && /^post$/i.test(form.getAttribute("method") || "") && form.closest("main") && !("unguarded" in form.dataset)) touched.add(form);
  });
  document.addEventListener("submit", (event) => touched.delete(event.target));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) touched.delete(event.target); });
  window.addEventListener("beforeunload", (event) => {
    if ([...touched].some((form) => form.isConnected)) event.preventDefault();
  });

  /* A choice that takes effect at once sends its form; the button beside it is for those without script. */
  document.addEventListener("change", (event) => {
    const form = event.target.closest && event.target.closest("form[data-sends-itself]");
    if (form) form.requestSubmit();
  });
  document.querySelectorAll("[data-prints]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
