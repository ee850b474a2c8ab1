// The cells of an open workbook behind a stand-in. CELLS is the workbook as it is told; every call on it is kept in order.
(function () {
  var sheets = {};
  window.calls = [];
  window.state = { locked: {}, readOnly: false, editing: false, merged: {}, active: CELLS.active, selected: '' };
  CELLS.sheets.forEach(function (sheet) {
    var cells = {};
    sheet.values.forEach(function (line, r) {
      line.forEach(function (value, c) {
        var formula = sheet.formulas[r + ',' + c];
        if (formula || value !== null) cells[(sheet.row + r) + ',' + (sheet.column + c)] = { value: value === null ? '' : value, formula: formula || (value === null ? '' : value) };
      });
    });
    sheets[sheet.name] = cells;
  });

  function spot(ref) {
    var found = /^([A-Z]{1,3})([1-9][0-9]*)$/.exec(ref), column = 0;
    if (!found) throw new TypeError('no address: ' + ref);
    found[1].split('').forEach(function (letter) { column = column * 26 + letter.charCodeAt(0) - 64; });
    return found[2] + ',' + column;
  }

  window.grid = {
    names: CELLS.sheets.map(function (sheet) { return sheet.name; }),
    has: function (sheet) { return sheet in sheets; },
    get: function (sheet, ref) { return sheets[sheet][spot(ref)] || { value: '', formula: '' }; },
    put: function (sheet, ref, content) {
      calls.push(['put', sheet, ref, content]);
      if (state.merged[sheet + '!' + ref]) return;
      var text = typeof content === 'string' && content.charAt(0) === "'" ? content.slice(1) : content;
      if (content === '') delete sheets[sheet][spot(ref)];
      else sheets[sheet][spot(ref)] = { value: text, formula: text };
    },
    box: function (sheet) {
      var rows = [], columns = [];
      Object.keys(sheets[sheet]).forEach(function (key) { var at = key.split(',').map(Number); rows.push(at[0]); columns.push(at[1]); });
      if (!rows.length) return null;
      var top = Math.min.apply(null, rows), left = Math.min.apply(null, columns), made = { row: top, column: left, values: [], formulas: [] };
      for (var r = top; r <= Math.max.apply(null, rows); r += 1) {
        var values = [], formulas = [];
        for (var c = left; c <= Math.max.apply(null, columns); c += 1) {
          var cell = sheets[sheet][r + ',' + c] || { value: '', formula: '' };
          values.push(cell.value);
          formulas.push(cell.formula);
        }
        made.values.push(values);
        made.formulas.push(formulas);
      }
      return made;
    }
  };
})();
