module.exports = { testTimeout: 20_000 };
