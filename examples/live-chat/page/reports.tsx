import { useChat } from 'cdk-ivs-chat/react';
import { useEffect, useMemo, useState } from 'react';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { peopleIn } from './people';
import { CATEGORIES } from './report-categories';
import { useRoom } from './room-context';

/** A report, as the chat API lists it. */
interface Report {
  readonly reportId: string;
  readonly category: string;
  readonly userId: string;
  readonly messageId?: string;
  readonly content?: string;
  readonly comment?: string;
  readonly creationTime: string;
}

const REFRESH_MILLISECONDS = 10_000;

/** The open reports, for moderators. Each decision has an effect and a statement of reasons. */
export function Reports() {
  const { api, act } = useRoom();
  const { messages } = useChat();
  const people = useMemo(() => peopleIn(messages), [messages]);
  const [reports, setReports] = useState<readonly Report[]>([]);
  const [isOpen, setOpen] = useState(false);

  /** The chat API has no events for reports, so the page asks for them. */
  async function refresh() {
    try {
      setReports((await api.call('list-reports')).reports);
    } catch {} // The next refresh can succeed.
  }
  useEffect(() => {
    void refresh();
    const timer = setInterval(refresh, REFRESH_MILLISECONDS);
    return () => clearInterval(timer);
  }, [api, isOpen]);

  async function resolve({ reportId, category }: Report, decision: string, facts: string, done: string) {
    const ground = `The rules of this chat: ${CATEGORIES[category] ?? category}`;
    await act({ operation: 'resolve-report', input: { reportId, decision, facts, ground }, done });
    await refresh();
  }

  async function remove(report: Report) {
    const { messageId } = report;
    if (!await act({ operation: 'delete-message', input: { messageId }, done: 'You deleted the message.' })) return;
    await resolve(report, 'MESSAGE_DELETED', 'The message was deleted.', 'You deleted the message.');
  }

  async function ban(report: Report) {
    const { userId } = report;
    if (!await act({ operation: 'ban-user', input: { userId }, done: 'You banned the user.' })) return;
    await resolve(report, 'USER_BANNED', 'The user was banned.', 'You banned the user.');
  }

  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        <Icon name="flag" />Reports{reports.length > 0 && <span className="count">{reports.length}</span>}
      </button>
      {isOpen && (
        <Dialog title="Reports" onClose={() => setOpen(false)}>
          {reports.length === 0 && <p>No open reports.</p>}
          <ul className="reports">
            {reports.map((report) => (
              <li key={report.reportId}>
                <p className="hint">
                  <strong>{CATEGORIES[report.category] ?? report.category}</strong>
                  {' · '}{people.get(report.userId) ?? `user ${report.userId}`}
                  {' · '}{new Date(report.creationTime).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
                </p>
                {report.content && <blockquote dir="auto">{report.content}</blockquote>}
                {report.comment && <p>Comment: <bdi>{report.comment}</bdi></p>}
                <div className="row">
                  {report.messageId && (
                    <button type="button" className="danger" onClick={() => void remove(report)}>
                      Delete the message
                    </button>
                  )}
                  <button type="button" className="danger" onClick={() => void ban(report)}>Ban the user</button>
                  <button
                    type="button"
                    onClick={() => void resolve(report, 'NO_ACTION', 'No rule was broken.', 'You resolved the report.')}
                  >
                    No action
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
