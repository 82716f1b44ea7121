import { colorOf, initialsOf } from './people';

/** The initials of a user on the color of the user. */
export function Avatar({ userId, name }: { userId: string; name: string }) {
  return <span className="avatar" style={{ background: colorOf(userId) }} aria-hidden="true">{initialsOf(name)}</span>;
}
