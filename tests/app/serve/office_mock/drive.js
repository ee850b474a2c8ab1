// office.js of the pane over the object model that the makers of Office.js mock: prints what it read, wrote and was refused.
'use strict';
const fs = require('fs'), vm = require('vm');
const { OfficeMockObject } = require('office-addin-mock');
const { OfficeAddinManifest } = require('office-addin-manifest');
const [hostFile, manifestFile] = process.argv.slice(2);

const SHEETS = { 封面: [['单位', '某局']], 评分表: [['指标', '得分'], ['支出完成率', 4]] };

// One open workbook. `calls` holds every call in its order; `state` is what a user has done to the workbook.
function open(state) {
  const calls = [], made = [];
  const mock = (name, members) => {
    const one = new OfficeMockObject(members, 'excel');
    const load = one.load.bind(one);
    one.load = (names) => { calls.push(['load', name, names]); return load(names); };
    made.push(one);
    return one;
  };
  const sheet = (name) => Object.assign(mock(name, {
    name: name,
    activate: () => calls.push(['activate', name]),
    getRange: (ref) => {
      const range = mock(`${name}!${ref}`, { formulas: [['']], select: () => calls.push(['select', ref]) });
      range.format = { protection: mock(`${name}!${ref} protection`, { locked: true }) };
      state.ranges[`${name}!${ref}`] = range;
      return range;
    },
    getUsedRangeOrNullObject: () => {
      const range = mock(name, { values: SHEETS[name], formulas: SHEETS[name], rowIndex: 0, columnIndex: 0 });
      range.isNullObject = false;
      return range;
    }
  }), { protection: mock(`${name} protection`, { protected: state.locked === name }) });
  const every = Object.fromEntries(Object.keys(SHEETS).map((name) => [name, sheet(name)]));
  const names = [mock('name', { name: '单位', formula: '=封面!$B$1' })];
  // A collection loads its items: the mock knows none, so each is asked.
  const collection = (items, members) => Object.assign({
    items: items,
    load: (asked) => asked.split(',').forEach((one) => items.forEach((item) => item.load(one.replace('items/', ''))))
  }, members);
  const workbook = {
    worksheets: collection(Object.values(every), {
      getActiveWorksheet: () => every['评分表'], getItem: (name) => every[name]
    }),
    names: collection(names)
  };
  const sync = async () => {
    calls.push(['sync']);
    if (state.editing) throw Object.assign(new Error('editing'), { code: 'InvalidOperationInCellEditMode' });
    for (const one of made) await one.sync();
  };
  return { calls, run: async (batch) => batch({ workbook, sync }) };
}

// What the pane does with a workbook in this state: the result, or why it was refused, and every call.
async function does(state, action) {
  state.ranges = {};
  const book = open(state), bytes = [80, 75, 3, 4];
  const file = {
    sliceCount: 2,
    getSliceAsync: (index, done) => done({ status: 'succeeded', value: { data: bytes.slice(index * 2, index * 2 + 2) } }),
    closeAsync: () => book.calls.push(['close'])
  };
  const Office = {
    context: { document: {
      mode: state.readOnly ? 'readOnly' : 'readWrite', url: 'https://d/%E7%B0%BF.xlsx?web=1',
      getFileAsync: (kind, options, done) => done({ status: 'succeeded', value: file })
    } },
    DocumentMode: { ReadOnly: 'readOnly' }, FileType: { Compressed: 'compressed' }, AsyncResultStatus: { Succeeded: 'succeeded' }
  };
  const Jixiao = {
    hosts: {},
    refused: (why, place) => Object.assign(new Error(why), { place: place }),
    trouble: (message) => new Error(message),
    told: (name, row, column, values, formulas) => ({ name, row, column, values, formulas })
  };
  const world = { window: { Office }, Office, Excel: { run: book.run }, Jixiao, Blob, Uint8Array, btoa, console };
  vm.runInNewContext(fs.readFileSync(hostFile, 'utf8'), world);
  let result, refused = null;
  try { result = await action(Jixiao.hosts.office); } catch (error) { refused = [error.message, error.place || '']; }
  if (result && result.bytes) result.bytes = Array.from(result.bytes);
  const cells = Object.fromEntries(Object.entries(state.ranges).map(([ref, range]) => [ref, range.formulas]));
  return { result, refused, cells, calls: book.calls };
}

(async function () {
  const puts = [['评分表', 'B2', 3.5], ['评分表', 'C2', '说明']];
  const manifest = await OfficeAddinManifest.readManifestFile(manifestFile);
  process.stdout.write(JSON.stringify({
    manifest: manifest,
    read: await does({}, (host) => host.read()),
    cells: await does({}, (host) => host.cells(true)),
    write: await does({}, (host) => host.write(puts)),
    goTo: await does({}, (host) => host.goTo('封面', 'B1:C3')),
    readOnly: await does({ readOnly: true }, (host) => host.cells(true)),
    locked: await does({ locked: '评分表' }, (host) => host.write(puts)),
    editing: await does({ editing: true }, (host) => host.write(puts))
  }));
})();
