// What JavaScript adds where it is there; no page needs it.
document.documentElement.classList.add("js");

const button = document.querySelector("[data-menu]");
if (button) {
  const parts = document.querySelectorAll(".site-nav, .who");
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    for (const part of parts) part.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
  });
}

// A second press of a button that is already sending would only be refused as answered twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Back from the next page, the form is sendable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
});
