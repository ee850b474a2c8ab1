// Making elements: texts only ever become text nodes, so nothing out of a file is read as markup.
(function () {
  'use strict';
  var SVG = 'http://www.w3.org/2000/svg';

  function make(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    [].concat(children === undefined ? [] : children).forEach(function (child) {
      if (child === null || child === '') return;
      made.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
    });
    return made;
  }

  function fill(parent, children) {
    while (parent.firstChild) parent.removeChild(parent.firstChild);
    [].concat(children).forEach(function (child) { if (child) parent.appendChild(child); });
  }

  function shape(tag, attributes) {
    var made = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    return made;
  }

  // A bar: what was got, what was lost, and the space that others use up to the widest.
  // ``open``: points that are not decided yet, which are neither won nor lost.
  function bar(got, full, widest, said, open) {
    var scale = widest > 0 ? 1000 / widest : 0;
    var drawn = shape('svg', { viewBox: '0 0 1000 20', preserveAspectRatio: 'none', 'class': 'bar', role: 'img', 'aria-label': said });
    var title = shape('title', {});
    title.textContent = said;
    drawn.appendChild(title);
    var width = Math.max(0, Math.min(got, full)) * scale;
    drawn.appendChild(shape('rect', { 'class': 'space', x: 0, y: 0, width: 1000, height: 20 }));
    drawn.appendChild(shape('rect', { 'class': 'got', x: 0, y: 0, width: width, height: 20 }));
    var waiting = Math.max(0, Math.min(open || 0, full)) * scale, end = full * scale - waiting;
    drawn.appendChild(shape('rect', { 'class': 'gone', x: width, y: 0, width: Math.max(0, end - width), height: 20 }));
    drawn.appendChild(shape('rect', { 'class': 'open', x: Math.max(width, end), y: 0, width: waiting, height: 20 }));
    return drawn;
  }

  // Points as people write them: no more places than needed, at least as many as asked for.
  function number(value, places) {
    if (value === null || value === undefined) return '—';
    var text = Math.abs(value) < 1e-9 ? '0' : String(Math.round(value * 1e6) / 1e6);
    var digits = text.indexOf('.') < 0 ? 0 : text.length - text.indexOf('.') - 1;
    if (places !== undefined && digits < places) text = value.toFixed(places);
    return text.replace('-', '−');
  }

  Jixiao.make = make;
  Jixiao.fill = fill;
  Jixiao.bar = bar;
  Jixiao.number = number;
})();
