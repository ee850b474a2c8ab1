// WPS 表格 as its interface is documented: synchronous, files as binary strings. BOOK (base64) is the open workbook.
(function () {
  function list(items) { return strict('Collection', { Count: items.length, Item: function (key) {
    var found = typeof key === 'number' ? items[key - 1] : items.filter(function (item) { return item.Name === key; })[0];
    if (!found) throw new Error('no item ' + key);
    return found;
  } }); }

  // A single cell is no grid, as in the real thing.
  function shaped(rows) { return rows.length === 1 && rows[0].length === 1 ? rows[0][0] : rows; }

  function sheet(name) {
    return {
      get Name() { return name; },
      get ProtectContents() { return Boolean(state.locked[name]); },
      get UsedRange() {
        var found = grid.box(name) || { row: 1, column: 1, values: [['']], formulas: [['']] };
        return strict('Range', { Row: found.row, Column: found.column, Value2: shaped(found.values), Formula: shaped(found.formulas) });
      },
      Activate: typed('Activate', [], function () { state.active = name; }),
      Range: typed('Range', ['string'], function (ref) {
        return {
          get Locked() { return true; },
          get Formula() { return grid.get(name, ref).formula; },
          set Formula(content) {
            if (state.editing) throw new Error('busy');
            grid.put(name, ref, content);
          },
          Select: typed('Select', [], function () { state.selected = ref; })
        };
      })
    };
  }

  var sheets = grid.names.map(sheet);
  window.kept = { files: {}, opened: [], removed: [] };
  window.Application = strict('Application', {
    ActiveWorkbook: strict('Workbook', {
      Name: '评分 簿.xlsx',
      FullName: 'D:\\财务\\评分 簿.xlsx',
      get ReadOnly() { return state.readOnly; },
      get ActiveSheet() { return sheet(state.active); },
      Worksheets: list(sheets),
      Names: list(Object.keys(CELLS.names).map(function (name) { return { Name: name, RefersTo: CELLS.names[name] }; })),
      SaveCopyAs: typed('SaveCopyAs', ['string'], function (path) { kept.files[path] = atob(BOOK); })
    }),
    Workbooks: strict('Workbooks', {
      Open: typed('Open', ['string'], function (path) {
        if (!(path in kept.files)) throw new Error('no file ' + path);
        kept.opened.push(path);
      })
    }),
    Env: strict('Env', { GetTempPath: typed('GetTempPath', [], function () { return 'C:\\Temp\\'; }) }),
    FileSystem: strict('FileSystem', {
      readAsBinaryString: typed('readAsBinaryString', ['string'], function (path) { return kept.files[path]; }),
      writeAsBinaryString: typed('writeAsBinaryString', ['string', 'string'], function (path, data) { kept.files[path] = data; }),
      Remove: typed('Remove', ['string'], function (path) { delete kept.files[path]; kept.removed.push(path); })
    })
  });
})();
