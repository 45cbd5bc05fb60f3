// Makes a frame or a worker run the steps that the page sends it.
{
  const isWorker = typeof document === 'undefined';
  const answer = (message) => isWorker ? postMessage(message) : parent.postMessage(message, '*');
  addEventListener('message', async (event) => {
    if (event.data && event.data.oracleStep) answer({oracleOutcome: await runStep(event.data.oracleStep)});
  });
  answer({oracleReady: true});
}
