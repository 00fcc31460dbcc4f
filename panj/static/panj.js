// Light and dark, tables that scroll, copying, the filter of the long lists, and the box of the evidence. Pages read well without this file.
(() => {
  // Light or dark: the page's own script (skeleton.py) has set what the reader chose last or the system asks for.
  const page = document.documentElement;
  const switcher = document.querySelector(".panj-theme");
  const paint = (theme) => {
    page.dataset.theme = theme;
    for (const sheet of document.querySelectorAll("link[data-dark]")) sheet.media = theme === "dark" ? "screen" : "not all";
    switcher.setAttribute("aria-pressed", theme === "dark");
  };
  paint(page.dataset.theme);
  switcher.addEventListener("click", () => {
    const theme = page.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("panj-theme", theme); } catch { /* storage can be switched off */ }
    paint(theme);
  });

  // A menu that lies over the page gives way to what it led to.
  document.addEventListener("click", ({ target }) => {
    const menu = target.closest(".panj-nav a") && target.closest(":popover-open");
    if (menu) menu.hidePopover();
  });

  // A box around a table is a stop for the keyboard only while there is something to scroll.
  const sized = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      const wide = target.scrollWidth > target.clientWidth;
      target.role = wide ? "region" : "group";
      wide ? target.setAttribute("tabindex", "0") : target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".panj-scroll").forEach((box) => sized.observe(box));

  // Copy a cell's code, or a citation. Hosts without https, and folders, have no clipboard: there the code is selected instead.
  for (const code of document.querySelectorAll(".cell_input pre, .panj-cite pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "panj-copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(code);
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Selected";
      }
    });
    code.after(button);
  }

  // Sphinx's search quotes pages: from sentences, not from cells and code run together, and from a server's
  // pages alone, because a browser lets no page read the files of a folder.
  if (typeof Search !== "undefined") {
    const { htmlToText } = Search;
    Search.htmlToText = (page, anchor) =>
      htmlToText(page.replace(/<(table|pre)\b[^]*?<\/\1>/g, " ").replace(/<\/(li|p|dt|dd|h\d|option)>/g, "$& "), anchor);
    if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  // The filter of a long list: each field of the form names one data attribute of the entries.
  const form = document.querySelector(".panj-filter");
  if (form) {
    form.hidden = false;
    const cards = [...document.querySelectorAll(".panj-ledger > li")];
    const filter = () => {
      const { words, ...wanted } = Object.fromEntries(new FormData(form));
      const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const card of cards) {
        const text = card.textContent.toLowerCase();
        card.hidden = !(Object.entries(wanted).every(([k, v]) => !v || card.dataset[k].split(" ").includes(v))
          && asked.every((word) => text.includes(word)));
        shown += !card.hidden;
      }
      form.querySelector("output").textContent = `${shown} of ${cards.length} ${form.dataset.what}`;
    };
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("pageshow", filter); // the browser keeps the fields when a reader comes back
    // A link to an entry must reach it even when the filter hides it.
    addEventListener("hashchange", () => {
      const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (card?.hidden) { form.reset(); filter(); card.scrollIntoView(); }
    });
  }

  // What stands behind a link to the evidence, on hover and on focus; Escape closes it.
  // Without this file the browser shows the title on hover, and the link works as it is.
  const tip = document.createElement("div");
  tip.id = "panj-tip";
  tip.role = "tooltip";
  tip.hidden = true;
  document.body.append(tip);
  let closing;
  const close = () => { tip.hidden = true; };
  const closeSoon = () => { closing = setTimeout(close, 250); };
  const open = (anchor) => {
    clearTimeout(closing);
    tip.textContent = anchor.dataset.about;
    tip.hidden = false;
    tip.style.left = "0"; // where it stood last time must not narrow it
    const lines = [...anchor.getClientRects()];
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(lines[0].left, room)) + scrollX}px`;
    const below = lines.at(-1).bottom + 6;
    const above = lines[0].top - tip.offsetHeight - 6;
    tip.style.top = `${(below + tip.offsetHeight > innerHeight && above > 0 ? above : below) + scrollY}px`;
  };
  for (const anchor of document.querySelectorAll("a[title]:is(.panj-claim, .panj-source)")) {
    anchor.dataset.about = anchor.title;
    anchor.removeAttribute("title");
    anchor.setAttribute("aria-describedby", tip.id);
    anchor.addEventListener("focus", () => open(anchor));
    anchor.addEventListener("blur", close);
    anchor.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") open(anchor); });
    anchor.addEventListener("pointerleave", closeSoon);
  }
  tip.addEventListener("pointerenter", () => clearTimeout(closing));
  tip.addEventListener("pointerleave", closeSoon);
  addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
})();
