import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface TerminalOptions {
  /** Whether to print the details of the steps, such as the output of the CDK CLI. */
  readonly verbose: boolean;
}

/** Reports what a step is doing: a detail, such as a line of the CDK CLI, or a short summary of the progress. */
export interface StepProgress {
  detail(line: string): void;
  summary(text: string): void;
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/** Prints one line for each step. In a terminal, the line of the current step moves. */
export class Terminal {
  constructor(private readonly output: WriteStream, private readonly options: TerminalOptions) {}

  print(text = ''): void {
    this.output.write(`${text}\n`);
  }

  style(style: Style, text: string): string {
    return this.output.hasColors?.() ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Runs a step. If it fails, its details are printed. */
  async step<Result>(name: string, work: (progress: StepProgress) => Promise<Result>): Promise<Result> {
    const start = Date.now();
    const details: string[] = [];
    let summary = '';
    const seconds = () => this.style('dim', `${((Date.now() - start) / 1000).toFixed(1)} s`);
    const line = (sign: string) => `${sign} ${name}${summary && this.style('dim', ` (${summary})`)}  ${seconds()}`;
    const spinner = this.spin((frame) => line(this.style('cyan', frame)));
    try {
      const result = await work({
        detail: (text) => {
          details.push(text);
          if (this.options.verbose) this.print(`  ${text}`);
        },
        summary: (text) => {
          summary = text;
        },
      });
      spinner.stop();
      this.print(line(this.style('green', '✔')));
      return result;
    } catch (error) {
      spinner.stop();
      this.print(line(this.style('red', '✘')));
      if (!this.options.verbose) details.forEach((text) => this.print(`  ${text}`));
      throw error;
    }
  }

  /** Prints lines in a box. */
  box(lines: readonly string[]): void {
    const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
    const edge = (text: string) => this.style('dim', text);
    this.print(edge(`╭${'─'.repeat(width + 4)}╮`));
    for (const line of lines) {
      const blanks = ' '.repeat(width - stripVTControlCharacters(line).length);
      this.print(`${edge('│')}  ${line}${blanks}  ${edge('│')}`);
    }
    this.print(edge(`╰${'─'.repeat(width + 4)}╯`));
  }

  /** Draws a moving line until it is stopped. It draws nothing if the output is no terminal or has details. */
  private spin(line: (frame: string) => string): { stop(): void } {
    if (!this.output.isTTY || this.options.verbose) return { stop() {} };
    let tick = 0;
    const draw = () => this.output.write(`\r\x1b[K${line(FRAMES[tick++ % FRAMES.length]!)}`);
    draw();
    const timer = setInterval(draw, 80);
    return {
      stop: () => {
        clearInterval(timer);
        this.output.write('\r\x1b[K');
      },
    };
  }
}
