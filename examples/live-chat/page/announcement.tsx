import { useChatEvent } from 'cdk-ivs-chat/react';
import { useState } from 'react';
import { Icon } from './icon';

/** The last announcement of the host, which is an event `announcement`. */
export function Announcement() {
  const [text, setText] = useState('');
  useChatEvent('event', ({ name, attributes }) => {
    if (name === 'announcement') setText(attributes.text ?? '');
  });
  return (
    <div role="status">
      {text && (
        <div className="card announcement">
          <Icon name="announce" />
          <p dir="auto">{text}</p>
          <button type="button" className="icon" aria-label="Close the announcement" onClick={() => setText('')}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
