/** A small document for React: elements, events and focus, but no layout. */
const HTML = 'http://www.w3.org/1999/xhtml';

type Listener = (event: FakeEvent) => void;
interface FakeEvent {
  readonly type: string;
  readonly target: Target;
  currentTarget: Target;
  defaultPrevented: boolean;
  preventDefault(): void;
  stopPropagation(): void;
}

class Target {
  parentNode: Node | null = null;
  private readonly listeners: { type: string; listener: Listener; isCapture: boolean }[] = [];

  addEventListener(type: string, listener: Listener, options?: boolean | { capture?: boolean }): void {
    const isCapture = typeof options === 'object' ? options.capture === true : options === true;
    this.listeners.push({ type, listener, isCapture });
  }

  removeEventListener(type: string, listener: Listener): void {
    const index = this.listeners.findIndex((other) => other.type === type && other.listener === listener);
    if (index >= 0) this.listeners.splice(index, 1);
  }

  /** Sends an event from the window to this target and back. Returns whether its default action is not prevented. */
  fire(type: string, properties: object = {}, bubbles = true): boolean {
    let isStopped = false;
    const event: FakeEvent & { [name: string]: unknown } = {
      type,
      target: this,
      currentTarget: this,
      bubbles,
      timeStamp: 0,
      defaultPrevented: false,
      preventDefault() {
        event.defaultPrevented = true;
      },
      stopPropagation() {
        isStopped = true;
      },
      ...properties,
    };
    const path: Target[] = [this];
    for (let node = this.parentNode; node; node = node.parentNode) path.push(node);
    path.push(windowTarget);
    const phase = (targets: Target[], wanted: boolean) => targets.forEach((target) => {
      event.currentTarget = target;
      for (const { type: own, listener, isCapture } of [...target.listeners]) {
        if (own === type && isCapture === wanted && !isStopped) listener(event);
      }
    });
    phase([...path].reverse(), true);
    phase(bubbles ? path : [this], false);
    return !event.defaultPrevented;
  }

  listenerCount(): number {
    return this.listeners.length;
  }
}

class Node extends Target {
  readonly childNodes: Node[] = [];
  nodeValue: string | null = null;

  constructor(readonly nodeType: number, readonly nodeName: string) {
    super();
  }

  get ownerDocument() {
    return fakeDocument;
  }

  get firstChild(): Node | null {
    return this.childNodes[0] ?? null;
  }

  get lastChild(): Node | null {
    return this.childNodes.at(-1) ?? null;
  }

  get textContent(): string {
    return this.nodeValue ?? this.childNodes.map((child) => child.textContent).join('');
  }

  set textContent(text: string) {
    for (const child of [...this.childNodes]) this.removeChild(child);
    if (text) this.appendChild(newText(text));
  }

  appendChild(child: Node): Node {
    return this.insertBefore(child, null);
  }

  insertBefore(child: Node, before: Node | null): Node {
    child.parentNode?.removeChild(child);
    this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, child);
    child.parentNode = this;
    return child;
  }

  removeChild(child: Node): Node {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentNode = null;
    if (child.contains(fakeDocument.activeElement)) fakeDocument.activeElement = fakeDocument.body;
    return child;
  }

  contains(other: Target | null): boolean {
    for (let node: Target | null = other; node; node = node.parentNode) if (node === this) return true;
    return false;
  }

  querySelectorAll(selectors: string): FakeElement[] {
    return this.childNodes.flatMap((child) => {
      if (!(child instanceof FakeElement)) return [];
      return [...child.matches(selectors) ? [child] : [], ...child.querySelectorAll(selectors)];
    });
  }

  /** Returns one line for each element, with its attributes, its state and its text. */
  outline(): string {
    return JSON.stringify(this.nodeValue);
  }
}

/** An element. Its size and its place are those that the test sets. */
export class FakeElement extends Node {
  readonly attributes = new Map<string, string>();
  readonly dataset: { [name: string]: string } = {};
  readonly style: { [name: string]: unknown } = Object.create({
    setProperty(this: { [name: string]: unknown }, name: string, value: string) {
      this[name] = value;
    },
  });
  rectangle = { left: 0, right: 0, bottom: 0 };
  scrollTop = 0;
  scrollHeight = 0;
  clientHeight = 0;
  offsetWidth = 200;
  offsetHeight = 100;
  selectionStart = 0;
  selectionEnd = 0;
  checked = false;
  defaultChecked = false;
  selected = false;
  isModal = false;
  isSelected = false;
  private text?: string;

  constructor(readonly localName: string, readonly namespaceURI: string) {
    super(1, namespaceURI === HTML ? localName.toUpperCase() : localName);
  }

  get tagName(): string {
    return this.nodeName;
  }

  get type(): string {
    return this.getAttribute('type') ?? (this.localName === 'button' ? 'submit' : 'text');
  }

  set type(type: string) {
    this.setAttribute('type', type);
  }

  get name(): string {
    return this.getAttribute('name') ?? '';
  }

  set name(name: string) {
    this.setAttribute('name', name);
  }

  get value(): string {
    if (this.localName === 'select') return this.options.find(({ selected }) => selected)?.value ?? '';
    return this.text ?? this.getAttribute('value') ?? '';
  }

