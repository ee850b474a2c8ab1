// Exact decimals and the functions that the script reading of an expression calls: the number reading, once more.
// A number is {n: BigInt, e: decimals}; a blank is null; a column is an array. 28 digits as Python's decimal keeps.
const NA = "不适用", WAITING = "待核定";
const TEN = k => 10n ** BigInt(k);
const N = (n, e) => e < 0 ? {n: n * TEN(-e), e: 0} : {n, e};
const D = text => { const [whole, cents = ""] = text.split("."); return {n: BigInt(whole + cents), e: cents.length}; };
const isNumber = x => x !== null && typeof x === "object" && !Array.isArray(x);
const num = x => { if (!isNumber(x)) throw new TypeError(String(x)); return x; };
const size = n => n < 0n ? -n : n;
const digits = n => n === 0n ? 1 : size(n).toString().length;
// n without its last k digits: half away from zero, or half to even
const cut = (n, k, even) => {
  if (k <= 0) return n;
  const unit = TEN(k), whole = size(n) / unit, rest = 2n * (size(n) % unit);
  const up = rest > unit || (rest === unit && !(even && whole % 2n === 0n));
  return (n < 0n ? -1n : 1n) * (whole + (up ? 1n : 0n));
};
const kept = ({n, e}) => { const k = digits(n) - 28; return k > 0 ? N(cut(n, k, true), e - k) : N(n, e); };
const pair = (a, b) => { const e = Math.max(num(a).e, num(b).e); return [a.n * TEN(e - a.e), b.n * TEN(e - b.e), e]; };
const plus = (a, b) => { const [x, y, e] = pair(a, b); return kept({n: x + y, e}); };
const minus = (a, b) => { const [x, y, e] = pair(a, b); return kept({n: x - y, e}); };
const times = (a, b) => kept({n: num(a).n * num(b).n, e: a.e + b.e});
const over = (a, b) => {
  const k = Math.max(0, 30 + digits(b.n) - digits(a.n)), top = size(a.n) * TEN(k), sign = (a.n < 0n) === (b.n < 0n) ? 1n : -1n;
  const q = top / size(b.n), exact = top % size(b.n) === 0n;
  return kept({n: sign * (exact ? q : q * 10n + 1n), e: a.e - b.e + k + (exact ? 0 : 1)});
};
const cmp = (a, b) => { const [x, y] = pair(a, b); return x < y ? -1 : x > y ? 1 : 0; };
const abs = a => kept({n: size(num(a).n), e: a.e});
const min = (...xs) => xs.map(num).reduce((a, b) => cmp(b, a) < 0 ? b : a);
const max = (...xs) => xs.map(num).reduce((a, b) => cmp(b, a) > 0 ? b : a);
// as a spreadsheet: cut to 15 digits first, then half away from zero
const round = (a, places) => {
  const k = digits(num(a).n) - 15, x = k > 0 ? N(cut(a.n, k), a.e - k) : a;
  return x.e > places ? N(cut(x.n, x.e - places), places) : x;
};
const floor = a => { const unit = TEN(num(a).e), q = a.n / unit; return {n: a.n < 0n && a.n % unit !== 0n ? q - 1n : q, e: 0}; };
const ceil = a => { const x = floor({n: -num(a).n, e: a.e}); return {n: -x.n, e: 0}; };
const ratio = (below, above, zero) => num(below).n === 0n ? zero() : round(over(num(above()), below), 6);
const flat = xs => xs.flat().filter(isNumber);
const total = xs => flat(xs).reduce(plus, D("0"));
const count = xs => D(String(flat(xs).length));
const best = xs => flat(xs).length ? max(...flat(xs)) : D("0");
const where = (tests, text, column) => total(column.filter((_, i) => tests[i] === text));
const orZero = x => isNumber(x) ? x : D("0");
const same = (x, text) => (x === null && text === "") || (typeof x === "string" && x.toLowerCase() === text.toLowerCase());
const every = xs => xs.every(Boolean);
const some = xs => xs.some(Boolean);
const outcome = xs => xs.every(x => isNumber(x) || x === NA) ? NA : WAITING;
const plain = ({n, e}) => {
  const text = size(n).toString().padStart(e + 1, "0"), cents = e ? text.slice(-e).replace(/0+$/, "") : "";
  return (n < 0n ? "-" : "") + (e ? text.slice(0, -e) : text) + (cents && "." + cents);
};
// with so many decimals at least
const fixed = (a, places) => { const [whole, cents = ""] = plain(a).split("."); return whole + (places ? "." + cents.padEnd(places, "0") : ""); };
const word = x => isNumber(x) ? plain(x) : x === null ? "" : String(x);
const say = xs => xs.map(word).join("");
const day = a => {
  const at = new Date(Date.UTC(1899, 11, 30) + Number(floor(a).n) * 864e5);
  return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
};
const percent = (a, places) => { const rate = times(round(a, 4), D("100")); return (places ? fixed(rate, 2) : plain(rate)) + "%"; };
const show = (x, style, blank) => {
  if (!isNumber(x)) return word(x) || blank;
  if (style === "amount") return fixed(round(x, round(x, 2).n !== 0n || x.n === 0n ? 2 : 6), 2);
  if (style === "rate") return percent(x);
  if (style === "date") return cmp(x, D("61")) >= 0 && cmp(x, D("2958466")) < 0 ? day(x) : "（不是日期）";
  return style === "text" ? fixed(round(x, 2), 2) : plain(round(x, 2));
};

// The net: a function for every item, a value for every entry, both by number; ``v`` reads either once.
let items = [], given = [], memo = [];
const v = i => {
  if (!(i in memo)) {
    try { memo[i] = items[i] ? items[i]() : given[i] ?? null; } catch (error) { memo[i] = WAITING; }
  }
  return memo[i];
};
