// Closes an open menu by Escape or by a click elsewhere. Menus are <details> and work without it.
function close(except) {
  document.querySelectorAll("details:is(.menu, .menu-drawer)[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => close(event.target.closest("details:is(.menu, .menu-drawer)")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details:is(.menu, .menu-drawer)[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
