// Tells the page or app around this one where the person stands: steps and heights, and never a word about health. docs/partners.md names the events.
const origins = document.body.dataset.embed.split(' ').filter(Boolean);
const steps = { waiting: 'waiting', talk: 'talking', advice: 'ended', closed: 'ended', answered: 'ended', outside: 'ended' };
const [, place, id, page] = location.pathname.split('/');

function tell(type, more = {}) {
  const event = { source: 'yizhen', version: 1, type, ...more };
  if (parent !== window) {
    for (const origin of origins) parent.postMessage(event, origin);
  }
  window.webkit?.messageHandlers?.yizhen?.postMessage(event);
  window.yizhenHost?.tell?.(JSON.stringify(event));
}

const step = place === 'q' ? steps[page] ?? 'asking' : 'door';
tell('ready');
tell('step', place === 'q' ? { step, consultation: id } : { step });
new ResizeObserver(() => tell('height', { height: Math.ceil(document.documentElement.scrollHeight) })).observe(document.body);
document.addEventListener('click', click => {
  const link = click.target.closest?.('a[href^="tel:"]');
  if (link) tell('call', { number: link.getAttribute('href').slice(4) });
});
