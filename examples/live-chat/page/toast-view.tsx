import { useEffect } from 'react';
import { useRoom, type Toast } from './room-context';

const SHOWN_MILLISECONDS = 8_000;

/** Tells the user the result of an action, and the call of the chat API that was made. */
export function ToastView({ toast, onClose }: { toast: Toast | undefined; onClose(): void }) {
  const { act } = useRoom();
  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(onClose, SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="toast-place" role="status">
      {toast && (
        <div className="toast">
          <span>{toast.text}</span>
          {toast.call && <code>{toast.call}</code>}
          {toast.undo && <button type="button" onClick={() => void act(toast.undo!)}>Undo</button>}
        </div>
      )}
    </div>
  );
}
