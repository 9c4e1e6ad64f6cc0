/** `<form data-theme-form>`: the sample follows the colours while they are chosen; the server still judges the contrast. */
export function showTheme(form: HTMLFormElement): void {
  const sample = form.querySelector<HTMLElement>(".theme-sample");
  if (!sample) return;
  for (const input of form.querySelectorAll<HTMLInputElement>("input[type=color]")) {
    input.addEventListener("input", () => {
      sample.style.setProperty(`--${input.name}`, input.value);
      for (const swatch of form.querySelectorAll<HTMLElement>(`[data-swatch="${input.name}"]`)) {
        swatch.style.background = input.value;
      }
    });
  }
}
