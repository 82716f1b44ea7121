/** A part of a message: text, a link, or a mention of a user. */
export interface TextPart {
  readonly type: 'text' | 'link' | 'mention' | 'mention-of-me';
  readonly text: string;
}

const EMOJI = String.raw`(?:\p{RI}{2}|\p{Extended_Pictographic}(?:\p{EMod}|\uFE0F|\u200D\p{Extended_Pictographic})*)`;
const ONLY_EMOJI = new RegExp(`^(?:${EMOJI}\\s*){1,3}$`, 'u');

/** Returns whether a message consists of one to three emoji. */
export const isOnlyEmoji = (content: string) => ONLY_EMOJI.test(content.trim());

/**
 * Divides a message into text, links and mentions. Only `http:` and `https:` URLs become links.
 *
 * @param myName The name of the reader. It can contain blanks.
 */
export function textParts(content: string, myName: string): TextPart[] {
  const me = myName.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(
    String.raw`(?<link>https?://[^\s<>"]*[^\s<>".,:;!?'()\]])`
    + String.raw`|(?<=^|\s)(?<me>@${me})(?![\p{L}\p{N}_-])|(?<=^|\s)(?<mention>@[\p{L}\p{N}][\p{L}\p{N}_-]*)`,
    'giu',
  );
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of content.matchAll(pattern)) {
    const { link, me: mentionOfMe } = match.groups!;
    if (match.index > end) parts.push({ type: 'text', text: content.slice(end, match.index) });
    if (link) parts.push({ type: 'link', text: link });
    else parts.push({ type: mentionOfMe ? 'mention-of-me' : 'mention', text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < content.length) parts.push({ type: 'text', text: content.slice(end) });
  return parts;
}
