// Sends each answer to the server as it is given, and keeps what could not be sent in this browser
// until it can. The page's forms do the same without script.
//
// <form data-answers="URL" data-key="ATTEMPT"> holds fieldsets [data-item="ID"]; a change sends
// {item, answer, note} of its fieldset. [data-save-state] shows how it stands.

const form = document.querySelector("form[data-answers]");
const state = document.querySelector("[data-save-state]");

if (form && state) start();

function start() {
  const storageKey = `guildmark-answers-${form.dataset.key}`;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let waiting = read();
  let sending = false;
  let delay = 1000;
  let timer;

  function read() {
    try {
      return JSON.parse(localStorage.getItem(storageKey)) ?? {};
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      if (Object.keys(waiting).length) localStorage.setItem(storageKey, JSON.stringify(waiting));
      else localStorage.removeItem(storageKey);
    } catch {
      // Without storage an unsent answer lives as long as the page.
    }
  }

  function show(kind, text) {
    state.dataset.kind = kind;
    state.textContent = text ?? state.dataset[kind];
  }

  function valueOf(fieldset) {
    const chosen = [...fieldset.querySelectorAll("input[data-answer]:checked")];
    const typed = fieldset.querySelector("input[data-answer]:not([type=radio], [type=checkbox])");
    const note = fieldset.querySelector("[data-note]");
    let answer = null;
    if (typed) answer = typed.value;
    else if (fieldset.dataset.many !== undefined) answer = chosen.map((input) => input.value);
    else answer = chosen[0]?.value ?? null;
    return { item: fieldset.dataset.item, answer, note: note?.value ?? "" };
  }

  function restore() {
    for (const entry of Object.values(waiting)) {
      const fieldset = form.querySelector(`[data-item="${CSS.escape(entry.item)}"]`);
      if (!fieldset) continue;
      const wanted = [entry.answer].flat().map(String);
      for (const input of fieldset.querySelectorAll("input[data-answer]")) {
        if (["radio", "checkbox"].includes(input.type)) input.checked = wanted.includes(input.value);
        else input.value = entry.answer ?? "";
      }
      const note = fieldset.querySelector("[data-note]");
      if (note) note.value = entry.note ?? "";
    }
  }

  async function send() {
    if (sending) return;
    const [item] = Object.keys(waiting);
    if (item === undefined) {
      show("saved");
      return;
    }
    sending = true;
    show("saving");
    const entry = waiting[item];
    try {
      const response = await fetch(form.dataset.answers, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(entry),
        signal: AbortSignal.timeout(10000),
      });
      if (response.ok) {
        delay = 1000;
        // A newer answer to the same question may have been given meanwhile.
        if (waiting[item] === entry) delete waiting[item];
        keep();
      } else if (response.status === 409) {
        waiting = {};
        keep();
        show("closed", (await response.json()).message);
        location.reload();
        return;
      } else if (response.status === 422 || response.status === 404) {
        if (waiting[item] === entry) delete waiting[item];
        keep();
        show("refused", (await response.json()).message);
        return;
      } else {
        throw new Error(String(response.status));
      }
    } catch {
      show("unsaved");
      clearTimeout(timer);
      timer = setTimeout(send, delay);
      delay = Math.min(delay * 2, 15000);
      return;
    } finally {
      sending = false;
    }
    send();
  }

  function changed(event) {
    const fieldset = event.target.closest("[data-item]");
    if (!fieldset) return;
    waiting[fieldset.dataset.item] = valueOf(fieldset);
    keep();
    send();
  }

  restore();
  form.addEventListener("change", changed);
  let typing;
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input[type=text], textarea")) return;
    clearTimeout(typing);
    typing = setTimeout(() => changed(event), 600);
  });
  window.addEventListener("online", send);
  send();
}

// A clock that counts down to the server's end; the time itself stands beside it as text.
const clock = document.querySelector("[data-seconds-left]");
if (clock) {
  const end = performance.now() + Number(clock.dataset.secondsLeft) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) location.reload();
    else setTimeout(tick, 1000);
  };
  tick();
}
