import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
import { Icon } from './icon';

interface DialogProps {
  readonly title: string;
  /** The label of the button that confirms. @default - the dialog has no such button */
  readonly action?: string;
  /** Confirms the dialog. The dialog stays open if the result is false. */
  readonly onAction?: () => Promise<boolean>;
  onClose(): void;
  readonly children: ReactNode;
}

/** A modal dialog. Its component renders it only while it is open. */
export function Dialog({ title, action, onAction, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current!.showModal(), []);

  async function submitted(submit: FormEvent) {
    submit.preventDefault();
    if (await onAction?.()) dialog.current!.close();
  }

  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={submitted}>
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon" aria-label="Close" onClick={() => dialog.current!.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
        {action && <button className="primary">{action}</button>}
      </form>
    </dialog>
  );
}
