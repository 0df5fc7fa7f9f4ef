/* What a script adds to pages that already work without one. Each part looks for its own marks in the page and does nothing without them. */

/** Menus (<details class="menu">): one open at a time, closed by Escape or by a click elsewhere. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details.menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
    return;
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const field = document.querySelector("[data-search]");
  const link = document.querySelector("[data-search-key]");
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.focus();
  else link.click();
});

/** The choice of light or dark: applied at once, and kept by the form behind it. */
function wireTheme() {
  const form = document.querySelector("[data-theme-form]");
  const sheet = document.querySelector("link[data-dark]");
  if (!form || !sheet) return;
  const media = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    sheet.media = media[button.value];
    document.documentElement.dataset.theme = button.value;
    document.querySelector("meta[name=color-scheme]").content = button.value === "auto" ? "light dark" : button.value;
    for (const other of form.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", String(other === button));
    fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
  });
}

/** A form that was changed asks before the page is left; a form that was sent is not sent twice. */
function wireForms() {
  let changed = null;
  for (const form of document.querySelectorAll("form[data-guard][method=post]")) {
    form.addEventListener("input", () => (changed = form));
  }
  for (const form of document.querySelectorAll("form[method=post]:not([data-theme-form])")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      changed = null;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  // Back from the next page: the browser shows this one again as it was, and it may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}

/** Filters answer as soon as they are changed; their button is for those without a script. */
function wireFilters() {
  for (const form of document.querySelectorAll("form[data-autosubmit]")) {
    for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
    form.addEventListener("change", () => form.requestSubmit());
  }
}

/** Copy buttons beside a read-only address. */
function wireCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      say(button.dataset.done);
    });
  }
}

/** The button that prints the page: the browser's own command does without it. */
function wirePrints() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

/** A link or button that opens a <dialog> already in the page: data-dialog="its id". */
function wireDialogs() {
  for (const opener of document.querySelectorAll("[data-dialog]")) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) continue;
    opener.hidden = false;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) {
        event.preventDefault();
        dialog.close();
      }
    });
  }
}

/** Says a sentence: shown for a while, and read aloud. */
function say(sentence, kind = "success") {
  const region = document.querySelector(".flashes");
  if (!region || !sentence) return;
  const box = document.createElement("div");
  box.className = `notice notice-${kind}`;
  const words = document.createElement("p");
  words.textContent = sentence;
  box.append(words);
  region.replaceChildren(box);
  region.scrollIntoView({ block: "nearest" });
}

/** After a refusal, the reader is put on what is to be corrected. */
function focusFirst() {
  document.querySelector("[data-focus]")?.focus();
}

document.addEventListener("coopshare:say", (event) => say(event.detail.sentence, event.detail.kind));
wireTheme();
wireForms();
wireFilters();
wireCopies();
wirePrints();
wireDialogs();
focusFirst();
