// A stand-in for @kosko/env: the package registry has kosko 1.2.5 as its newest, and not this part of it. `kosko generate`
// sets these fields, and the component here reads none of them. It costs kosko less than the real one would.
exports.default = { paths: {}, setReducers() {} };
