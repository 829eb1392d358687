// What was written here and is not stored over there yet. Second half of live.js: uses the names of live-news.js.

const box = form && `unsent:${new URL(form.action).pathname}`;
// Longer than any consultation is silent; a phone may be lent or sold.
const keptFor = 48 * 60 * minute;
const shown = new Map();
let busy = false;
let pause = 5_000;
let again;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(box) ?? '[]').filter(one => Date.now() - one.at < keptFor);
  } catch {
    return [];
  }
}

/** False where this browser keeps nothing; the form then goes the ordinary way. */
function keep(all) {
  try {
    if (all.length) localStorage.setItem(box, JSON.stringify(all));
    else localStorage.removeItem(box);
    return true;
  } catch {
    return false;
  }
}

const mark = (id, change) => keep(kept().map(one => (one.id === id ? { ...one, ...change } : one)));
const drop = id => keep(kept().filter(one => one.id !== id));

// Ids are 128 bits: base32 in forms, hexadecimal in the thread.
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, rest = now; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  let number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let id = '';
  for (let i = 0; i < 26; i++, number >>= 5n) id = letters[Number(number & 31n)] + id;
  return id;
}

function inThread(id) {
  const number = [...id].reduce((sum, letter) => (sum << 5n) | BigInt(letters.indexOf(letter)), 0n);
  const uuid = number.toString(16).padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return thread.querySelector(`[data-message="${uuid}"]`) !== null;
}

function made(name, className, text = '') {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(text, act) {
  const one = made('button', 'tap', text);
  one.type = 'button';
  one.addEventListener('click', act);
  return one;
}

function line(one) {
  const item = made('li', one.failed ? 'me unsent' : 'me');
  const say = made('div', 'say');
  say.append(made('p', 'told', one.text));
  const state = made('p', 'mark', one.failed ?? t('正在发', 'sending'));
  state.setAttribute('role', 'status');
  item.append(say, state);
  if (one.failed) {
    const acts = document.createElement('form');
    acts.append(
      button(t('再发一次', 'Send again'), () => { mark(one.id, { failed: null, refused: false }); show(); send(); }),
      button(t('不发了', 'Do not send'), () => { drop(one.id); show(); form.elements.text.focus(); }));
    item.append(acts);
  }
  return item;
}

/** Lines of the thread, then what is still only here. A line changes only when its state does, so that nothing is read out twice. */
function show() {
  if (!form || !thread) return;
  const all = kept().filter(one => !inThread(one.id));
  if (all.length !== kept().length) keep(all);
  for (const [id, { item }] of shown) {
    if (!all.some(one => one.id === id)) { item.remove(); shown.delete(id); }
  }
  for (const one of all) {
    const state = one.failed ?? '';
    if (shown.get(one.id)?.state !== state) {
      shown.get(one.id)?.item.remove();
      shown.set(one.id, { state, item: line(one) });
    }
    const { item } = shown.get(one.id);
    if (item.parentNode !== thread) thread.append(item);
  }
  for (const item of thread.children) item.removeAttribute('id');
  if (thread.lastElementChild) thread.lastElementChild.id = 'latest';
}

async function post(one) {
  const body = new FormData();
  body.set('__RequestVerificationToken', form.elements.__RequestVerificationToken.value);
  body.set('message', one.id);
  body.set('text', one.text);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), minute);
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: patience.signal });
    return { answer, page: await read(answer) };
  } finally {
    clearTimeout(timer);
  }
}

/** True where it is on the disk over there: the thread that came back holds it. Nothing else counts, for a hotel's network answers 200 too. */
async function deliver(one) {
  let failed = t('没发出去，网络断了。字还在这部手机里。', 'Not sent: no network. Your words are still on this phone.');
  const asked = news;
  try {
    const { answer, page } = await post(one);
    if (answer.ok) take(page, asked);
    if (inThread(one.id)) {
      const dropped = drop(one.id);
      show();
      return dropped;
    }
    const { status } = answer;
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      const why = page.querySelector('.wrong a') ?? page.querySelector('main .card p') ?? page.querySelector('main h1');
      const marked = mark(one.id, { failed: why?.textContent.trim() || failed, refused: true });
      show();
      return marked;
    }
    if (status === 429 || status >= 500) {
      failed = t('还没存好，现在人很多。字还在这部手机里，会自动再发。', 'Not stored yet: very many people are here. Your words are still on this phone and are sent again by themselves.');
    }
  } catch {
    // Cut off before an answer: it may or may not have arrived; sent again under the same id it cannot double.
  }
  if (kept().some(kept => kept.id === one.id && kept.failed !== failed)) mark(one.id, { failed });
  show();
  return false;
}

async function send() {
  if (busy) return;
  busy = true;
  clearTimeout(again);
  try {
    // In the order of writing; what was refused waits for the person and holds nobody up.
    for (let one; (one = kept().find(one => !one.refused)) !== undefined;) {
      if (!await deliver(one)) {
        again = setTimeout(send, pause);
        pause = Math.min(pause * 2, minute);
        return;
      }
      pause = 5_000;
    }
  } finally {
    busy = false;
  }
}

if (form && thread) {
  form.addEventListener('submit', e => {
    const { text, photo, message } = form.elements;
    // A photo, or nothing at all, goes the ordinary way.
    if (photo.files.length || !text.value.trim()) return;
    if (!keep([...kept(), { id: message.value, text: text.value, at: Date.now() }])) return;
    e.preventDefault();
    text.value = '';
    message.value = newId();
    show();
    document.getElementById('latest')?.scrollIntoView({ block: 'end' });
    send();
  });
  addEventListener('online', send);
  keep(kept());
  show();
  send();
}
