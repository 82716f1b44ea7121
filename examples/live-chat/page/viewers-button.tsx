import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon';
import { useRoom } from './room-context';

/** Brings in viewers that the server of this page plays. They stay while the request is open, so not after the page. */
export function ViewersButton() {
  const { showToast } = useRoom();
  const request = useRef<AbortController>(undefined);
  const [areHere, setHere] = useState(false);
  useEffect(() => () => request.current?.abort(), []);

  async function bringIn() {
    const controller = request.current = new AbortController();
    setHere(true);
    try {
      const response = await fetch('viewers', { method: 'POST', signal: controller.signal });
      const text = await response.text(); // The response ends with the server.
      showToast({ text: `The viewers have left. ${text}` });
    } catch {
      if (!controller.signal.aborted) showToast({ text: 'The viewers have left.' });
    }
    setHere(false);
  }

  return (
    <button type="button" onClick={() => (areHere ? request.current?.abort() : void bringIn())}>
      <Icon name="people" />{areHere ? 'Send the viewers away' : 'Bring in 20 viewers'}
    </button>
  );
}
