// Talking to the service: the token of this start, one question at a time, errors as the catalogue words them.
(function () {
  'use strict';
  var KEY = 'jixiao-token', SESSION = 'jixiao-session';
  var MOST_BYTES = 30 * 1000 * 1000;
  var token = sessionStorage.getItem(KEY) || '';

  class Trouble extends Error {
    constructor(finding) {
      super(finding.message);
      this.finding = finding;
    }
  }

  function trouble(message, advice, code) {
    return new Trouble({ code: code || '', level: 'error', message: message, advice: advice || '', sources: [] });
  }

  async function send(method, path, body, type) {
    var headers = {};
    if (token) headers['X-Jixiao-Token'] = token;
    if (body !== undefined) headers['Content-Type'] = type || 'application/json';
    var answer;
    try {
      answer = await fetch(path, { method: method, headers: headers, body: body, cache: 'no-store', credentials: 'omit' });
    } catch (error) {
      throw trouble('连接不上绩效评分服务', '服务可能已经停止。请从开始菜单的“绩效评分服务”启动，或在终端运行 jixiao serve');
    }
    if (!answer.ok) {
      var said = null;
      try { said = (await answer.json()).error; } catch (error) { said = null; }
      if (answer.status === 401) sessionStorage.removeItem(KEY);
      throw said ? new Trouble(said) : trouble('服务没有完成这次操作（' + answer.status + '）', '请重试');
    }
    return answer;
  }

  async function ask(method, path, data) {
    var answer = await send(method, path, data === undefined ? undefined : JSON.stringify(data));
    return answer.json();
  }

  async function redeem(code) {
    var made = await ask('POST', '/api/open', { code: code });
    token = made.token;
    sessionStorage.setItem(KEY, token);
  }

  async function open() {
    // the code stands behind the # of the address: no server ever sees it there, and it is good once; a session may follow it
    var parts = /^#([\w-]{16,64})(?::([\w-]{16,64}))?$/.exec(location.hash);
    if (location.hash) history.replaceState(null, '', location.pathname);
    if (parts) {
      if (parts[2]) sessionStorage.setItem(SESSION, parts[2]);
      await redeem(parts[1]);
    }
    return token !== '';
  }

  async function upload(path, name, bytes) {
    if (bytes.size >= MOST_BYTES || bytes.byteLength >= MOST_BYTES) {
      throw trouble('“' + name + '”超过 30 MB', '请删除用不到的工作表和图片后重试', 'J868');
    }
    var answer = await send('PUT', path + '?name=' + encodeURIComponent(name), bytes, 'application/octet-stream');
    return answer.json();
  }

  async function fetchFile(path) {
    var answer = await send('GET', path);
    var named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') || '');
    return { name: named ? decodeURIComponent(named[1]) : '下载', bytes: await answer.arrayBuffer(), type: answer.headers.get('content-type') };
  }

  // The page goes: what it had is removed on the service, unless the page comes back soon.
  function leave(path) {
    fetch(path, { method: 'POST', headers: { 'X-Jixiao-Token': token }, keepalive: true }).catch(function () {});
  }

  window.Jixiao = { ask: ask, open: open, redeem: redeem, upload: upload, fetchFile: fetchFile, leave: leave, trouble: trouble, SESSION: SESSION, hosts: {} };
})();
