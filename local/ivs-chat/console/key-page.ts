/** The page for a browser that opens the console without its key. */
export const keyPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>Local IVS Chat</title>
    <style>
      body { margin: 0; display: grid; place-items: center; min-height: 100vh; font: 16px/24px system-ui, sans-serif; }
      main { max-width: 32rem; padding: 24px; }
      h1 { font-size: 24px; line-height: 32px; margin: 0 0 8px; }
      p { margin: 0; }
    </style>
  </head>
  <body>
    <main>
      <h1>Open the console at its own address</h1>
      <p>The console shows messages and performs operations, so its address has a key. The local IVS Chat prints the
        address when it starts.</p>
    </main>
  </body>
</html>
`;
