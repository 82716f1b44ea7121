import type { CSSProperties } from 'react';
import { hueOf, initialsOf } from './people';

/** Returns the style with the color of a user. The style sheet makes it readable in both themes. */
export const colorOf = (userId: string) => ({ '--hue': hueOf(userId) }) as CSSProperties;

/** The initials of a user on the color of the user. */
export function Avatar({ userId, name }: { userId: string; name: string }) {
  return <span className="avatar" style={colorOf(userId)} aria-hidden="true">{initialsOf(name)}</span>;
}
