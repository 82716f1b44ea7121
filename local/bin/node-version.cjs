// Programs load this file first. It has the syntax of old versions, so that every version of Node.js can print the message.

/** @type {string} */
// @ts-ignore TypeScript needs an option for JSON
var minimum = require('../../package.json').engines.node.replace(/[^0-9.]/g, '');

/** @param {string} version */
function order(version) {
  var parts = version.split('.');
  return Number(parts[0]) * 1000 + Number(parts[1]);
}

if (order(process.versions.node) < order(minimum)) {
  console.error('cdk-ivs-chat requires Node.js ' + minimum + ' or later. This is Node.js ' + process.versions.node +
    '. Install a supported version from https://nodejs.org and run the command again.');
  process.exit(1);
}
