/** The menu of a narrow screen folds behind its button; Escape closes it and gives the focus back. */
export function foldMenu(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-menu-button]");
  const menu = button && document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (!button || !menu) return;
  const show = (open: boolean): void => {
    menu.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(!menu.hasAttribute("data-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.hasAttribute("data-open")) {
      show(false);
      button.focus();
    }
  });
}
