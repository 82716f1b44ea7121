import type { ChatMessage } from 'cdk-ivs-chat/session';
import { useState } from 'react';
import { Dialog } from './dialog';
import { nameOf } from './message';
import { CATEGORIES } from './report-categories';
import { useRoom } from './room-context';

/** Reports a message to the moderators. */
export function ReportDialog({ message, onClose }: { message: ChatMessage; onClose(): void }) {
  const { act } = useRoom();
  const [category, setCategory] = useState('SPAM');
  const [comment, setComment] = useState('');
  const { id: messageId, content, sender: { userId } } = message;
  const name = nameOf(message);

  const report = () => act({
    operation: 'report-message',
    input: { messageId, userId, content, category, ...comment.trim() && { comment } },
    done: `You reported ${name}. A moderator decides.`,
  });

  return (
    <Dialog title={`Report ${name}`} action="Report" onAction={report} onClose={onClose}>
      <blockquote dir="auto">{content}</blockquote>
      <label htmlFor="category">What is wrong?</label>
      <select id="category" value={category} onChange={({ target }) => setCategory(target.value)}>
        {Object.entries(CATEGORIES).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
      <label htmlFor="comment">Comment (optional)</label>
      <textarea
        id="comment" rows={2} maxLength={1000} value={comment} onChange={({ target }) => setComment(target.value)}
      />
    </Dialog>
  );
}
