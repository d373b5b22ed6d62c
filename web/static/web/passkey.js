/* Passkeys: shown where the browser knows them; a word at the button when one was not used. */
"use strict";

const passkeyForms = () => document.querySelectorAll("[data-passkey]");

document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const form of passkeyForms()) form.hidden = false;
});

/* allauth tells of a device that was not used, or of a person who thought better of it. */
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const status = document.querySelector("[data-passkey-status]");
  if (status) status.textContent = status.dataset.broken;
});
