/** A short text after an action. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
}

const VISIBLE_MILLISECONDS = 6000;
let toasts: readonly Toast[] = [];
let lastId = 0;
let onChange: (toasts: readonly Toast[]) => void = () => {};

/** Calls the listener with the visible toasts after each change. */
export function watchToasts(listener: typeof onChange): void {
  onChange = listener;
}

export function showToast(text: string, isError = false): void {
  const toast = { id: ++lastId, text, isError };
  set([...toasts, toast].slice(-3));
  setTimeout(() => set(toasts.filter((other) => other !== toast)), VISIBLE_MILLISECONDS);
}

export const showError = (error: unknown) => showToast((error as Error).message, true);

function set(changed: readonly Toast[]): void {
  toasts = changed;
  onChange(toasts);
}
