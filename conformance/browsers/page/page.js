// Runs the steps of a scenario one after the other, each when the harness
// asks for it, and tells it what came of each.
{
  // oracle is {session, steps, consoleTime, child, frames}: consoleTime is how
  // many ms messages may come after a step, child the source of what frames run,
  // frames the URLs of those that have one.

  async function main() {
    await report(-1, {});
    for (let n = 0; n < oracle.steps.length; n++) {
      const outcome = await runIn(oracle.steps[n]).catch((e) => ({outcome: 'silent', message: String(e)}));
      if (oracle.consoleTime) await pause(oracle.consoleTime);
      await report(n, outcome);
    }
    location.replace('/__oracle-next?' + oracle.session);
  }

  // report returns when the next step is to begin. It wants no answer, as a
  // page can have its requests upgraded to another origin.
  async function report(n, outcome) {
    const url = `/__oracle-report?${oracle.session}.${n}`;
    const body = JSON.stringify(outcome);
    try {
      await fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', body});
    } catch (e) { // a policy of the page is in the way
      await postForm(url, body);
    }
  }

  async function postForm(action, value) {
    const frame = document.createElement('iframe');
    frame.name = 'report';
    const form = document.createElement('form');
    Object.assign(form, {method: 'post', enctype: 'text/plain', action, target: 'report'});
    const field = document.createElement('textarea');
    Object.assign(field, {name: 'outcome', value});
    form.append(field);
    document.body.append(frame, form);
    await pause(50); // the frame loads its first document, which does not count
    await new Promise((resolve) => {
      frame.onload = resolve;
      form.submit();
    });
    frame.remove();
    form.remove();
  }

  const children = new Map(); // by context

  function runIn(step) {
    if (step.in === 'top') return runStep(step);
    if (!children.has(step.in)) children.set(step.in, open(step.in));
    return children.get(step.in).then((ask) => ask({oracleStep: step}));
  }

  // open opens a context. It resolves to a function that has it run a step.
  async function open(context) {
    if (context === 'worker') {
      const worker = new Worker('/__oracle-worker');
      await answerOf(worker, null, 'oracleReady');
      return (message) => {
        worker.postMessage(message);
        return answerOf(worker, null, 'oracleOutcome');
      };
    }
    const frame = document.createElement('iframe');
    const html = `<!doctype html><meta charset=utf-8><p>p</p><script>${oracle.child}<\/script>`;
    if (context === 'sandbox') {
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = html;
    } else if (context === 'data') {
      frame.src = 'data:text/html;charset=utf-8,' + encodeURIComponent(html);
    } else {
      frame.src = oracle.frames[context];
    }
    document.body.append(frame);
    await answerOf(self, frame, 'oracleReady');
    return (message) => {
      frame.contentWindow.postMessage(message, '*');
      return answerOf(self, frame, 'oracleOutcome');
    };
  }

  // answerOf resolves to the next message of a kind that comes to receiver, from
  // frame if there is one.
  function answerOf(receiver, frame, kind) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve({outcome: 'timeout'}), 60000);
      const listener = (event) => {
        if (frame && event.source !== frame.contentWindow || !event.data || event.data[kind] === undefined) return;
        clearTimeout(timer);
        receiver.removeEventListener('message', listener);
        resolve(event.data[kind]);
      };
      receiver.addEventListener('message', listener);
      receiver.addEventListener('error', () => reject(new Error('the worker failed')), {once: true});
    });
  }

  main();
}
