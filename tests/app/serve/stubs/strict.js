// Typed stand-ins: an unknown member, a wrong number of arguments or a wrong type is an error, as it is in the real thing.
window.typed = function (name, takes, gives) {
  return function () {
    var given = [].slice.call(arguments);
    if (given.length !== takes.length) throw new TypeError(name + ' takes ' + takes.length + ' arguments');
    given.forEach(function (value, at) {
      if (typeof value !== takes[at]) throw new TypeError(name + ': argument ' + at + ' is no ' + takes[at]);
    });
    return gives.apply(null, given);
  };
};

window.strict = function (name, members) {
  return new Proxy(members, {
    get: function (target, key) {
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return undefined;
      if (!(key in target)) throw new TypeError(name + ' has no ' + key);
      return target[key];
    },
    set: function (target, key) { throw new TypeError(name + '.' + String(key) + ' cannot be set'); }
  });
};

window.fromBase64 = function (text) { return atob(text); };
