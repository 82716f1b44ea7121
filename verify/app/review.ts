/** A message review handler that appends the id it was given. Some contents ask for another behavior. */
export async function handler({ Content, MessageId }: { Content: string; MessageId: string }): Promise<object> {
  if (Content === 'deny') return { ReviewResult: 'DENY', Content: 5, Attributes: 'not a map' };
  if (Content === 'slow') await new Promise((resolve) => setTimeout(resolve, 60));
  return { ReviewResult: 'ALLOW', Content: `${Content} ${MessageId}` };
}
