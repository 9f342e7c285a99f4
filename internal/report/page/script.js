
'use strict';
// The page says everything without this script, which filters, folds and copies. It
// makes no element from text, and sends nothing anywhere.
(() => {
  const form = document.getElementById('filter');
  const matches = document.getElementById('matches');
  if (!form) return;
  const cards = Array.from(document.querySelectorAll('.card'), (card) => ({
    card,
    details: card.querySelector('details'),
    kind: card.dataset.kind,
    change: card.dataset.change,
    severity: card.dataset.severity,
    actor: card.dataset.actor.split('\n'),
    property: card.dataset.property.split('\n'),
    text: null,
  }));
  const groups = Array.from(document.querySelectorAll('.group'), (group) => ({
    group,
    cards: Array.from(group.querySelectorAll('.card')),
  }));
  const number = new Intl.NumberFormat('en');

  // words are what a card says, folded: made when first searched.
  const words = (c) => (c.text ??= c.card.textContent.toLowerCase());

  const fits = (c, want) =>
    (!want.severity || c.severity === want.severity) &&
    (!want.kind || c.kind === want.kind) &&
    (!want.change || c.change === want.change) &&
    (!want.actor || c.actor.includes(want.actor)) &&
    (!want.property || c.property.includes(want.property)) &&
    (!want.text || want.text.toLowerCase().split(/\s+/).every((word) => words(c).includes(word)));

  const wanted = () => {
    const want = {};
    for (const [name, value] of new FormData(form)) if (value.trim()) want[name] = value.trim();
    return want;
  };

  const filter = () => {
    const want = wanted();
    let n = 0;
    for (const c of cards) {
      c.card.hidden = !fits(c, want);
      if (!c.card.hidden) n++;
    }
    for (const g of groups) g.group.hidden = g.cards.length > 0 && g.cards.every((card) => card.hidden);
    matches.textContent =
      n === 1 && cards.length === 1 ? 'The only one is shown.'
      : n === cards.length ? `All ${number.format(n)} are shown.`
      : n === 0 ? `None of ${number.format(cards.length)} fits.`
      : `${number.format(n)} of ${number.format(cards.length)} are shown.`;
  };

  // The filter stands in the address, so that a link to it can be mailed.
  const remember = () => {
    const fragment = new URLSearchParams(wanted()).toString();
    history.replaceState(null, '', fragment ? '#' + fragment : location.pathname + location.search);
  };

  const recall = () => {
    const fragment = location.hash.slice(1);
    if (/^c\d+$/.test(fragment)) {
      const target = document.getElementById(fragment);
      if (!target) return;
      if (target.hidden) {
        form.reset();
        filter();
      }
      const details = target.querySelector('details');
      if (details) details.open = true;
      target.querySelector('summary')?.focus({ preventScroll: true });
      target.scrollIntoView();
      return;
    }
    if (fragment && !fragment.includes('=')) return;
    const want = new URLSearchParams(fragment);
    for (const field of form.elements) {
      if (!field.name) continue;
      field.value = want.get(field.name) ?? '';
      if (field.selectedIndex === -1) field.value = '';
    }
    filter();
    if (fragment) document.getElementById('changes').scrollIntoView();
  };

  let soon;
  form.addEventListener('input', () => {
    clearTimeout(soon);
    soon = setTimeout(() => { filter(); remember(); }, cards.length > 2000 ? 300 : 50);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(() => { filter(); remember(); }));
  addEventListener('hashchange', recall);

  const fold = (open) => { for (const c of cards) if (c.details && !c.card.hidden) c.details.open = open; };
  document.getElementById('open').addEventListener('click', () => fold(true));
  document.getElementById('close').addEventListener('click', () => fold(false));

  // What is printed is what is shown, opened.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = Array.from(document.querySelectorAll('details:not([open])'));
    for (const details of closed) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of closed) details.open = false; });

  const copy = (code, button) => {
    const said = (word) => { button.textContent = word; setTimeout(() => { button.textContent = 'Copy'; }, 2000); };
    const byHand = () => {
      getSelection().selectAllChildren(code);
      said(document.execCommand('copy') ? 'Copied' : 'Selected');
    };
    if (!navigator.clipboard) return byHand();
    navigator.clipboard.writeText(code.textContent).then(() => said('Copied'), byHand);
  };
  // One listener for all commands: a page may have very many.
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('.copy');
    if (button) copy(button.previousElementSibling, button);
  });
  const copyable = (within) => {
    for (const command of within.querySelectorAll('.command:not(:has(button))')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      command.append(button);
    }
  };
  document.addEventListener('toggle', (event) => { if (event.target.open) copyable(event.target); }, true);
  copyable(document.getElementById('rests'));

  // Few changes stay open; of many, only what can do harm.
  const few = 12;
  cards.forEach((c, i) => {
    if (!c.details) return;
    const open = cards.length <= few || (i < few && (c.severity === 'critical' || c.severity === 'high'));
    if (!open) c.details.open = false;
    else copyable(c.card);
  });
  form.hidden = false;
  recall();
})();
