// Every five seconds the page asks for itself again and takes over what has changed. Not while nobody looks; the filter and the forms are left alone.
const every = 5_000;

const put = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  // Signed out, or turned back for want of room: that page is no picture.
  if (!page.getElementById("figures")) throw new Error("no picture");
  for (const id of ["at", "figures", "ledger"]) {
    const [fresh, old] = [page.getElementById(id), document.getElementById(id)];
    // Whoever stands on a link with the keyboard keeps it until they have gone on.
    if (fresh && old && fresh.outerHTML !== old.outerHTML && !old.contains(document.activeElement)) old.replaceWith(document.importNode(fresh, true));
  }
};

const say = (how, look) => {
  const live = document.getElementById("live");
  live.hidden = false;
  live.textContent = live.dataset[how];
  live.className = look;
};

const look = async () => {
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { signal: AbortSignal.timeout(10_000) });
      put(await answer.text());
      say("live", "st good");
    } catch {
      say("lost", "st care");
    }
  }
  setTimeout(look, every);
};
say("live", "st good");
setTimeout(look, every);
