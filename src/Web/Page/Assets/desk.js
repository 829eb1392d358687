// The desk's live parts: list and conversation are replaced whole; what is being typed is never touched, and is kept on the server.
const list = document.getElementById("list");
const field = document.getElementById("t");
const log = document.getElementById("log");
const here = new URLSearchParams(location.search).get("c") ?? log?.dataset.consultation ?? "";
let composing = false, saved = field?.value ?? "", waiting = null;

const put = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["list", "told", "asked", "log"]) {
    const [fresh, old] = [page.getElementById(id), document.getElementById(id)];
    if (!fresh || !old || fresh.outerHTML === old.outerHTML) continue;
    if (id === "log" && fresh.dataset.consultation !== old.dataset.consultation) { location.assign("/staff/desk"); return; }
    const inside = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceWith(document.importNode(fresh, true));
    if (inside) document.querySelector(`#${id} a[href="${CSS.escape(inside)}"]`)?.focus();
  }
  if (!log && page.getElementById("log")) location.assign("/staff/desk");
  const unanswered = document.querySelectorAll("#list .timer").length;
  const asked = document.querySelectorAll("#asked .prompt").length;
  document.title = (asked ? "‼ " : "") + (unanswered ? `(${unanswered}) ` : "") + document.title.replace(/^(‼ )?(\(\d+\) )?/, "");
};

if (list) {
  const stream = new EventSource(`${list.dataset.stream}?c=${encodeURIComponent(here)}`);
  stream.onmessage = (event) => put(event.data);
}

setInterval(() => {
  for (const left of document.querySelectorAll(".left[data-until]")) left.textContent = Math.max(0, Math.ceil((Number(left.dataset.until) - Date.now()) / 1000));
  for (const timer of document.querySelectorAll(".timer[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Number(timer.dataset.since)) / 1000));
    timer.textContent = timer.textContent.replace(/[\d:]+$/, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    timer.classList.toggle("warn", seconds >= 60);
  }
}, 1000);

// The draft goes to the server a second after the last keystroke: a lost browser loses nothing, and typing is a sign of life.
const keep = async () => {
  waiting = null;
  if (!field || field.value === saved) return;
  const text = field.value;
  const body = new FormData(field.form);
  const answer = await fetch(field.dataset.draft, { method: "POST", body: new URLSearchParams([...body].filter(([, v]) => typeof v === "string")), redirect: "manual", keepalive: true }).catch(() => null);
  if (answer) saved = text;
};
field?.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 1000); });
// What was typed in the last second goes along when another person is opened; what is being sent is no draft any more.
addEventListener("pagehide", keep);
field?.form.addEventListener("submit", () => { clearTimeout(waiting); saved = field.value; });
field?.addEventListener("compositionstart", () => { composing = true; });
field?.addEventListener("compositionend", () => { composing = false; });

for (const button of document.querySelectorAll("button[name=phrase]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    field.value = `${field.value}${field.value && !field.value.endsWith("\n") ? "\n" : ""}${button.dataset.text}`;
    field.dispatchEvent(new Event("input"));
    field.focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (composing || event.isComposing) return;
  const links = [...document.querySelectorAll("#list ol a")];
  const at = links.findIndex((a) => a.getAttribute("aria-current") === "true");
  const go = (link) => { if (link) { event.preventDefault(); location.assign(link.getAttribute("href")); } };
  if (event.altKey && event.key === "ArrowDown") go(links[at + 1] ?? links[0]);
  else if (event.altKey && event.key === "ArrowUp") go(links[at - 1] ?? links[links.length - 1]);
  else if (event.altKey && event.code === "KeyU") go(links.find((a) => a.querySelector(".timer")));
  else if (event.altKey && event.code === "KeyH") { event.preventDefault(); document.querySelector("#ho textarea")?.focus(); }
  else if (event.altKey && event.code === "KeyA") document.querySelector("#asked button[value=yes]")?.click();
  else if (event.altKey && event.code === "KeyB") document.querySelector("button[value=pausing]")?.click();
  else if (event.altKey && event.code === "KeyO") document.querySelector("button[value=off]")?.click();
  else if (event.ctrlKey && event.shiftKey && event.key === "Enter") document.getElementById("advice")?.requestSubmit();
  else if (event.ctrlKey && event.key === "Enter" && document.activeElement === field) field.form.requestSubmit(field.form.querySelector("button[name=send]"));
  else if (field && document.activeElement === field && /^\/[1-6]$/.test(field.value + event.key)) {
    event.preventDefault();
    field.value = "";
    document.querySelectorAll("button[name=phrase]")[Number(event.key) - 1]?.click();
  }
});
