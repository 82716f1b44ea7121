import { isOnlyEmoji, textParts } from './text-parts';

/** The text of a message, with its links and mentions. */
export function MessageText({ content, myName }: { content: string; myName: string }) {
  return (
    <p className={isOnlyEmoji(content) ? 'content emoji' : 'content'} dir="auto">
      {textParts(content, myName).map(({ type, text }, index) => {
        if (type === 'text') return text;
        if (type !== 'link') return <span key={index} className={type}>{text}</span>;
        return <a key={index} href={text} target="_blank" rel="noopener noreferrer nofollow ugc">{text}</a>;
      })}
    </p>
  );
}
