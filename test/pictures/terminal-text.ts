/** A part of a line in one style. */
export interface Span {
  readonly text: string;
  readonly styles: readonly string[];
}

const STYLES: { readonly [code: string]: string } = {
  1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan',
};
/** The codes that end a style, with the styles that they end. */
const ENDS: { readonly [code: string]: readonly string[] } = {
  22: ['bold', 'dim'], 39: ['red', 'green', 'yellow', 'cyan'], 0: Object.values(STYLES),
};

/** Returns the lines that a terminal shows after a program has printed the text: moving lines have their last state. */
export function terminalLines(printed: string): Span[][] {
  const lines = printed.replaceAll('\r\n', '\n').split('\n');
  let styles: string[] = [];
  return lines.map((line) => {
    const shown = line.split('\r').at(-1)!.replaceAll('\u001b[K', '');
    const spans: Span[] = [];
    // Every second part is the code of a style.
    shown.split(/\u001b\[([\d;]*)m/).forEach((part, index) => {
      if (index % 2 === 0) {
        if (part) spans.push({ text: part, styles });
        return;
      }
      for (const code of part.split(';')) {
        styles = styles.filter((style) => !ENDS[code]?.includes(style));
        if (STYLES[code]) styles = [...styles, STYLES[code]];
      }
    });
    return spans;
  });
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Returns a page that shows the lines as a terminal. */
export function terminalPage(command: string, lines: readonly Span[][]): string {
  const html = lines.map((spans) => spans.map(({ text, styles }) =>
    `<span class="${styles.join(' ')}">${escaped(text)}</span>`).join('')).join('\n');
  return `<!doctype html>
<meta charset="utf-8">
<style>
  :root { color-scheme: light dark; --background: #ffffff; --bar: #eceef2; --text: #1d2330; --dim: #667085;
    --green: #127a3b; --cyan: #0b6b8a; --red: #b42318; --yellow: #8a6100; --border: #d5d9e0; }
  @media (prefers-color-scheme: dark) {
    :root { --background: #11141b; --bar: #1b202b; --text: #e4e7ee; --dim: #8a93a6;
      --green: #4ade80; --cyan: #56c8e8; --red: #f87171; --yellow: #facc15; --border: #2b3240; }
  }
  body { margin: 0; background: transparent; }
  main { width: max-content; min-width: 640px; overflow: hidden;
    background: var(--background); border: 1px solid var(--border); border-radius: 10px; }
  header { display: flex; gap: 7px; padding: 11px 14px; background: var(--bar); }
  header i { width: 11px; height: 11px; border-radius: 50%; background: var(--border); }
  pre { margin: 0; padding: 14px 18px 18px; color: var(--text);
    font: 14px/1.2 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
  .bold { font-weight: 700 } .dim { color: var(--dim) } .green { color: var(--green) } .cyan { color: var(--cyan) }
  .red { color: var(--red) } .yellow { color: var(--yellow) }
</style>
<main><header><i></i><i></i><i></i></header><pre><span class="dim">$</span> ${escaped(command)}
${html}</pre></main>`;
}
