/** Some of the categories of the chat API, in words. `GET /get-policy` returns all of them. */
export const CATEGORIES: { readonly [category: string]: string } = {
  SPAM: 'Spam',
  HARASSMENT: 'Harassment',
  HATE: 'Hate',
  VIOLENCE: 'Violence',
  SELF_HARM: 'Self-harm',
  SEXUAL_CONTENT: 'Sexual content',
  CHILD_SAFETY: 'Child safety',
  PRIVACY: 'Private data',
  OTHER: 'Something else',
};
