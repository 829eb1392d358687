// The board's live parts are replaced by id. The alarm is touched only when it has changed, so that it is read aloud once for each ring.
const live = document.getElementById("live");
const alarms = document.getElementById("alarms");

const put = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["drill", "ledger", "waits", "duty"]) {
    const [fresh, old] = [page.getElementById(id), document.getElementById(id)];
    if (!fresh || !old) continue;
    // What somebody has opened stays open.
    for (const open of old.querySelectorAll("details[open][id]")) page.getElementById(open.id)?.setAttribute("open", "");
    if (fresh.outerHTML !== old.outerHTML) old.replaceWith(document.importNode(fresh, true));
  }
  const now = page.getElementById("alarms-now")?.innerHTML.trim() ?? "";
  if (now !== alarms.innerHTML.trim()) alarms.innerHTML = now;
  const rung = alarms.querySelector("[data-rung]");
  document.title = (rung ? "(!) " : "") + document.title.replace(/^\(!\) /, "");
};

const follow = () => {
  const stream = new EventSource(live.dataset.stream ?? "/staff/board/stream");
  stream.onopen = () => { live.textContent = live.dataset.live; live.className = "st good"; };
  stream.onmessage = (event) => put(event.data);
  stream.onerror = () => {
    live.textContent = live.dataset.lost;
    live.className = "st care";
    // Refused for want of room, which a browser does not try again by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 30_000);
  };
};
if (live) follow();
