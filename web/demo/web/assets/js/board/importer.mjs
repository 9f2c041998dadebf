// Brings tasks in: the examples with `db:seed`, or a CSV file of the person at the page.

import { openDialog } from '../dialog.mjs';
import { announce, h } from '../dom.mjs';
import { count } from '../numbers.mjs';

/** A line of progress that ended up in the output of a command. */
const BAR = /[█░]/;

export class Importer {
  /** @param {any} engine @param {() => Promise<unknown>} done  shows what is there now */
  constructor(engine, done) {
    this.engine = engine;
    this.done = done;
  }

  /** The same command as on the server. */
  async examples() {
    await this.#run('Importing 20,000 example tasks', async () => {
      const { output, exitCode } = await this.engine.app.cli.run('db:seed');
      return { failed: exitCode !== 0, text: output };
    });
  }

  choose() {
    const field = h('input', { type: 'file', accept: '.csv,text/csv' });
    field.addEventListener('change', () => { if (field.files[0]) this.file(field.files[0]); });
    field.click();
  }

  /** @param {File} file */
  async file(file) {
    await this.#run(`Importing ${file.name}`, async () => {
      const report = await this.engine.app.call('board.import_csv', { text: await file.text() });
      return { failed: false, text: report.text };
    });
  }

  async #run(title, work) {
    const card = progressDialog(title);
    const stop = this.engine.onWork((progress) => card.update(progress));
    const began = performance.now();
    let outcome;
    try {
      outcome = await work();
    } catch (error) {
      outcome = { failed: true, text: error.message };
    } finally {
      stop();
      card.close();
    }
    await this.done();
    showReport(title, outcome, (performance.now() - began) / 1000);
  }
}

function progressDialog(title) {
  const meter = h('div.meter.endless', { role: 'progressbar', 'aria-label': title }, h('span'));
  const amount = h('p.soft.numbers', {}, 'Starting …');
  const dialog = openDialog(title, meter, amount);
  const keep = (event) => event.preventDefault();
  dialog.addEventListener('cancel', keep);
  return {
    close: () => dialog.close(),
    update({ label, loaded, total }) {
      const share = total ? loaded / total : 0;
      meter.classList.toggle('endless', !total);
      meter.firstChild.style.width = total ? `${share * 100}%` : '';
      meter.setAttribute('aria-valuenow', String(Math.round(share * 100)));
      amount.textContent = total ? `${label}: ${count(loaded)} of ${count(total)} (${Math.round(share * 100)} %)` : label;
    },
  };
}

function showReport(title, { failed, text }, seconds) {
  const [summary, ...rest] = text.trim().split('\n').filter((line) => !BAR.test(line));
  const refused = rest.filter((line) => line.trim() !== '');
  announce(failed ? `${title} failed` : summary);
  const dialog = openDialog(failed ? 'The import failed' : 'Import finished',
    h(failed ? 'p.output' : 'p', {}, summary),
    refused.length ? h('details.refused', { open: failed }, h('summary', {}, failed ? 'Details' : 'Rows that were refused, and why'), h('pre.output', { tabindex: '0' }, refused.map((line) => line.trim()).join('\n'))) : null,
    h('p.soft.small.numbers', {}, `It took ${seconds.toFixed(1)} s in this browser.`),
    h('div.actions', {}, h('button.button.primary', { type: 'button', autofocus: true, onclick: () => dialog.close() }, failed ? 'Close' : 'Show the board')));
}
