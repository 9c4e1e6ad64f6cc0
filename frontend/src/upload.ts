import { announce } from "./announce";

/** `<form data-upload>`: drop the file anywhere on the zone, see how much has gone. Without script the form posts as it is. */
export function showUpload(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const zone = form.querySelector<HTMLElement>("[data-dropzone]");
  if (!input || !zone) return;
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.toggleAttribute("data-over", true);
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, () => zone.toggleAttribute("data-over", false));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, input);
  });
}

function send(form: HTMLFormElement, input: HTMLInputElement): void {
  const file = input.files?.[0];
  const words = form.dataset;
  if (!file) return;
  if (file.size > Number(words.limitMb) * 1024 * 1024) return say(form, words.tooLarge ?? "");
  const request = new XMLHttpRequest(); // fetch cannot tell how much of a body has gone
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    const percent = Math.round((100 * event.loaded) / (event.total || 1));
    advance(form, percent, percent < 100 ? `${words.sending} ${percent} %` : (words.reading ?? ""));
  });
  request.addEventListener("load", () => {
    const answer = request.response as { next?: string; error?: string } | null;
    if (answer?.next) location.assign(answer.next);
    else say(form, answer?.error ?? words.broken ?? "");
  });
  request.addEventListener("error", () => say(form, words.broken ?? ""));
  setBusy(form, true);
  advance(form, 0, words.sending ?? "");
  request.send(new FormData(form));
}

function advance(form: HTMLFormElement, percent: number, sentence: string): void {
  const progress = form.querySelector<HTMLProgressElement>("progress");
  if (!progress) return;
  if (percent < 100) progress.value = percent;
  else progress.removeAttribute("value"); // how long the reading takes is not known
  write(form, sentence);
}

function say(form: HTMLFormElement, sentence: string): void {
  setBusy(form, false);
  form.querySelector("progress")?.setAttribute("value", "0");
  write(form, sentence);
  announce(sentence);
}

function write(form: HTMLFormElement, sentence: string): void {
  form.querySelector<HTMLElement>("[data-upload-progress]")!.hidden = false;
  form.querySelector<HTMLElement>("[data-upload-says]")!.textContent = sentence;
}

function setBusy(form: HTMLFormElement, busy: boolean): void {
  for (const button of form.querySelectorAll("button")) button.disabled = busy;
}
