// Around Elsa Studio: chooses the element, keeps its token fresh, and says in French why a request was refused.
// An IIFE, because the Studio's libraries declare single letters at top level.
(() => {
  'use strict';
  const main = document.getElementById('studio');
  const said = document.getElementById('studio-said');
  const endpoint = main.dataset.endpoint;
  const root = '/studio/';
  const open = path => location.assign(root + path);

  if (!localStorage.getItem('BlazorCulture')) localStorage.setItem('BlazorCulture', 'fr-FR');

  // The Studio takes a token once and never asks for another one: each of its calls gets the newest here.
  let token = main.dataset.token;
  let renewing = null;
  let renewAt = Date.now() + 10 * 60 * 1000;
  const plainFetch = window.fetch.bind(window);

  function renew() {
    renewing ??= plainFetch(root + 'token', { redirect: 'error', cache: 'no-store' })
      .then(answer => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then(fresh => {
        token = fresh.accessToken;
        renewAt = Date.now() + (fresh.seconds * 1000 * 2) / 3;
      })
      .catch(() => say(['Votre session est terminée : rechargez la page pour vous reconnecter. Ce qui était enregistré le reste.']))
      .finally(() => { renewing = null; });
    return renewing;
  }

  function say(sentences) {
    said.replaceChildren(...sentences.map(sentence => {
      const line = document.createElement('p');
      line.textContent = sentence;
      return line;
    }));
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Fermer';
    close.addEventListener('click', () => { said.hidden = true; });
    said.append(close);
    said.hidden = false;
  }

  window.fetch = async (input, init) => {
    const address = typeof input === 'string' ? input : input.url ?? String(input);
    if (!address.startsWith(endpoint.replace(/\/api$/, ''))) return plainFetch(input, init);
    if (Date.now() > renewAt) await renew();
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('Authorization', 'Bearer ' + token);
    const answer = await plainFetch(input, { ...init, headers });
    if (answer.status === 403) say(['Vous n’avez pas le droit de faire cela. Rien n’a été changé.']);
    else if (answer.status >= 400 && (answer.headers.get('content-type') ?? '').includes('json')) {
      const problem = await answer.clone().json().catch(() => null);
      const sentences = Object.values(problem?.errors ?? {}).flat().filter(s => typeof s === 'string');
      if (sentences.length > 0) say(sentences);

      // Of a deletion the Studio understands 404 alone, and breaks on any other refusal; the reason is shown above.
      if (answer.status === 409) return new Response(null, { status: 404 });
    }
    return answer;
  };

  // One element a document: another path is another document.
  let shown = location.pathname;
  const follow = () => { if (location.pathname !== shown) { shown = location.pathname; location.reload(); } };
  for (const name of ['pushState', 'replaceState']) {
    const plain = history[name];
    history[name] = function (...given) {
      const result = plain.apply(this, given);
      follow();
      return result;
    };
  }
  window.addEventListener('popstate', follow);

  const element = document.createElement(main.dataset.element);
  element.setAttribute('remote-endpoint', endpoint);
  element.setAttribute('access-token', token);
  if (main.dataset.attribute) element.setAttribute(main.dataset.attribute, main.dataset.value);
  main.append(element);
  customElements.whenDefined(main.dataset.element).then(() => {
    document.getElementById('studio-wait')?.remove();
    element.editWorkflowDefinition = id => open(`workflows/definitions/${encodeURIComponent(id)}/edit`);
    element.viewWorkflowInstance = id => open(`workflows/instances/${encodeURIComponent(id)}/view`);
  });
})();
