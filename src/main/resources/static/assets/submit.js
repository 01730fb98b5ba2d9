// Sends a job to the API: a file, or a folder that is zipped here, with a progress bar, and shows its errors at the fields they are about.
(() => {
  'use strict';
  const form = document.getElementById('submit');
  if (!form) return;
  const id = name => document.getElementById(name);
  const drop = id('drop');
  const chosen = id('chosen');
  const overlays = [];
  // What a project does not need, and what the service would leave out anyway.
  const LEFT_OUT = /(^|\/)(\.git|__pycache__|\.venv|node_modules|\.idea|\.mypy_cache|\.pytest_cache)(\/|$)|(^|\/)\.DS_Store$/;
  let project = null;
  let request = null;
  // What a plan was made of is stored for a while: it is sent by its id. Files that are laid over it go along each time.
  let planned = null;

  const size = bytes => (bytes < 1048576 ? Math.ceil(bytes / 1024) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB');

  function take(file, name, note) {
    project = { file, name };
    planned = null;
    chosen.textContent = name + ' · ' + size(file.size) + (note ? ' · ' + note : '');
    const stored = id('stored');
    if (stored) stored.disabled = true;
    if (id('source')) id('source').value = '';
    clearError('project');
  }

  // One folder, as a list of {path, file}.
  async function takeFolder(name, files) {
    // Environments below the folder; one that is the folder itself has the program beside it.
    const environments = files
      .filter(each => /^[^/]+\/.+\/pyvenv\.cfg$/.test(each.path))
      .map(each => each.path.slice(0, -'pyvenv.cfg'.length));
    const kept = files.filter(each => !LEFT_OUT.test(each.path) && !environments.some(folder => each.path.startsWith(folder)));
    if (!kept.length) {
      fieldError('project', 'There is no file in this folder.');
      return;
    }
    chosen.textContent = 'Zipping ' + kept.length + ' files …';
    waiting(true);
    try {
      await library();
      const zip = new JSZip();
      kept.forEach(each => zip.file(each.path, each.file));
      const blob = await zip.generateAsync({ type: 'blob', compression: 'DEFLATE', compressionOptions: { level: 1 } }, done => {
        chosen.textContent = 'Zipping ' + kept.length + ' files … ' + Math.floor(done.percent) + ' %';
      });
      take(blob, name + '.zip', kept.length + ' files');
    } finally {
      waiting(false);
    }
  }

  const unreadable = failure => fieldError('project', 'It cannot be read: ' + failure);

  // Nothing is sent before the folder is one archive.
  function waiting(on) {
    ['send', 'look'].forEach(name => {
      id(name).disabled = on;
    });
  }

  function library() {
    if (window.JSZip) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = document.createElement('script');
      script.src = form.dataset.jszip;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  async function entries(directory, path) {
    const reader = directory.createReader();
    const all = [];
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) break;
      for (const each of some) {
        const at = path + each.name;
        if (LEFT_OUT.test(at)) continue;
        if (each.isDirectory) all.push(...(await entries(each, at + '/')));
        else all.push({ path: at, file: await new Promise((done, failed) => each.file(done, failed)) });
      }
    }
    return all;
  }

  async function dropped(event) {
    event.preventDefault();
    drop.classList.remove('over');
    const items = [...event.dataTransfer.items].filter(each => each.kind === 'file');
    const entry = items.length === 1 && items[0].webkitGetAsEntry ? items[0].webkitGetAsEntry() : null;
    if (entry?.isDirectory) await takeFolder(entry.name, await entries(entry, ''));
    else if (event.dataTransfer.files.length === 1) take(event.dataTransfer.files[0], event.dataTransfer.files[0].name);
    else if (event.dataTransfer.files.length) fieldError('project', 'Drop one archive, one .py file or one folder.');
  }

  function addOverlay(file) {
    const overlay = { file };
    const line = document.createElement('div');
    line.className = 'overlay';
    const path = document.createElement('input');
    path.type = 'text';
    path.className = 'mono';
    path.value = file.name;
    path.setAttribute('aria-label', 'Path of ' + file.name + ' in the project');
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.textContent = 'Remove';
    remove.addEventListener('click', () => {
      overlays.splice(overlays.indexOf(overlay), 1);
      line.remove();
    });
    overlay.path = path;
    overlays.push(overlay);
    line.append(path, remove);
    id('overlays').append(line);
  }

  // One NAME=value a line. A name alone, which is null, keeps the value that the earlier job had.
  function environment() {
    const all = new Map();
    const field = form.querySelector('[data-variables]');
    for (const line of field.value
      .split('\n')
      .map(each => each.trim())
      .filter(each => each)) {
      const equals = line.indexOf('=');
      const name = equals < 0 ? line : line.slice(0, equals);
      if (all.has(name)) {
        fieldError(field.id, name + ' is given twice; give it once');
        field.focus();
        return null;
      }
      all.set(name, equals < 0 ? null : line.slice(equals + 1));
    }
    return all;
  }

  function body(variables) {
    const data = new FormData();
    // An earlier job's project is named by the job, which alone lets values be kept.
    const stored = project && planned && Date.parse(planned.expiresAt) - Date.now() > 60000 ? planned.baseProject : null;
    if (stored) data.append('project', stored);
    else if (named()) data.append('project', named());
    else if (project) data.append('project', project.file, project.name);
    else data.append('project', id('stored').value);
    form.querySelectorAll('[data-single]').forEach(each => {
      const value = each.value.trim();
      if (value) data.append(each.name, value);
    });
    // A stored project has lost the name of its upload.
    if (stored && !data.has('name')) data.append('name', planned.name);
    form.querySelectorAll('[data-each]').forEach(each =>
      each.value.split('\n').forEach(line => {
        const text = each.dataset.each === 'arguments' ? line.replace(/\r$/, '') : line.trim();
        if (text) data.append(each.dataset.each, text);
      })
    );
    // A form has no null.
    if (variables.size) data.append('spec', JSON.stringify({ [form.querySelector('[data-variables]').id]: Object.fromEntries(variables) }));
    overlays.forEach(each => {
      data.append('config', each.file, each.file.name);
      data.append('configPath', each.path.value.trim());
    });
    return data;
  }

  // The URI of a project that the service is to fetch.
  const named = () => (id('source') && !project ? id('source').value.trim() : '');

  const errorOf = field => form.querySelector('[data-error="' + field + '"]');

  function fieldError(field, message) {
    const error = errorOf(field);
    if (!error) return false;
    error.textContent = error.hidden || !error.textContent ? message : error.textContent + ' ' + message;
    error.hidden = false;
    error.id = 'error-' + field;
    const input = id(field) || drop;
    if (input === drop) drop.classList.add('bad');
    else {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', error.id);
    }
    const folded = error.closest('details');
    if (folded) folded.open = true;
    return true;
  }

  function clearError(field) {
    const error = errorOf(field);
    if (!error) return;
    error.hidden = true;
    error.textContent = '';
    drop.classList.remove('bad');
    const input = id(field);
    if (input) {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    }
  }

  function clearErrors() {
    id('problem').hidden = true;
    form.querySelectorAll('[data-error]').forEach(each => clearError(each.dataset.error));
  }

  // Which field a problem without a list of its own is about.
  const FIELD = {
    'unknown-cluster': 'cluster',
    'unknown-project': 'project',
    'no-entry-point': 'entryPoint',
    'ambiguous-config': 'config',
    'missing-part': 'project',
    'invalid-source': 'project',
    'source-not-allowed': 'project',
    'source-changed': 'project',
    'source-not-found': 'project',
    'source-unavailable': 'project',
    'upload-too-large': 'project',
    'not-an-archive': 'project',
    'damaged-archive': 'project',
    'encrypted-archive': 'project',
    'unsafe-path': 'project',
    'duplicate-path': 'project',
    'unreadable-name': 'project',
    'archive-too-large': 'project'
  };

  function refused(problem, fallback) {
    const kind = String(problem?.type || '')
      .split(':')
      .pop();
    const banner = id('problem');
    banner.replaceChildren();
    const title = document.createElement('strong');
    title.textContent = problem?.title || fallback;
    const text = document.createElement('span');
    text.textContent = problem?.detail || '';
    banner.append(title, text);
    const rest = document.createElement('ul');
    let placed = false;
    (problem?.errors || []).forEach(each => {
      const field = String(each.at).split(/[.[]/)[0];
      const inner = String(each.at).slice(field.length).replace(/^\./, '');
      // The mistakes of a spec begin with a verb.
      if (fieldError(field, (kind === 'invalid-spec' && inner ? inner + ' ' : '') + each.message)) {
        placed = true;
        return;
      }
      const line = document.createElement('li');
      line.textContent = (each.at ? each.at + ': ' : '') + each.message;
      rest.append(line);
    });
    if (rest.childElementCount) banner.append(rest);
    if (!placed && FIELD[kind]) fieldError(FIELD[kind], problem.detail);
    banner.hidden = false;
    const first = form.querySelector('[aria-invalid=true]');
    if (first) first.focus();
    else banner.focus();
  }

  function sending(on) {
    id('sending').hidden = !on;
    id('stop').hidden = !on;
    waiting(on);
  }

  function send(address, done) {
    clearErrors();
    if (!project && !named() && !id('stored')) {
      fieldError('project', 'Choose the project first.');
      id('file').focus();
      return;
    }
    if (project && project.file.size > Number(form.dataset.max)) {
      fieldError('project', 'It is larger than ' + form.dataset.maxText + '.');
      return;
    }
    const variables = environment();
    if (!variables) return;
    request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Accept', 'application/json');
    const csrf = document.querySelector('meta[name=csrf]');
    if (csrf) request.setRequestHeader('X-XSRF-TOKEN', csrf.content);
    request.upload.onprogress = progress => {
      const share = progress.lengthComputable ? Math.floor((100 * progress.loaded) / progress.total) : 0;
      id('progress').value = share;
      id('progress-text').textContent = share < 100 ? share + ' % of ' + size(progress.total) : 'Checking and storing …';
    };
    request.onload = () => {
      sending(false);
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        /* said below */
      }
      if (request.status < 300 && answer) done(answer);
      else refused(answer, 'The service answered ' + request.status + '.');
    };
    request.onerror = () => {
      sending(false);
      refused(
        null,
        'The service did not answer. Nothing is known to have been accepted: look at the list of jobs before you send it again.'
      );
    };
    request.onabort = () => sending(false);
    id('progress').value = 0;
    id('progress-text').textContent = '0 %';
    sending(true);
    request.send(body(variables));
  }

  function cell(text, kind) {
    const made = document.createElement('td');
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function mark(text) {
    const made = document.createElement('span');
    made.className = 'label';
    made.textContent = text;
    return made;
  }

  function note(tone, title, text) {
    const made = document.createElement('div');
    made.className = 'finding ' + tone;
    const head = document.createElement('strong');
    head.textContent = title;
    made.append(head, ' ', text);
    return made;
  }

  // Nobody reads a hundred thousand rows.
  const MOST_ROWS = 500;

  function rest(count) {
    const row = document.createElement('tr');
    const made = cell('… and ' + count.toLocaleString('en') + ' more');
    made.colSpan = 3;
    row.append(made);
    return row;
  }

  function show(plan) {
    planned = plan;
    id('plan-entry').textContent = plan.entryPoint;
    id('plan-command').textContent = plan.commandLine;
    const laid = plan.files.filter(file => file.overlay).length;
    id('plan-count').textContent =
      plan.files.length +
      (plan.files.length === 1 ? ' file' : ' files') +
      (laid ? ', ' + laid + ' of them configuration laid over the project' : '');
    id('plan-files').replaceChildren(
      ...plan.files.slice(0, MOST_ROWS).map(file => {
        const row = document.createElement('tr');
        const path = cell(file.path);
        if (file.overlay) path.append(' ', mark('configuration, ' + file.overlay));
        row.append(path, cell(file.target), cell(size(file.size), 'num'));
        return row;
      }),
      ...(plan.files.length > MOST_ROWS ? [rest(plan.files.length - MOST_ROWS)] : [])
    );
    id('plan-left').hidden = id('plan-left-term').hidden = !plan.leftOut.length;
    const left = plan.leftOut.reduce((sum, each) => sum + each.files, 0);
    id('plan-left-count').textContent = left + (left === 1 ? ' file does' : ' files do') + ' not travel';
    id('plan-left-out').replaceChildren(
      ...plan.leftOut.map(each => {
        const row = document.createElement('tr');
        row.append(cell(each.path), cell(each.why), cell(each.files, 'num'));
        return row;
      })
    );
    const notes = plan.problems.map(each => note('s-failed', 'The cluster would refuse it.', each.message));
    plan.problems.forEach(each => fieldError(String(each.at).split(/[.[]/)[0], each.message));
    plan.findings.forEach(each =>
      notes.push(
        note(
          each.severity === 'INFO' ? 's-queued' : 's-cancelled',
          (each.file ? each.file + (each.line ? ':' + each.line : '') + ' ' : '') + each.what,
          each.wayOut
        )
      )
    );
    if (!notes.length) notes.push(note('s-succeeded', 'No problems found.', ''));
    id('plan-findings').replaceChildren(...notes);
    id('plan').hidden = false;
    id('plan').focus();
    id('plan').scrollIntoView({ block: 'nearest' });
  }

  drop.addEventListener('dragover', event => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', event => dropped(event).catch(unreadable));
  id('file').addEventListener('change', event => {
    if (event.target.files[0]) take(event.target.files[0], event.target.files[0].name);
  });
  id('folder').addEventListener('change', event => {
    const files = [...event.target.files];
    if (files.length)
      takeFolder(
        files[0].webkitRelativePath.split('/')[0],
        files.map(file => ({ path: file.webkitRelativePath.split('/').slice(1).join('/'), file }))
      ).catch(unreadable);
  });
  id('source')?.addEventListener('input', () => {
    project = null;
    planned = null;
    chosen.textContent = '';
    id('file').value = '';
  });
  id('overlay').addEventListener('change', event => {
    [...event.target.files].forEach(addOverlay);
    event.target.value = '';
  });
  id('stop').addEventListener('click', () => {
    if (request) request.abort();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    send(form.dataset.jobs, job => location.assign(form.dataset.page + job.id));
  });
  id('look').addEventListener('click', () => send(form.dataset.plans, show));
})();
