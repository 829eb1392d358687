// The page around an embed: shows it, fits its height, and notes where the person stands.
const address = new URL(new URLSearchParams(location.search).get('embed') ?? 'https://yizhen.example.cn/embed/cityapp');
const frame = document.getElementById('yizhen');
const log = document.getElementById('log');

addEventListener('message', event => {
  // Only the frame that we opened, and only from where we opened it.
  if (event.origin !== address.origin || event.source !== frame.contentWindow || event.data?.source !== 'yizhen') return;
  const { type, step, height, number } = event.data;
  if (type === 'height') frame.style.height = `${Math.min(Math.max(height, 320), 20_000)}px`;
  if (type === 'call') location.href = `tel:${number}`;
  if (type === 'ready' || type === 'step') {
    const line = document.createElement('li');
    line.textContent = type === 'step' ? `step ${step}` : type;
    log.append(line);
  }
});

frame.src = address.href;
