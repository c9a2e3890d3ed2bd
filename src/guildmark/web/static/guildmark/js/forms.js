// Small helps for forms. Each form works without them.

// What is wrong is read out and reached first.
document.querySelector("[data-focus]")?.focus();

// <form data-guard>: leaving with unsaved changes is asked about.
let changed = false;
document.querySelectorAll("form[data-guard]").forEach((form) => {
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// <form data-confirm="Question?">: asks in a dialog before sending. Where it cannot be taken back,
// use a page that asks instead; this is for what is merely annoying to undo.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", text.id);
  const row = document.createElement("div");
  row.className = "form-actions";
  const yes = document.createElement("button");
  yes.type = "button";
  yes.className = "button primary";
  yes.textContent = event.submitter?.textContent ?? "OK";
  const no = document.createElement("button");
  no.type = "button";
  no.className = "button";
  no.textContent = form.dataset.confirmCancel ?? "✕";
  row.append(yes, no);
  dialog.append(text, row);
  document.body.append(dialog);
  yes.addEventListener("click", () => {
    form.dataset.confirmed = "yes";
    dialog.close();
    form.requestSubmit(event.submitter);
  });
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  no.focus();
});

// A form is sent once, however often a glove taps.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});
