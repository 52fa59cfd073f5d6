"use strict";
// The review of a story, saved while it is written and walked through with single keys. Without this the same form is sent.

const review = document.getElementById("review");
if (review) {
  linkMarks(review);
  ruleByWords(review);
  walkByKeys(review);
  if (review.elements.text) keepSaved(review);
  keepOthers(document.getElementById("others"));
}

/** Sends the form a moment after each change, and puts what is answered in its place. */
function keepSaved(form) {
  const MOMENT = 900, LATER = 5000, OF_DECISIONS = new Set(["reason", "further", "note", "agreed"]);
  const said = document.getElementById("saved"), text = form.elements.text;
  let timer, sending = false, changed = false, stopped = false, leaving = null;

  const later = wait => { clearTimeout(timer); if (!stopped) timer = setTimeout(save, wait); };

  async function save() {
    clearTimeout(timer);
    if (sending || stopped || !changed) return;
    sending = true;
    changed = false;
    const written = text.value, fields = new FormData(form);
    fields.set("by_itself", "true");
    let wait = MOMENT;
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields });
      take(new DOMParser().parseFromString(await answer.text(), "text/html"), answer.ok, written);
      if (!answer.ok) stopped = changed = true;
      else if (changed) said.textContent = "Not saved yet";
    } catch {
      [changed, wait, leaving] = [true, LATER, null];
      said.textContent = "Not saved yet: the desk cannot be reached. It is tried again.";
    }
    sending = false;
    if (leaving) form.requestSubmit(leaving);
    else if (changed) later(wait);
  }

  function take(answer, saved, written) {
    const parts = answer.querySelectorAll("[data-part]");
    if (!parts.length) said.textContent = "Not saved: you may be signed out. Copy what you wrote before you sign in again.";
    for (const part of parts) document.getElementById(part.dataset.part)?.replaceChildren(...part.childNodes);
    const made = answer.querySelector("textarea[name=text]");
    if (saved && made && text.value === written && made.value.trim() !== written.trim()) text.value = made.value;
  }

  const onChange = wait => event => {
    if (stopped || OF_DECISIONS.has(event.target.name)) return;
    changed = true;
    said.textContent = "Not saved yet";
    later(wait);
  };
  form.addEventListener("input", onChange(MOMENT));
  form.addEventListener("change", onChange(0));
  form.addEventListener("submit", event => {
    clearTimeout(timer);
    leaving = null;
    if (sending) {
      event.preventDefault();
      leaving = event.submitter;
    } else {
      changed = false;
    }
  });
  addEventListener("beforeunload", event => { if (changed) event.preventDefault(); });
}

/** Who else is here is asked for now and then. Where nobody is signed in any more, that is said; no problem empties it. */
function keepOthers(others) {
  others.addEventListener("htmx:before:swap", event => {
    const answer = event.detail.ctx.response.raw;
    if (answer.ok && !answer.redirected) return;
    event.preventDefault();
    if (!answer.redirected || others.querySelector(".warn")) return;
    const said = document.createElement("p");
    said.className = "note warn";
    said.textContent = "You are signed out. Copy what you wrote before you sign in again.";
    others.querySelector("[role=status]").append(said);
  });
}

/** A mark in the text and its entry in the list show each other. */
function linkMarks(form) {
  const pairOf = element => {
    const number = element?.closest?.("#sent mark, .entry")?.id.slice(1);
    return number ? [document.getElementById(`m${number}`), document.getElementById(`i${number}`)] : [];
  };
  const show = event => {
    for (const one of form.querySelectorAll(".lit")) one.classList.remove("lit");
    const [mark, entry] = pairOf(event.target);
    mark?.classList.add("lit");
    entry?.classList.add("lit");
    if (event.type === "focusin") (event.target.closest("mark") ? entry : mark)?.scrollIntoView({ block: "nearest" });
  };
  form.addEventListener("focusin", show);
  form.addEventListener("mouseover", event => { if (event.target.closest("#sent mark, .entry")) show(event); });
  form.addEventListener("change", event => {
    const [mark] = pairOf(event.target);
    if (mark && event.target.type === "radio") mark.classList.toggle("dismissed", event.target.value === "dismissed");
  });
}

/** Own words are a change; to accept is to take the words proposed. */
function ruleByWords(form) {
  form.addEventListener("input", event => {
    if (event.target.name?.startsWith("wording-")) choose(event.target.closest(".entry"), "changed");
  });
  form.addEventListener("change", event => {
    const entry = event.target.closest(".entry");
    if (event.target.type === "radio" && event.target.value === "accepted") wordsOf(entry).value = entry.dataset.proposed;
  });
}

const choose = (entry, ruling) => { entry.querySelector(`input[value=${ruling}]`).checked = true; };
const wordsOf = entry => entry.querySelector("input:not([type=radio])");

/** One key, one step: from identifier to identifier, and what is said of each. They can be switched off (WCAG 2.1.4). */
function walkByKeys(form) {
  const KEPT = "single-keys", on = document.getElementById("keys-on");
  const keys = document.getElementById("keys"), open = document.getElementById("keys-open");
  const further = form.elements.further, entries = [...form.querySelectorAll(".entry")];
  const current = () => document.activeElement.closest(".entry") ?? pairedWith(document.activeElement.closest("#sent mark"));
  const pairedWith = mark => mark && document.getElementById(`i${mark.id.slice(1)}`);
  const rulingOf = entry => entry.querySelector("input[type=radio]:checked")?.value;

  let last = entries[0];

  function go(entry) {
    if (!entry) return;
    last = entry;
    entry.focus();
    entry.scrollIntoView({ block: "nearest" });
  }
  function step(by) {
    const at = entries.indexOf(current());
    go(entries[at < 0 ? 0 : Math.min(Math.max(at + by, 0), entries.length - 1)]);
  }
  function goOn(entry) {
    const rest = entries.slice(entries.indexOf(entry) + 1);
    go(rest.find(one => !rulingOf(one)) ?? entry);
  }
  function rule(ruling) {
    const entry = current(), radio = entry?.querySelector(`input[value=${ruling}]`);
    if (!radio || radio.disabled) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    if (ruling === "changed") wordsOf(entry).select();
    else goOn(entry);
  }
  const does = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    a: () => rule("accepted"), c: () => rule("changed"), d: () => rule("dismissed"),
    s: () => form.elements.text?.focus(), m: () => further?.value ? form.requestSubmit(further.nextElementSibling) : further?.focus(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", event => {
    const at = event.target, writes = at.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (event.key === "Escape" && writes && form.contains(at)) return entries.length ? go(at.closest(".entry") ?? last) : at.blur();
    if (event.key === "Enter" && at.matches(".entry input")) {
      event.preventDefault();
      return goOn(at.closest(".entry"));
    }
    if (writes || !on.checked || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = event.key.startsWith("Arrow");
    if (!does[event.key] || (arrow && !at.matches(".entry, #sent mark a"))) return;
    event.preventDefault();
    does[event.key]();
  });

  on.checked = localStorage.getItem(KEPT) !== "off";
  on.addEventListener("change", () => localStorage.setItem(KEPT, on.checked ? "on" : "off"));
  open.hidden = false;
  open.addEventListener("click", () => keys.showModal());
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    if (!further || chosen.isCollapsed || !document.getElementById("sent")?.contains(chosen.anchorNode)) return;
    further.value = chosen.toString().replace(/\s+/g, " ").trim();
  });
  document.getElementById("by-selecting")?.removeAttribute("hidden");
  if (entries.length && location.hash.startsWith("#i")) go(document.getElementById(location.hash.slice(1)));
}
