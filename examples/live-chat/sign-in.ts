/**
 * A user who signs in on this machine. In a product, the user pool has the users, and its sign-in page signs them in.
 */
export interface SignIn {
  readonly userId: string;
  readonly name: string;
  readonly role: 'viewer' | 'moderator' | 'host';
}
