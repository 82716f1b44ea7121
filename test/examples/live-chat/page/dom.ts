/** The window of jsdom, with stubs for the parts that jsdom does not have. It has no layout. */
import type * as jsdomModule from 'jsdom';

/** `test/jsdom-environment.cjs` provides it. */
declare const jsdom: typeof jsdomModule;

/** The errors that listeners throw, and actions that jsdom does not support, such as the submission of a form. */
export const problems: Error[] = [];
const virtualConsole = new jsdom.VirtualConsole().on('jsdomError', (error) => problems.push(error));
const options = { url: 'http://page.test', pretendToBeVisual: true, virtualConsole };
export const { window } = new jsdom.JSDOM('<!doctype html>', options);

Object.assign(window, { AnimationEvent: window.Event }); // Without this class, React expects the event of old browsers.
Object.defineProperties(window.HTMLElement.prototype, { offsetWidth: { value: 200 }, offsetHeight: { value: 100 } });
Object.assign(window.HTMLDialogElement.prototype, {
  showModal(this: Element) {
    this.toggleAttribute('modal', true);
  },
  close(this: Element) {
    this.toggleAttribute('modal', false);
    fire(this, 'close', {}, false);
  },
});

/** Sends an event to an element or to the window. Returns whether its default action is not prevented. */
export function fire(target: EventTarget, type: string, properties: object = {}, bubbles = true): boolean {
  return target.dispatchEvent(Object.assign(new window.Event(type, { bubbles, cancelable: true }), properties));
}

/** Enters a text or chooses an option. It uses the setter of the class, because React replaces the one of the field. */
export function enterText(field: Element, text: string): void {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')!.set!.call(field, text);
  fire(field, field.localName === 'select' ? 'change' : 'input');
}

/** Gives an element sizes, and a place. */
export function setLayout(element: Element, values: object): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(element, name, { value, configurable: true });
  }
}

/** Returns one line for each element, with its attributes, its state and its text. */
export function outlineOf(node: Node): string {
  if (!(node instanceof window.Element)) return JSON.stringify(node.nodeValue);
  const element = node as HTMLInputElement | HTMLOptionElement;
  const { style, ...attributes } = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
  const isField = element.matches('input, textarea');
  const state = {
    ...attributes,
    ...style && { style: style.replace(/;$/, '') },
    ...isField && element.value !== (attributes.value ?? '') && { value: element.value },
    ...('checked' in element ? element.checked : element.selected) && { chosen: '' },
    ...window.document.activeElement === element && { focus: '' },
  };
  const shown = Object.entries(state).map(([name, value]) => (value ? ` ${name}="${value}"` : ` ${name}`));
  const lines = [`<${element.localName}${shown.join('')}>`, ...[...element.childNodes].map(outlineOf)];
  return element.children.length === 0 ? lines.join(' ') : lines.join('\n').replaceAll('\n', '\n  ');
}
