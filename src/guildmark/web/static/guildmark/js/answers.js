// Sends each answer to the server as it is given, and keeps what could not be sent in this browser
// until it can. The page's forms do the same without script.
//
// <form data-answers="URL" data-key="ATTEMPT" data-now="MS"> holds fieldsets [data-item="ID"], each
// with data-saved-at="MS" when an answer is on the server and a [data-problem] for what is wrong
// with it. A change sends {item, answer, note} of its fieldset. [data-save-state] shows in words
// how it stands.

const form = document.querySelector("form[data-answers]");
const state = document.querySelector("[data-save-state]");

// The server's clock in milliseconds; this device's may be wrong by hours.
const skew = form ? Date.now() - Number(form.dataset.now) : 0;
const serverTime = () => Date.now() - skew;

const answers = form && state ? start() : null;

function start() {
  const storageKey = `guildmark-answers-${form.dataset.key}`;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  // By item: what is not on the server yet. `held` is what the server refused as it stands: it is
  // kept for the person to mend, and not sent again unchanged.
  let waiting = read();
  let sending = false;
  let isClosed = false;
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
    const words = text ?? state.dataset[kind];
    if (state.dataset.kind === kind && state.textContent === words) return;
    state.dataset.kind = kind;
    state.textContent = words;
  }

  function offerReload(kind) {
    show(kind);
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = state.dataset.again;
    state.append(" ", link);
  }

  function fieldsetOf(item) {
    return form.querySelector(`[data-item="${CSS.escape(item)}"]`);
  }

  function showProblem(item, text) {
    const fieldset = fieldsetOf(item);
    const problem = fieldset?.querySelector("[data-problem]");
    if (!problem) return;
    problem.textContent = text;
    problem.hidden = !text;
    const typed = fieldset.querySelector("input[type=text][data-answer]");
    if (!typed) return;
    if (text) {
      typed.setAttribute("aria-invalid", "true");
      typed.setAttribute("aria-describedby", problem.id);
    } else {
      typed.removeAttribute("aria-invalid");
      typed.removeAttribute("aria-describedby");
    }
  }

  function valueOf(fieldset) {
    const chosen = [...fieldset.querySelectorAll("input[data-answer]:checked")];
    const typed = fieldset.querySelector("input[type=text][data-answer]");
    const note = fieldset.querySelector("[data-note]");
    let answer = null;
    if (typed) answer = typed.value;
    else if (fieldset.dataset.many !== undefined) answer = chosen.map((input) => input.value);
    else answer = chosen[0]?.value ?? null;
    return { item: fieldset.dataset.item, answer, note: note?.value ?? "", at: serverTime() };
  }

  function isBlank() {
    return ![...form.querySelectorAll("[data-item]")].some((one) => valueOf(one).answer?.length);
  }

  function restore() {
    for (const [item, entry] of Object.entries(waiting)) {
      const fieldset = fieldsetOf(item);
      // Gone from the page, or answered again since, on another device or without script.
      if (!fieldset || Number(fieldset.dataset.savedAt ?? 0) >= entry.at) {
        delete waiting[item];
        continue;
      }
      const wanted = [entry.answer].flat().map(String);
      for (const input of fieldset.querySelectorAll("input[data-answer]")) {
        if (["radio", "checkbox"].includes(input.type)) input.checked = wanted.includes(input.value);
        else input.value = entry.answer ?? "";
      }
      const note = fieldset.querySelector("[data-note]");
      if (note) note.value = entry.note ?? "";
      entry.held = false;
    }
    keep();
  }

  function settle() {
    const held = Object.keys(waiting).length;
    if (held) show("refused", `${state.dataset.refused} (${held})`);
    else show(isBlank() ? "blank" : "saved");
  }

  async function send() {
    clearTimeout(timer);
    if (sending || isClosed) return;
    const entry = Object.values(waiting).find((one) => !one.held);
    if (!entry) {
      settle();
      return;
    }
    sending = true;
    show("saving");
    let goOn = true;
    try {
      goOn = await post(entry);
      if (goOn) delay = 1000;
    } catch {
      show("unsaved", `${state.dataset.unsaved} (${Object.keys(waiting).length})`);
      timer = setTimeout(send, delay);
      delay = Math.min(delay * 2, 15000);
      goOn = false;
    } finally {
      sending = false;
    }
    if (goOn) send();
  }

  // Whether to go on with the next; throws where trying again may help.
  async function post(entry) {
    const { item, answer, note } = entry;
    const response = await fetch(form.dataset.answers, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ item, answer, note }),
      // A sign-in page in place of an answer must not pass for saved.
      redirect: "manual",
      keepalive: true,
      signal: AbortSignal.timeout(10000),
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.type === "opaqueredirect" || (response.status === 403 && !isJson)) {
      offerReload("signedOut");
      return false;
    }
    if (!isJson) throw new Error(String(response.status));
    const { message, problem } = await response.json();
    if (response.ok) {
      // A newer answer to the same question may have been given meanwhile.
      if (waiting[item] === entry) {
        delete waiting[item];
        showProblem(item, problem);
      }
      keep();
      return true;
    }
    if (response.status === 409) {
      isClosed = true;
      waiting = {};
      keep();
      show("closed", message);
      setTimeout(() => location.reload(), 2500);
      return false;
    }
    if (response.status === 403) {
      show("closed", message);
      return false;
    }
    if (response.status === 422 || response.status === 404) {
      entry.held = true;
      showProblem(item, message);
      keep();
      return true;
    }
    throw new Error(String(response.status));
  }

  function changed(target) {
    const fieldset = target.closest("[data-item]");
    if (!fieldset) return;
    waiting[fieldset.dataset.item] = valueOf(fieldset);
    keep();
    send();
  }

  restore();
  form.addEventListener("change", (event) => changed(event.target));
  let typing;
  let typed;
  const flush = () => {
    clearTimeout(typing);
    if (typed) changed(typed);
    typed = undefined;
  };
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input[type=text], textarea")) return;
    if (typed && typed !== event.target) flush();
    clearTimeout(typing);
    typed = event.target;
    typing = setTimeout(flush, 600);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
    else send();
  });
  window.addEventListener("online", send);
  send();
  return { flush, close: () => (isClosed = true) };
}

// A clock that counts down to the server's end; the time itself stands beside it as text.
const clock = document.querySelector("[data-due]");
if (clock && form) {
  const due = Number(clock.dataset.due);
  const said = document.querySelector("[data-clock-said]");
  const say = (words) => {
    if (said && words && said.textContent !== words) said.textContent = words;
  };
  const tick = () => {
    const left = Math.max(0, Math.ceil((due - serverTime()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) {
      say(clock.dataset.over);
      clock.textContent = clock.dataset.over;
      answers?.flush();
      // What is on its way is still taken for a moment; then the server hands in what it has.
      const wait = due + Number(clock.dataset.grace) * 1000 + 1500 - serverTime();
      setTimeout(() => location.reload(), Math.max(1500, wait));
      return;
    }
    if (left <= 60) say(said?.dataset.one);
    else if (left <= 300) say(said?.dataset.five);
    setTimeout(tick, 500);
  };
  tick();
}