  set value(value: string) {
    if (this.localName === 'select') for (const option of this.options) option.selected = option.value === value;
    else this.text = value;
  }

  get options(): FakeElement[] {
    return this.querySelectorAll('option');
  }

  get previousElementSibling(): FakeElement | null {
    return this.sibling(-1);
  }

  get nextElementSibling(): FakeElement | null {
    return this.sibling(1);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(this.namespaceURI === HTML ? name.toLowerCase() : name, `${value}`);
    if (name.startsWith('data-')) this.dataset[name.slice(5)] = `${value}`;
  }

  removeAttribute(name: string): void {
    this.attributes.delete(this.namespaceURI === HTML ? name.toLowerCase() : name);
  }

  /** Whether the element matches one of these selectors, which consist of a tag, classes and attributes. */
  matches(selectors: string): boolean {
    return selectors.split(', ').some((selector) =>
      [...selector.matchAll(/\[([\w-]+)="(.*?)"\]|\.([\w-]+)|[\w-]+/g)].every(([tag, name, value, style]) => {
        if (style) return this.getAttribute('class')?.split(' ').includes(style);
        if (name) return (name === 'value' ? this.value : this.getAttribute(name)) === value;
        return this.localName === tag;
      }));
  }

  closest(selectors: string): FakeElement | null {
    if (this.matches(selectors)) return this;
    return this.parentNode instanceof FakeElement ? this.parentNode.closest(selectors) : null;
  }

  querySelector(selectors: string): FakeElement | null {
    return this.querySelectorAll(selectors)[0] ?? null;
  }

  getBoundingClientRect() {
    return this.rectangle;
  }

  focus(): void {
    if (fakeDocument.activeElement === this || this.attributes.has('disabled')) return;
    fakeDocument.activeElement = this;
    this.fire('focusin');
  }

  select(): void {
    this.isSelected = true;
  }

  showModal(): void {
    this.isModal = true;
  }

  close(): void {
    this.isModal = false;
    this.fire('close', {}, false);
  }

  /** Empties the fields of a form. */
  reset(): void {
    for (const field of this.querySelectorAll('input, textarea')) field.text = '';
  }

  /** Clicks as a user does. The button of a form submits it, and a disabled button does nothing. */
  click(): void {
    if (this.attributes.has('disabled')) return;
    if (this.type === 'radio') this.checked = true;
    if (!this.fire('click') || this.nodeName !== 'BUTTON' || this.type !== 'submit') return;
    if (this.closest('form')?.fire('submit')) fakeDocument.submissionCount++;
  }

  /** Enters a text into a field, or chooses an option. */
  enter(text: string): void {
    if (this.localName === 'select') this.value = text;
    else this.text = text; // React observes the setter of the value.
    this.fire(this.localName === 'select' ? 'change' : 'input');
  }

  override outline(): string {
    const style = Object.entries(this.style).map(([name, value]) => `${name}: ${value}`).join('; ');
    const state = {
      ...Object.fromEntries(this.attributes),
      ...style && { style },
      ...this.text !== undefined && { value: this.text },
      ...(this.checked || this.selected) && { chosen: '' },
      ...this.isModal && { modal: '' },
      ...fakeDocument.activeElement === this && { focus: '' },
    };
    const attributes = Object.entries(state).map(([name, value]) => (value ? ` ${name}="${value}"` : ` ${name}`));
    const start = `<${this.localName}${attributes.join('')}>`;
    const isText = this.childNodes.every((child) => !(child instanceof FakeElement));
    const children = this.childNodes.map((child) => child.outline());
    return isText ? [start, ...children].join(' ') : [start, ...children].join('\n').replaceAll('\n', '\n  ');
  }

  private sibling(offset: number): FakeElement | null {
    const elements = this.parentNode?.childNodes.filter((node) => node instanceof FakeElement) ?? [];
    return (elements[elements.indexOf(this) + offset] as FakeElement | undefined) ?? null;
  }
}

function newText(text: string): Node {
  const node = new Node(3, '#text');
  node.nodeValue = text;
  return node;
}

class Document extends Node {
  readonly documentElement: FakeElement;
  readonly body: FakeElement;
  readonly defaultView = globalThis;
  activeElement: FakeElement | null = null;
  hidden = false;
  /** The number of forms that the browser itself has submitted, which leaves the page. */
  submissionCount = 0;
  visibilityState = 'visible';
  /** React looks whether the browser has this event. */
  oninput = null;

  constructor() {
    super(9, '#document');
    this.documentElement = new FakeElement('html', HTML);
    this.body = new FakeElement('body', HTML);
  }

  createElement(name: string): FakeElement {
    return new FakeElement(name, HTML);
  }

  createElementNS(namespace: string, name: string): FakeElement {
    return new FakeElement(name, namespace);
  }

  createTextNode(text: string): Node {
    return newText(text);
  }
}

/** The listeners of the window, such as those for `pagehide`. */
export const windowTarget = new Target();
export const fakeDocument: Document = new Document();
fakeDocument.appendChild(fakeDocument.documentElement).appendChild(fakeDocument.body);
