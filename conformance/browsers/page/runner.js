// Runs one step where it is loaded: in a page, a frame or a worker. A step is
// what steps.go makes of one in a scenario: every URL is spelled out.
'use strict';

const stepTimeout = 5000; // ms

function runStep(step) {
  const run = runners[step.kind];
  return Promise.race([
    run(step).catch(rejected),
    pause(stepTimeout + (step.sleep || 0)).then(() => ({outcome: 'timeout'})),
  ]).then((outcome) => addTiming(step, outcome));
}

const runners = {
  async sleep(step) {
    await pause(step.sleep);
    return {outcome: 'done'};
  },

  async cookie(step) {
    document.cookie = step.cookie;
    return {outcome: 'done'};
  },

  async fetch(step) {
    const init = Object.assign({}, step.init);
    if (step.headers) init.headers = step.headers;
    if (step.body !== undefined) init.body = makeBody(step);
    if (step.bodyType === 'stream') init.duplex = 'half';
    const url = await target(step);
    const response = await fetch(url, init);
    const seen = {
      type: response.type, status: response.status, statusText: response.statusText, ok: response.ok,
      redirected: response.redirected, url: response.url,
      headers: Array.from(response.headers, ([name, value]) => name + ': ' + value), body: '',
    };
    try {
      seen.body = await response.text();
    } catch (e) {
      seen.bodyError = e.name;
    }
    return {outcome: 'resolved', response: seen};
  },

  async xhr(step) {
    const url = await target(step);
    return new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      xhr.open(step.init.method || 'GET', url);
      for (const [name, value] of step.headers || []) xhr.setRequestHeader(name, value);
      xhr.withCredentials = step.init.credentials === 'include';
      if (step.timeout) xhr.timeout = step.timeout;
      if (step.upload) xhr.upload.onprogress = () => {};
      for (const event of ['error', 'timeout', 'abort']) {
        xhr.addEventListener(event, () => resolve({outcome: 'rejected', error: event}));
      }
      xhr.onload = () => resolve({
        outcome: 'resolved',
        response: {
          status: xhr.status, statusText: xhr.statusText, url: xhr.responseURL,
          headers: xhr.getAllResponseHeaders().split('\r\n').filter(Boolean), body: xhr.responseText,
        },
      });
      xhr.send(makeBody(step));
      if (step.abort) setTimeout(() => xhr.abort(), step.abort);
    });
  },

  async img(step) {
    const img = new Image();
    configure(img, step);
    const url = await target(step);
    const loaded = await settled(img, 'load', () => { img.src = url; });
    return loaded ? {outcome: 'loaded', tainted: isTainted(img)} : {outcome: 'failed'};
  },

  async script(step) {
    const script = document.createElement('script');
    configure(script, step);
    if (step.module) script.type = 'module';
    const before = self.oracleRan || 0;
    script.src = await target(step);
    const loaded = await settled(script, 'load', () => document.head.append(script));
    script.remove();
    return {outcome: loaded ? 'loaded' : 'failed', ran: (self.oracleRan || 0) > before};
  },

  async style(step) {
    const link = document.createElement('link');
    configure(link, step);
    link.rel = 'stylesheet';
    link.href = await target(step);
    const outcome = {outcome: 'failed'};
    if (await settled(link, 'load', () => document.head.append(link))) {
      outcome.outcome = 'loaded';
      outcome.readable = isReadable(link.sheet);
      outcome.applied = getComputedStyle(document.querySelector('p')).color === 'rgb(255, 0, 0)';
    }
    link.remove();
    return outcome;
  },

  async font(step) {
    const font = new FontFace('oracle', `url(${JSON.stringify(await target(step))})`);
    return font.load().then(() => ({outcome: 'loaded'}), () => ({outcome: 'failed'}));
  },

  async video(step) {
    const video = document.createElement('video');
    configure(video, step);
    video.muted = true;
    video.preload = 'auto';
    const url = await target(step);
    const loaded = await settled(video, 'loadeddata', () => { video.src = url; });
    return {outcome: loaded ? 'loaded' : 'failed'};
  },

  async beacon(step) {
    const sent = navigator.sendBeacon(step.url, makeBody(step));
    await pause(150); // nothing else tells when it went out
    return {outcome: sent ? 'sent' : 'unsent'};
  },

  async eventsource(step) {
    const source = new EventSource(await target(step), {withCredentials: step.init.credentials === 'include'});
    const outcome = await new Promise((resolve) => {
      source.onmessage = (event) => resolve({outcome: 'open', data: event.data});
      source.onerror = () => resolve({outcome: 'failed'});
    });
    source.close();
    return outcome;
  },
};

function rejected(e) {
  return {outcome: 'rejected', error: e.name, message: e.message};
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// settled resolves to whether an element loaded, once start has been called.
function settled(element, event, start) {
  return new Promise((resolve) => {
    element.addEventListener(event, () => resolve(true));
    element.addEventListener('error', () => resolve(false));
    start();
  });
}

function configure(element, step) {
  if (step.crossorigin !== undefined) element.setAttribute('crossorigin', step.crossorigin);
  if (step.init.integrity) element.integrity = step.init.integrity;
  if (step.init.referrerPolicy) element.referrerPolicy = step.init.referrerPolicy;
}

function isTainted(img) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d');
  context.drawImage(img, 0, 0);
  try {
    context.getImageData(0, 0, 1, 1);
    return false;
  } catch (e) {
    return true;
  }
}

function isReadable(sheet) {
  try {
    return sheet.cssRules.length >= 0;
  } catch (e) {
    return false;
  }
}

// target is the URL to request: the step's, or a blob: URL of what it holds.
async function target(step) {
  if (!step.blob) return step.url;
  const response = await fetch(step.url);
  return URL.createObjectURL(await response.blob());
}

function makeBody(step) {
  if (step.body === undefined) return undefined;
  const bytes = () => new TextEncoder().encode(step.body);
  switch (step.bodyType) {
    case '': case 'text': return step.body;
    case 'bytes': return bytes();
    case 'urlencoded': return new URLSearchParams(step.body);
    case 'formdata': {
      const form = new FormData();
      form.append('body', step.body);
      return form;
    }
    case 'stream': return new ReadableStream({start(controller) { controller.enqueue(bytes()); controller.close(); }});
    default: return new Blob([step.body], {type: step.bodyType.slice('blob:'.length)});
  }
}

// addTiming adds what Resource Timing says, if the step wants to know.
async function addTiming(step, outcome) {
  if (!step.timing) return outcome;
  let entries = [];
  for (let i = 0; i < 10 && entries.length === 0; i++) { // they come late, or never
    await pause(40);
    entries = performance.getEntriesByName(step.url, 'resource');
  }
  outcome.timing = {entries: entries.length, detailVisible: false, sizeVisible: false, responseStatus: 0};
  const entry = entries[entries.length - 1];
  if (entry) {
    outcome.timing.detailVisible = entry.requestStart > 0;
    outcome.timing.sizeVisible = entry.transferSize > 0;
    outcome.timing.responseStatus = entry.responseStatus === undefined ? -1 : entry.responseStatus;
  }
  return outcome;
}
