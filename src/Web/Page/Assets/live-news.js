// Comfort for a page that is whole without it: what is new appears by itself, and words that found no network stay on this phone.
//
// An element with data-stream follows that address. Events: "part" carries the element as it now stands; "go" carries an address of
// this site to read instead; "gone" ends it; any other event means "something is new", and the page is read again.

const t = document.documentElement.lang === 'en' ? (zh, en) => en : zh => zh;
const parser = new DOMParser();
const form = document.getElementById('composer');
const thread = document.getElementById('thread');
const here = location.pathname + location.search;

const minute = 60_000;

let news = 0;

/** @param asked How much had come when this was asked for; a stream is never asked, it tells what is. */
function put(fresh, asked = news) {
  const old = fresh && document.getElementById(fresh.id);
  // Two answers may overtake each other on a slow network: the older one says nothing any more. But after a restore the server may know less than this
  // page has shown, and the server is right.
  if (!old || (asked !== news && Number(fresh.dataset.version) < Number(old.dataset.version))) return;
  news++;
  const low = innerHeight + scrollY > document.body.scrollHeight - 120;
  delete old.dataset.unread;
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  // Filled, not replaced: a region that is read aloud must stay the same element.
  old.replaceChildren(...fresh.childNodes);
  if (old !== thread) return;
  tellSeen();
  show();
  if (low) document.getElementById('latest')?.scrollIntoView({ block: 'end' });
}

/** Said only of what stands on a screen that is looked at; a failure is told with the next line. */
function tellSeen() {
  const unread = thread?.dataset.unread;
  if (!unread || document.visibilityState !== 'visible') return;
  fetch(thread.dataset.seen, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"up_to":${Number(unread)}}` }).catch(() => {});
}

const typing = () => Boolean(form?.elements.text.value.trim() || form?.elements.photo.files.length);

function leaveFor(address) {
  const to = new URL(address, location.href);
  if (to.origin === location.origin && !typing()) location.assign(to);
}

/** The page as it came, with what had been shown when it was asked for. */
function take(page, asked) {
  put(page.getElementById('thread'), asked);
  put(page.getElementById('room'), asked);
  if (!form || !page.getElementById('thread')) return;
  const composer = page.getElementById('composer');
  if (!composer) {
    if (!typing() && kept().length === 0) location.reload();
    return;
  }
  form.elements.__RequestVerificationToken.value = composer.elements.__RequestVerificationToken.value;
  form.elements.read.value = composer.elements.read.value;
  const doctor = page.querySelector('.docbar');
  document.querySelector('.docbar')?.remove();
  if (doctor) document.querySelector('main').before(doctor);
  for (const note of document.querySelectorAll('main > .note')) note.remove();
  thread.after(...page.querySelectorAll('main > .note'));
}

const read = async answer => parser.parseFromString(await answer.text(), 'text/html');

async function refresh() {
  const asked = news;
  try {
    const answer = await fetch(here, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) leaveFor(answer.url);
    else take(await read(answer), asked);
  } catch {
    // No network: what stands here stays, with the time of its making.
  }
}

/** A small question first: the page is read again only where something happened. */
async function poll(part) {
  if (document.visibilityState !== 'visible') return;
  try {
    const answer = await fetch(part.dataset.poll);
    if (answer.ok && (await answer.json()).version !== Number(part.dataset.version)) await refresh();
  } catch {
    // No network: asked again in a minute.
  }
}

function follow(part) {
  const source = new EventSource(part.dataset.stream);
  source.addEventListener('part', e => {
    for (const fresh of parser.parseFromString(e.data, 'text/html').querySelectorAll('[data-stream]')) put(fresh);
  });
  source.addEventListener('go', e => leaveFor(e.data));
  source.addEventListener('gone', () => source.close());
  source.addEventListener('message', refresh);
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    // Refused or not understood, which a browser does not try again: ask for the page now and then instead.
    const asking = setInterval(() => poll(part), minute);
    addEventListener('pagehide', () => clearInterval(asking), { once: true });
  });
}

for (const part of document.querySelectorAll('[data-stream]')) follow(part);
if (thread) {
  document.addEventListener('visibilitychange', tellSeen);
  tellSeen();
}
