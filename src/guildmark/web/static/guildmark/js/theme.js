// The reader's choice of light or dark, kept in this browser. Without a choice the system's holds.
const KEY = "guildmark-theme";
const root = document.documentElement;

function apply(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

apply(read());

document.addEventListener("DOMContentLoaded", () => {
  const buttons = document.querySelectorAll("[data-theme-choice]");
  const show = () =>
    buttons.forEach((button) => {
      const chosen = read() ?? "system";
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    });
  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const choice = button.dataset.themeChoice;
      try {
        if (choice === "system") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, choice);
      } catch {
        // A browser that keeps nothing still gets the choice for this page.
      }
      apply(choice);
      show();
    });
  });
  show();
});
