// Helps of the console, fetched only by the pages that use them.
import { follow } from "./follow";
import "./mapping";
import { showTheme } from "./theme";
import { showUpload } from "./upload";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) showUpload(form);
for (const place of document.querySelectorAll<HTMLElement>("[data-follow]")) follow(place);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-theme-form]")) showTheme(form);
