// Excel as Office.js documents it: slices by callback, new workbooks by promise. BOOK (base64) is the open workbook.
(function () {
  var bytes = Uint8Array.from(atob(BOOK), function (letter) { return letter.charCodeAt(0); });
  window.kept = { created: [], closed: 0, slices: [] };
  function slices(size) { return Math.ceil(bytes.length / size); }
  window.Office = strict('Office', {
    onReady: typed('onReady', [], function () { return Promise.resolve({ host: 'Excel', platform: 'PC' }); }),
    HostType: strict('HostType', { Excel: 'Excel' }),
    DocumentMode: strict('DocumentMode', { ReadOnly: 'readOnly', ReadWrite: 'readWrite' }),
    FileType: strict('FileType', { Compressed: 'compressed' }),
    AsyncResultStatus: strict('AsyncResultStatus', { Succeeded: 'succeeded', Failed: 'failed' }),
    context: strict('context', {
      document: strict('document', {
        get mode() { return state.readOnly ? 'readOnly' : 'readWrite'; },
        url: 'https://d.docs.live.net/1/%E8%AF%84%E5%88%86%E7%B0%BF.xlsx?web=1',
        getFileAsync: typed('getFileAsync', ['string', 'object', 'function'], function (kind, options, call) {
          var size = options.sliceSize;
          if (kind !== 'compressed' || !(size > 0 && size <= 4194304)) throw new TypeError('getFileAsync');
          call({ status: 'succeeded', value: strict('File', {
            sliceCount: slices(size),
            size: bytes.length,
            getSliceAsync: typed('getSliceAsync', ['number', 'function'], function (index, done) {
              kept.slices.push(index);
              done({ status: 'succeeded', value: strict('Slice', {
                index: index, size: size, data: Array.from(bytes.subarray(index * size, (index + 1) * size))
              }) });
            }),
            closeAsync: typed('closeAsync', ['function'], function (done) { kept.closed += 1; done({ status: 'succeeded' }); })
          }) });
        })
      })
    })
  });
  // An object of the host: what is read must have been loaded, and synchronised since.
  function proxy(context, name, getters, members) {
    var wanted = [], known = {};
    context.all.push(function () { wanted.forEach(function (key) { known[key] = getters[key](); }); });
    var made = Object.assign({
      load: typed('load', ['string'], function (names) {
        calls.push(['load', name, names]);
        wanted = wanted.concat(names.split(',').map(function (each) { return each.replace('items/', ''); }));
      })
    }, members);
    Object.keys(getters).forEach(function (key) {
      Object.defineProperty(made, key, { enumerable: true, get: function () {
        if (!(key in known)) throw new Error(name + '.' + key + ' was not loaded');
        return known[key];
      }, set: function (value) {
        if (key !== 'formulas') throw new TypeError(name + '.' + key + ' cannot be set');
        context.later.push(function () { grid.put(members.at[0], members.at[1], value[0][0]); });
      } });
    });
    return made;
  }

  function range(context, sheet, ref) {
    return proxy(context, 'Range', { formulas: function () { return [[grid.get(sheet, ref).formula]]; } }, {
      at: [sheet, ref],
      format: { protection: proxy(context, 'FormatProtection', { locked: function () { return true; } }, {}) },
      select: typed('select', [], function () { context.later.push(function () { state.selected = ref; }); })
    });
  }

  function worksheet(context, name) {
    if (!grid.has(name)) throw new Error('ItemNotFound');
    return proxy(context, 'Worksheet', { name: function () { return name; } }, {
      protection: proxy(context, 'WorksheetProtection', { protected: function () { return Boolean(state.locked[name]); } }, {}),
      activate: typed('activate', [], function () { context.later.push(function () { state.active = name; }); }),
      getRange: typed('getRange', ['string'], function (ref) { return range(context, name, ref); }),
      getUsedRangeOrNullObject: typed('getUsedRangeOrNullObject', ['boolean'], function () {
        var found = grid.box(name);
        return proxy(context, 'Range', {
          values: function () { return found.values; }, formulas: function () { return found.formulas; },
          rowIndex: function () { return found.row - 1; }, columnIndex: function () { return found.column - 1; }
        }, { isNullObject: !found });
      })
    });
  }

  function Context() {
    var context = this;
    this.all = [];
    this.later = [];
    this.sync = typed('sync', [], async function () {
      calls.push(['sync']);
      if (state.editing) throw Object.assign(new Error('editing'), { code: 'InvalidOperationInCellEditMode' });
      context.later.splice(0).forEach(function (call) { call(); });
      context.all.forEach(function (call) { call(); });
    });
    var sheets = proxy(this, 'WorksheetCollection', { name: function () { return ''; } }, {
      getActiveWorksheet: typed('getActiveWorksheet', [], function () { return worksheet(context, state.active); }),
      getItem: typed('getItem', ['string'], function (name) { return worksheet(context, name); })
    });
    Object.defineProperty(sheets, 'items', { get: function () {
      return grid.names.map(function (name) { return { name: name, getUsedRangeOrNullObject: worksheet(context, name).getUsedRangeOrNullObject }; });
    } });
    var names = proxy(this, 'NamedItemCollection', { name: function () { return ''; }, formula: function () { return ''; } }, {
      items: Object.keys(CELLS.names).map(function (name) { return { name: name, formula: CELLS.names[name] }; })
    });
    this.workbook = strict('Workbook', { worksheets: sheets, names: names });
  }

  window.Excel = strict('Excel', {
    run: typed('run', ['function'], async function (batch) {
      var context = new Context(), made = await batch(context);
      if (context.later.length) await context.sync();
      return made;
    }),
    createWorkbook: typed('createWorkbook', ['string'], function (base64) { kept.created.push(base64); return Promise.resolve(); })
  });
})();
