/** The files of the page of the console. */
export interface ConsolePage {
  readonly html: string;
  readonly style: string;
  readonly script: string;
  /** The paths of the sources of the script. */
  readonly inputs: readonly string[];
}

/** Returns the page. */
export function consolePage(): ConsolePage;
